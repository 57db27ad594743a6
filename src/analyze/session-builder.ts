/** Puts a session together from records in the order in which they were written. */
import type { Said, Session, SessionCall, SessionTurn } from "./session.ts";

/** A turn as far as it is known. */
export interface TurnDraft {
  said: Said[];
  text: string;
  thinking: string;
  calls: SessionCall[];
  inputTokens?: number | undefined;
  cachedInputTokens?: number | undefined;
  outputTokens?: number | undefined;
  startedAt?: number | undefined;
  endedAt?: number | undefined;
}

/** What came of a call. */
export interface CallResult {
  readonly result: string | undefined;
  readonly images?: number | undefined;
  readonly isError: boolean;
  readonly endedAt?: number | undefined;
}

/** A session in the making. A result may come before its call, as it does where records overlap. */
export class SessionBuilder {
  readonly #turns: TurnDraft[] = [];
  readonly #results = new Map<string, CallResult>();
  #said: Said[] = [];
  #lastAt: number | undefined;

  /** The last turn. */
  get current(): TurnDraft | undefined {
    return this.#turns.at(-1);
  }

  /** Whether anything was said to the model since its last turn. */
  get isSpokenTo(): boolean {
    return this.#said.length > 0;
  }

  /** Something was said to the model. */
  say(by: Said["by"], text: string, at?: number): void {
    if (text.trim() !== "") this.#said.push({ by, text });
    this.#lastAt = at ?? this.#lastAt;
  }

  /** The model begins a turn. */
  open(): TurnDraft {
    const turn: TurnDraft = { said: this.#said, text: "", thinking: "", calls: [], startedAt: this.#lastAt };
    this.#said = [];
    this.#turns.push(turn);
    return turn;
  }

  /** A call got its result. */
  answer(id: string, result: CallResult): void {
    this.#results.set(id, result);
    this.#lastAt = result.endedAt ?? this.#lastAt;
  }

  /** The session: undefined if the model said nothing in it. */
  finish(name: string, source: string): Session | undefined {
    const turns = this.#turns.map(({ calls, thinking, ...turn }): SessionTurn => ({
      ...turn,
      ...(thinking !== "" && { thinking }),
      calls: calls.map((call) => ({ ...call, ...this.#resultOf(call) })),
    }));
    return turns.length === 0 ? undefined : { name, source, turns };
  }

  #resultOf({ id }: SessionCall): Partial<SessionCall> {
    const found = this.#results.get(id);
    return found === undefined ? {} : { ...found, images: found.images ?? 0 };
  }
}

/** A call of which only its beginning is known. */
export function openCall(call: Pick<SessionCall, "id" | "name" | "input" | "startedAt">): SessionCall {
  return { ...call, result: undefined, images: 0, isError: false };
}

/** A time of a record, in milliseconds: undefined if it is none. */
export function timeOf(value: unknown): number | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/**
 * Histories as lists of messages, whichever provider's: bare, in a request, several of either, a message or a request per
 * line, and requests with their responses. What is the provider's own, a reader hands in.
 */
import { isObject } from "../../core/is-object.ts";
import type { PlainMessage } from "../../wire/plain-history.ts";
import type { Content } from "../content.ts";
import type { SessionReader } from "../reader.ts";
import type { Session, SessionTurn } from "../session.ts";
import { joinGrowing } from "./growing.ts";
import { plainTurns } from "./plain-turns.ts";

/** Tokens of one response. */
export type TurnUsage = Pick<SessionTurn, "inputTokens" | "cachedInputTokens" | "outputTokens">;

/** What a reader knows of its provider's histories. */
export interface MessageFormat<Message> {
  readonly format: string;
  readonly describes: string;
  /** Under which name a request holds its history. */
  readonly key: "messages" | "input" | "contents";
  /** Whether a list is a history of this provider: all of it is looked at. */
  isHistory(list: readonly unknown[]): boolean;
  /** What a request says to the model outside of its history. */
  systemOf(request: Readonly<Record<string, unknown>>): string;
  /** What a response adds to the history, and its tokens: undefined if it is no response of this provider. */
  responseOf(
    response: Readonly<Record<string, unknown>>,
  ): { readonly messages: readonly Message[]; readonly usage: TurnUsage } | undefined;
  toPlain(messages: readonly Message[]): readonly PlainMessage[];
}

/** A history, with what was found around it. */
interface Found {
  readonly list: readonly unknown[];
  readonly around: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>> | undefined;
}

/** A reader for the histories of a provider. */
export function messageListReader<Message>(shape: MessageFormat<Message>): SessionReader {
  const { format, describes } = shape;
  return {
    format,
    describes,
    read: (content) => {
      const found = joinById(shape, historiesIn(shape, content));
      // A request alone may hold a prompt and nothing that tells whose it is: the whole file does.
      const all = found.flatMap((one) => [...one.list, ...(answerOf(shape, one)?.messages ?? [])]);
      if (!shape.isHistory(all)) return undefined;
      return joinGrowing(found.map((one) => turnsOf(shape, one))).map((turns, i, all): Session => ({
        name: all.length === 1 ? content.name : `${content.name} #${i + 1}`,
        source: format,
        turns,
      }));
    },
  };
}

function historiesIn<Message>(shape: MessageFormat<Message>, { values, isLines }: Content): Found[] {
  const [only] = values;
  const list = !isLines && Array.isArray(only) ? (only as readonly unknown[]) : values;
  const each = list.map((value) => historyIn(shape, value));
  if (each.length > 0 && each.every((one) => one !== undefined)) return each;
  // Neither requests nor lists: then they are the messages themselves.
  return list.length > 0 && list.every(isObject) ? [{ list, around: {} }] : [];
}

function historyIn<Message>({ key }: MessageFormat<Message>, value: unknown): Found | undefined {
  if (Array.isArray(value)) return { list: value as readonly unknown[], around: {} };
  if (!isObject(value)) return undefined;
  for (const holder of [value, value["request"], value["body"], value["kwargs"]]) {
    if (!isObject(holder)) continue;
    const body = isObject(holder["body"]) ? holder["body"] : holder;
    const held = body[key];
    const list = typeof held === "string" && key === "input" ? [{ role: "user", content: held }] : held;
    if (!Array.isArray(list)) continue;
    const response = [value["response"], value["output"], value["completion"]].find(isObject);
    const inner = response !== undefined && isObject(response["body"]) ? response["body"] : response;
    return { list: list as readonly unknown[], around: body, response: inner };
  }
  return undefined;
}

/** A request that goes on from a response by its id repeats nothing of what was before it: that is put in front. */
function joinById<Message>(shape: MessageFormat<Message>, found: readonly Found[]): Found[] {
  const byId = new Map<unknown, Found>();
  return found.map((one) => {
    const before = byId.get(one.around["previous_response_id"] ?? null);
    const said = before === undefined ? [] : [...before.list, ...(answerOf(shape, before)?.messages ?? [])];
    const whole = said.length === 0 ? one : { ...one, list: [...said, ...one.list] };
    const id = one.response?.["id"];
    if (typeof id === "string") byId.set(id, whole);
    return whole;
  });
}

function answerOf<Message>(shape: MessageFormat<Message>, { response }: Found) {
  return response === undefined ? undefined : shape.responseOf(response);
}

function turnsOf<Message>(shape: MessageFormat<Message>, found: Found): SessionTurn[] {
  const { list, around } = found;
  const system = shape.systemOf(around);
  const answer = answerOf(shape, found);
  const messages = [...(list as readonly Message[]), ...(answer?.messages ?? [])];
  const plain = shape.toPlain(messages);
  const turns = plainTurns(system === "" ? plain : [{ by: "system", text: system }, ...plain]);
  const last = turns.at(-1);
  return last === undefined || answer === undefined
    ? turns
    : [...turns.slice(0, -1), { ...last, ...answer.usage }];
}

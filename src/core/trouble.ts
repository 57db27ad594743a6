/**
 * What a thrown error says about the back-end behind a tool.
 *
 * It owns the walk through an error: its causes, and the errors that it gathers. What a status or a code means is in
 * `known-troubles.ts`, how long to wait in `retry-after.ts`. Errors are known by their shape: clients are many, and come in copies.
 *
 * 1. Nothing that is thrown makes it throw, or walk for ever (G1).
 * 2. It says no more than the error does (G7): `nothingHappened` is about the request that failed, and about that one only.
 * 3. Of a chain, the link nearest to the tool is believed; a code for a connection that broke only if its cause is silent.
 */
import {
  brokenConnection,
  rpcTrouble,
  statusTrouble,
  timeout,
  unreached,
  type KnownTrouble,
} from "./known-troubles.ts";
import { readAdvice, saneMs } from "./retry-after.ts";
import { fieldOf } from "./thrown.ts";

/** What an error says about the back-end; all false if it says nothing. */
export interface Trouble {
  /** The same call, made again, might succeed. */
  readonly retryable: boolean;
  /** The request was not carried out. */
  readonly nothingHappened: boolean;
  /** The back-end is at its limit: a sign for whoever adapts to it. */
  readonly overloaded: boolean;
  /** The back-end failed, or was not there: a sign for whoever spares one that is down. */
  readonly outage: boolean;
  /** How long the back-end asks to be left alone. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Reads an error. `nowEpochMs` is the wall clock's time, for a `Retry-After` that is a date; the `Date` of the same response
 * is believed before it. Never throws.
 */
export function readTrouble(thrown: unknown, nowEpochMs?: number): Trouble {
  try {
    return new TroubleReader(nowEpochMs).read(thrown) ?? SILENT;
  } catch {
    return SILENT;
  }
}

const SILENT: Trouble = {
  retryable: false,
  nothingHappened: false,
  overloaded: false,
  outage: false,
  retryAfterMs: undefined,
};

/** Enough for any honest error; what lies beyond counts as silent. */
const MAX_LINKS = 64;

class TroubleReader {
  readonly #nowEpochMs: number | undefined;
  #linksLeft = MAX_LINKS;

  constructor(nowEpochMs: number | undefined) {
    this.#nowEpochMs = nowEpochMs;
  }

  /** `undefined`: neither this error nor what lies behind it says anything. */
  read(thrown: unknown): Trouble | undefined {
    if (thrown === undefined || thrown === null || this.#linksLeft-- <= 0) return undefined;
    const stated = statedTrouble(thrown);
    if (stated !== undefined) return { ...SILENT, ...this.read(fieldOf(thrown, "cause")), ...stated };
    const found =
      this.#ofResponse(thrown) ??
      this.#ofMembers(thrown) ??
      known(unreached(thrown) ?? rpcTrouble(thrown)) ??
      this.read(fieldOf(thrown, "cause")) ??
      known(brokenConnection(thrown) ?? timeout(thrown));
    return found?.nothingHappened === true && wasRepeated(thrown)
      ? { ...found, nothingHappened: false }
      : found;
  }

  #ofResponse(thrown: unknown): Trouble | undefined {
    const response = fieldOf(thrown, "response");
    const status = httpStatus(thrown) ?? httpStatus(response);
    if (status === undefined) return undefined;
    const headers = [fieldOf(response, "headers"), fieldOf(thrown, "headers")];
    const { retryAfterMs, shouldRetry } = readAdvice(headers, this.#nowEpochMs);
    const trouble = { ...SILENT, ...statusTrouble(status), retryAfterMs };
    return { ...trouble, retryable: shouldRetry ?? (trouble.retryable || retryAfterMs !== undefined) };
  }

  /** Errors that one error gathers, as a host's addresses that were tried one after another: what all of them say. */
  #ofMembers(thrown: unknown): Trouble | undefined {
    const errors = fieldOf(thrown, "errors");
    if (!Array.isArray(errors)) return undefined;
    const members: (Trouble | undefined)[] = [];
    for (let i = 0; i < errors.length && this.#linksLeft > 0; i++) members.push(this.read(errors[i]));
    if (members.length < errors.length) members.push(undefined);
    const speaking = members.filter((member) => member !== undefined);
    if (speaking.length === 0) return undefined;
    const waits = speaking.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    return {
      retryable: members.every((member) => member?.retryable === true),
      nothingHappened: members.every((member) => member?.nothingHappened === true),
      overloaded: speaking.some(({ overloaded }) => overloaded),
      outage: speaking.some(({ outage }) => outage),
      retryAfterMs: waits.length === 0 ? undefined : Math.max(...waits),
    };
  }
}

function known(trouble: KnownTrouble | undefined): Trouble | undefined {
  return trouble && { ...SILENT, ...trouble };
}

/** What a tool has put into its `toolError`; by name and fields, as its class may come from another copy or realm. */
function statedTrouble(thrown: unknown): Partial<Trouble> | undefined {
  if (fieldOf(thrown, "name") !== "ToolError") return undefined;
  const retryAfterMs = saneMs(fieldOf(thrown, "retryAfterMs"));
  const retryable = fieldOf(thrown, "retryable") ?? (retryAfterMs === undefined ? undefined : true);
  const nothingHappened = fieldOf(thrown, "nothingHappened");
  return {
    ...(typeof retryable === "boolean" && { retryable }),
    ...(typeof nothingHappened === "boolean" && { nothingHappened }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The status of a response that is an error; an exit code of a process is no status. */
function httpStatus(thrown: unknown): number | undefined {
  return [fieldOf(thrown, "status"), fieldOf(thrown, "statusCode")].find(
    (status): status is number =>
      typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599,
  );
}

/** Where clients that repeat requests by themselves count that, and what stands there if they did not. */
const REPETITIONS: readonly { readonly path: readonly string[]; readonly none: number }[] = [
  { path: ["request", "retryCount"], none: 0 }, // got
  { path: ["config", "axios-retry", "retryCount"], none: 0 },
  { path: ["config", "retryConfig", "currentRetryAttempt"], none: 0 }, // gaxios
  { path: ["data", "count"], none: 1 }, // undici
];

/** Whether the request was sent before: an error says how its last sending failed, and nothing of those before. */
function wasRepeated(thrown: unknown): boolean {
  return REPETITIONS.some(({ path, none }) => {
    const count = path.reduce(fieldOf, thrown);
    return typeof count === "number" && count > none;
  });
}

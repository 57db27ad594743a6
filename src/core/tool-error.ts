/** What a tool throws to say more of a failure than its text: whether and when to try again, and whether anything happened. */
import { knownKeys, show } from "./options.ts";
import { saneMs } from "./retry-after.ts";

/** What a tool knows of its failure. What it does not say is read from `cause`. */
export interface ToolErrorOptions {
  /** What the model reads. */
  readonly message: string;
  /**
   * Whether the same call, made again, might succeed. The model is told so only of a call that cannot have taken effect: of
   * one that writes, say `nothingHappened` too.
   *
   * @default what `cause` says; true if `retryAfterMs` is given
   */
  readonly retryable?: boolean | undefined;
  /** How many milliseconds to wait before that; a number that is no time to wait is ignored. */
  readonly retryAfterMs?: number | undefined;
  /**
   * Whether it is certain that the call changed nothing. Say `false` where a tool has written before the request that failed:
   * the error of a request knows only of itself.
   *
   * @default what `cause` says
   */
  readonly nothingHappened?: boolean | undefined;
  /** What lies behind it: an error of a client, or what one would say, as in `{ status: 429 }`. */
  readonly cause?: unknown;
}

/** Made by `toolError`. Known again by its name and fields, so that one of another copy of Tutti counts as well. */
export class ToolError extends Error {
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  readonly nothingHappened: boolean | undefined;

  constructor(options: ToolErrorOptions) {
    const { message, retryable, retryAfterMs, nothingHappened } = options;
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.name = "ToolError";
    this.retryable = retryable;
    this.retryAfterMs = saneMs(retryAfterMs);
    this.nothingHappened = nothingHappened;
  }
}

/** An error for a tool to throw. Throws a `TypeError` for an option that it does not know or that is of the wrong kind. */
export function toolError(options: ToolErrorOptions): ToolError {
  knownKeys("toolError", options, ["message", "retryable", "retryAfterMs", "nothingHappened", "cause"]);
  const { message, retryAfterMs } = options;
  if (typeof message !== "string") throw new TypeError(`\`message\` must be a string, got ${show(message)}`);
  if (retryAfterMs !== undefined && typeof retryAfterMs !== "number") {
    throw new TypeError(`\`retryAfterMs\` must be a number of milliseconds, got ${show(retryAfterMs)}`);
  }
  for (const name of ["retryable", "nothingHappened"] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== "boolean") {
      throw new TypeError(`\`${name}\` must be true or false, got ${show(value)}`);
    }
  }
  return new ToolError(options);
}

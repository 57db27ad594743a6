/**
 * What stands for content, wherever content can be: in errors, waits, and what was thrown.
 *
 * An error's message stays where Tutti wrote it; elsewhere it may hold what a tool, a validator or a person said, and is content. Of what
 * was thrown, the name stays. A pool's name is content if a tool computed it, and stays if the executor's options have it.
 */
import type { WaitFor } from "../core/event.ts";
import type { CallError } from "../core/outcome.ts";
import { EVERYTHING } from "../core/resource.ts";
import { toText } from "../results/text.ts";
import type { ContentPlace, Redact } from "./content.ts";
import { isOwnError, isOwnReason, type KnownNames } from "./own-words.ts";
import type { ThrownFacts, TracedExecutor, TracedWait } from "./trace.ts";

/** What is known of an executor, as far as it matters here. */
export interface KnownExecutor {
  readonly pools: TracedExecutor["pools"];
  readonly tools: readonly { readonly name: string }[];
}

/** Replaces content by what a `Redact` makes of it. */
export class Redactor {
  readonly #redact: Redact;
  readonly #pools: ReadonlySet<string>;
  readonly #tools: Set<string>;
  readonly #known: KnownNames;

  /** Pools and tools are those that the executor was created with. */
  constructor(redact: Redact, executor: KnownExecutor | undefined) {
    this.#redact = redact;
    this.#tools = new Set(executor?.tools.map(({ name }) => name));
    this.#known = { isPool: (name) => this.#isKnown(name), isTool: (name) => this.#tools.has(name) };
    this.#pools = new Set(
      (executor?.pools ?? []).map(({ name }) => name).filter((name) => !name.endsWith("*")),
    );
  }

  /** Takes note of a name that a call has: it stays, whether there is such a tool or not. */
  noteTool(name: string): void {
    this.#tools.add(name);
  }

  /** Any content. */
  content(value: unknown, where: ContentPlace): unknown {
    return value === undefined ? undefined : this.#redact(value, where);
  }

  /** Content that is a text, and stays one. */
  text(value: string, where: ContentPlace): string {
    const replaced = this.#redact(value, where);
    return typeof replaced === "string" ? replaced : toText(replaced);
  }

  error(error: CallError, where: ContentPlace): CallError {
    const isOwn = isOwnError(error, this.#known);
    return {
      ...error,
      message: isOwn ? error.message : this.text(error.message, where),
      cause: this.cause(error.cause, where),
    };
  }

  /** What was thrown, and by whom; `message` is Tutti's own if it was Tutti that stopped something. */
  thrown({ message, by }: ThrownFacts): string {
    return by !== undefined && isOwnReason(message, this.#known)
      ? message
      : this.text(message, { what: "error" });
  }

  cause(cause: unknown, where: ContentPlace): unknown {
    if (cause === undefined) return undefined;
    try {
      if (cause instanceof Error)
        return { name: String(cause.name), message: this.#redact(cause.message, where) };
    } catch {
      // What was thrown may be anything.
    }
    return this.#redact(cause, where);
  }

  wait<Wait extends WaitFor | TracedWait>(wait: Wait, of: Pick<ContentPlace, "call" | "tool">): Wait {
    if (wait.for === "slot" || wait.for === "rate") return { ...wait, pool: this.pool(wait.pool, of) };
    // The lock on everything has no path.
    if (wait.for !== "lock" || wait.resource === EVERYTHING) return wait;
    return { ...wait, resource: this.text(wait.resource, { what: "resource", ...of }) };
  }

  pool(name: string, of: Pick<ContentPlace, "call" | "tool">): string {
    return this.#isKnown(name) ? name : this.text(name, { what: "resource", ...of });
  }

  #isKnown(pool: string): boolean {
    return pool === "executor" || pool.startsWith("tool:") || this.#pools.has(pool);
  }
}

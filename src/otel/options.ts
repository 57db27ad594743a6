/** The options that live spans and those of a trace file share. */
import { nonEmptyString } from "../core/options.ts";
import { createRedact, type Redact, type TraceContent } from "../trace/content.ts";
import { Redactor, type KnownExecutor } from "../trace/redactor.ts";
import type { SpanOptions } from "./span-facts.ts";

/** What may be said of spans. */
export interface SpanChoices {
  /** What the agent is called: `gen_ai.agent.name`. */
  readonly agent?: string | undefined;
  /**
   * Who answers: `gen_ai.provider.name`, for servers that speak another's protocol.
   *
   * @default who the protocol is named after
   */
  readonly provider?: string | undefined;
  /**
   * What becomes of what tools are given and return, of error messages that are not Tutti's own and of resources. With `"none"`
   * inputs and outputs are left out; see `TraceContent`.
   *
   * @default "none"
   */
  readonly content?: TraceContent | undefined;
}

/** The names of these options. */
export const SPAN_KEYS = ["agent", "provider", "content"] as const;

/**
 * The options with their defaults; `executor` is the one that is traced, as far as it is known.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveSpanOptions(
  { agent, provider, content = "none" }: SpanChoices,
  executor: KnownExecutor | undefined,
): SpanOptions {
  const redact = createRedact(content);
  return {
    agent: agent === undefined ? undefined : nonEmptyString("agent", agent),
    provider: provider === undefined ? undefined : nonEmptyString("provider", provider),
    redactor: redact && new Redactor(content === "none" ? leaveOut(redact) : redact, executor),
  };
}

/** An attribute that only says that there is none would take room in every span. */
function leaveOut(redact: Redact): Redact {
  return (value, where) =>
    where.what === "input" || where.what === "output" ? undefined : redact(value, where);
}

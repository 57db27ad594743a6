/**
 * What is known of providers and their models, as data: whether they call tools in parallel, how they are told not to, and
 * what to beware of. Each row says where that is from, and when it was looked up.
 *
 * A model that no row is about gets what is safe anywhere: nothing is sent that only some servers take, and nothing is
 * relied on. Which fields a server of Chat Completions takes otherwise is in its own table, beside its wire.
 */

/** Where a fact is from. */
export interface Source {
  readonly url: string;
  /** The day on which it was looked up: `2026-11-26`. */
  readonly date: string;
}

/** What a model and the server behind which it runs can do. */
export interface Capabilities {
  /** Whether the model asks for several tools in one turn. `"varies"`: it depends on how the server was set up. */
  readonly parallelCalls: "yes" | "no" | "varies" | "unknown";
  /** The field of the request that allows only one call per turn. Undefined where there is none, or where it is refused. */
  readonly parallelSwitch: "disable_parallel_tool_use" | "parallel_tool_calls" | undefined;
  /** What goes when the request does not say: where it is one call at a time, several have to be asked for. */
  readonly parallelDefault: "auto" | "one-at-a-time";
  /** Whether the switch is heeded: `"no"` where several calls were seen to arrive all the same. */
  readonly switchHeeded: "yes" | "no" | "unknown";
  /** Whether `strict` schemas hold: `"single-calls"` where they do not for several calls in one turn. */
  readonly strict: "yes" | "no" | "single-calls" | "unknown";
  /** What to beware of, a sentence each. */
  readonly quirks: readonly string[];
  /** Where all that is from. */
  readonly sources: readonly Source[];
}

/** A row of the table: what it says of the models of a provider whose names match. */
export interface CapabilityRow extends Partial<Omit<Capabilities, "sources">> {
  /** The provider's name: `anthropic`, `gemini`, or that of a server of Chat Completions or Responses. */
  readonly provider: string;
  /** The models that it is about. @default all of the provider's */
  readonly models?: RegExp;
  readonly sources: readonly Source[];
}

const UNKNOWN: Capabilities = {
  parallelCalls: "unknown",
  parallelSwitch: undefined,
  parallelDefault: "auto",
  switchHeeded: "unknown",
  strict: "unknown",
  quirks: [],
  sources: [],
};

/** The table. Of the rows that match a model, a later one has its say over an earlier one; quirks and sources add up. */
export const CAPABILITIES: readonly CapabilityRow[] = [
  {
    provider: "anthropic",
    parallelCalls: "yes",
    parallelSwitch: "disable_parallel_tool_use",
    switchHeeded: "yes",
    strict: "yes",
    sources: [
      {
        url: "https://platform.claude.com/docs/en/agents-and-tools/tool-use/parallel-tool-use",
        date: "2026-11-26",
      },
    ],
  },
  {
    provider: "openai",
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "yes",
    strict: "yes",
    sources: [{ url: "https://developers.openai.com/api/docs/guides/function-calling", date: "2026-11-26" }],
  },
  {
    provider: "gemini",
    parallelCalls: "yes",
    sources: [{ url: "https://ai.google.dev/gemini-api/docs/function-calling", date: "2026-11-26" }],
  },
];

/** What is known of a provider's model. */
export function capabilitiesOf(provider: string, model: string): Capabilities {
  let known = UNKNOWN;
  for (const { provider: of, models, sources, quirks = [], ...row } of CAPABILITIES) {
    if (of !== provider || models?.test(model) === false) continue;
    known = {
      ...known,
      ...row,
      quirks: [...known.quirks, ...quirks],
      sources: [...known.sources, ...sources],
    };
  }
  return known;
}

/**
 * How providers' models call tools, as data: whether they make several calls in a turn, which field of a request allows only
 * one, whether it is heeded, and what to beware of.
 *
 * 1. A row states what one source says, and when that was looked up. What is not known is not stated.
 * 2. Of the rows about a model, a later one has its say over an earlier one.
 * 3. How a server of Chat Completions wants its messages and other fields written is not here but in its own row, in
 *    `openai-chat/servers.ts`: that does not depend on the model.
 */

/** What is known of a model behind a provider's server. */
export interface Capabilities {
  /**
   * Whether the model asks for several tools in one turn. `"seldom"`: it can, and hardly does so unasked. `"varies"`: it
   * depends on the model or on how the server was set up.
   */
  readonly parallelCalls: "yes" | "seldom" | "no" | "varies" | "unknown";
  /** The field of the request that allows only one call per turn. Undefined where none is known, or where it is refused. */
  readonly parallelSwitch: "disable_parallel_tool_use" | "parallel_tool_calls" | undefined;
  /** What goes when the request does not say: where that is one call at a time, several have to be asked for. */
  readonly parallelDefault: "auto" | "one-at-a-time";
  /** Whether the switch is heeded: `"no"` where several calls came all the same. */
  readonly switchHeeded: "yes" | "no" | "unknown";
  /** Whether `strict` schemas hold: `"single-calls"` where they do not for several calls in one turn. */
  readonly strict: "yes" | "no" | "single-calls" | "unknown";
  /** What to beware of, a sentence each. */
  readonly quirks: readonly string[];
  /** Where all that is from. */
  readonly sources: readonly CapabilitySource[];
}

/** Where a fact is from. */
export interface CapabilitySource {
  readonly url: string;
  /** The day on which it was looked up: `2026-11-26`. */
  readonly date: string;
}

/** A row of the table. */
export interface CapabilityRow extends Partial<Omit<Capabilities, "quirks" | "sources">> {
  /** The providers that it is about: `anthropic`, `gemini`, or the names of servers of Chat Completions. */
  readonly providers: readonly string[];
  /** The models that it is about. @default all of the providers' */
  readonly models?: RegExp;
  readonly quirk?: string;
  readonly source: CapabilitySource;
}

/** The day on which the rows were last looked up; a row that is newer has a day of its own. */
const date = "2026-11-26";

const FUNCTION_CALLING = "https://developers.openai.com/api/docs/guides/function-calling";
const AZURE_REASONING = "https://learn.microsoft.com/en-us/azure/ai-services/openai/how-to/reasoning";
const CLAUDE_TOOLS = "https://platform.claude.com/docs/en/agents-and-tools/tool-use";
/** o1, o3-mini, openai/o4-mini-2025-04-16, or a deployment called my-o3; not gpt-4o. */
const O_SERIES = /(^|[^a-z\d])o\d(?![a-z\d])/i;

/** The table. */
export const CAPABILITIES: readonly CapabilityRow[] = [
  {
    providers: ["anthropic"],
    parallelCalls: "yes",
    parallelSwitch: "disable_parallel_tool_use",
    switchHeeded: "yes",
    source: { url: `${CLAUDE_TOOLS}/parallel-tool-use`, date },
  },
  {
    providers: ["anthropic"],
    quirk:
      "The switch is part of `tool_choice`, and a change of that empties the prompt cache of the messages.",
    source: { url: `${CLAUDE_TOOLS}/troubleshooting-tool-use`, date },
  },
  {
    providers: ["anthropic"],
    quirk: "Neither the switch nor `strict` goes together with programmatic tool calling.",
    source: { url: `${CLAUDE_TOOLS}/programmatic-tool-calling`, date },
  },
  {
    // claude-sonnet-4-5, claude-opus-5; not claude-opus-4-20250514.
    providers: ["anthropic"],
    models: /claude-[a-z]+-(4-[5-9]|[5-9])(?!\d)/,
    strict: "yes",
    source: {
      url: "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/partner-models/claude/structured-outputs",
      date,
    },
  },
  {
    providers: ["anthropic"],
    models: /claude-3-7/,
    parallelCalls: "seldom",
    quirk: "A tool whose input is a list of calls has it make several at once.",
    source: { url: "https://github.com/anthropics/claude-cookbooks/pull/139", date },
  },
  {
    providers: ["anthropic"],
    models: /claude-(fable|mythos)-5-1/,
    quirk: "A `tool_choice` of `any` or `tool` is refused with status 400: only `auto` and `none` are taken.",
    source: { url: "https://platform.claude.com/docs/models/fable-5/migration-guide", date },
  },
  {
    // As Bedrock names them: "tool_choice: extraneous key [disable_parallel_tool_use] is not permitted".
    providers: ["anthropic"],
    models: /anthropic\.claude-3/,
    parallelSwitch: undefined,
    source: { url: "https://github.com/anthropics/anthropic-sdk-python/issues/739", date },
  },
  {
    providers: ["openai"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "yes",
    strict: "yes",
    source: { url: FUNCTION_CALLING, date },
  },
  {
    providers: ["azure"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    source: {
      url: "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/function-calling",
      date,
    },
  },
  {
    providers: ["openrouter"],
    parallelCalls: "varies",
    parallelSwitch: "parallel_tool_calls",
    source: { url: "https://github.com/OpenRouterTeam/python-sdk/issues/52", date },
  },
  // "the exact same specification as the OpenAI Chat Completions API"; the switch is not mentioned.
  {
    providers: ["vercel"],
    parallelCalls: "varies",
    source: { url: "https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions", date },
  },
  {
    providers: ["openai", "azure"],
    models: O_SERIES,
    parallelCalls: "no",
    source: { url: AZURE_REASONING, date },
  },
  {
    // "Unsupported parameter: 'parallel_tool_calls' is not supported with this model."
    providers: ["openai", "azure", "openrouter"],
    models: O_SERIES,
    parallelSwitch: undefined,
    source: { url: "https://github.com/run-llama/llama_index/issues/20865", date },
  },
  {
    providers: ["openai"],
    models: /^gpt-4(-0613|-32k.*)?$/,
    parallelCalls: "no",
    source: { url: "https://docs.litellm.ai/docs/completion/function_call", date },
  },
  {
    providers: ["openai"],
    models: /^gpt-4\.1-nano/,
    quirk: "It may make the same call twice in a turn; one call at a time is recommended.",
    source: { url: FUNCTION_CALLING, date },
  },
  {
    providers: ["openai"],
    models: /^gpt-[5-9]/,
    quirk: "Calls of built-in tools never come together with others.",
    source: { url: FUNCTION_CALLING, date },
  },
  {
    providers: ["openai", "azure"],
    models: /gpt-5(?!\.)/,
    quirk: 'With `reasoning_effort: "minimal"` it makes one call per turn.',
    source: { url: AZURE_REASONING, date },
  },
  { providers: ["openai"], models: /^ft:/, strict: "single-calls", source: { url: FUNCTION_CALLING, date } },
  {
    providers: ["gemini"],
    parallelCalls: "yes",
    source: { url: "https://ai.google.dev/gemini-api/docs/function-calling", date },
  },
  {
    providers: ["gemini"],
    quirk:
      "No field of a request allows only one call per turn, and a prompt that asks for it is not always followed.",
    source: { url: "https://github.com/googleapis/python-genai/issues/1831", date },
  },
  {
    providers: ["gemini"],
    quirk: 'Its OpenAI endpoint refuses the switch: "Parallel tool calls are not supported."',
    source: { url: "https://github.com/TheAgenticAI/TheAgenticBrowser/issues/4", date },
  },
  {
    providers: ["gemini"],
    models: /gemini-([3-9]|\d\d)/,
    quirk:
      "The first call of a turn has a signature, and each call an id: without them the history is refused.",
    source: { url: "https://ai.google.dev/gemini-api/docs/thought-signatures", date },
  },
  {
    providers: ["mistral"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    source: {
      url: "https://github.com/mistralai/client-ts/blob/main/src/models/components/chatcompletionrequest.ts",
      date,
    },
  },
  {
    // "If set to false, the model can perform maximum one tool call."
    providers: ["xai"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    source: { url: "https://docs.x.ai/docs/api-reference#chat-completions", date },
  },
  {
    // "Some models support parallel tool use". Recorded: the switch is accepted.
    providers: ["groq"],
    parallelCalls: "varies",
    parallelSwitch: "parallel_tool_calls",
    source: { url: "https://console.groq.com/docs/tool-use/local-tool-calling", date },
  },
  {
    // "When disabled, the model will only request one tool call at a time."
    providers: ["cerebras"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "yes",
    source: { url: "https://inference-docs.cerebras.ai/api-reference/chat-completions", date },
  },
  {
    providers: ["deepseek"],
    parallelCalls: "yes",
    quirk: "No field of a request allows only one call per turn.",
    source: { url: "https://github.com/deepseek-ai/DeepSeek-V3/issues/883", date },
  },
  {
    providers: ["moonshot"],
    parallelCalls: "yes",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "no",
    quirk: "Several calls come although the switch says otherwise [unverified].",
    source: { url: "https://github.com/LiveBench/LiveBench/pull/485", date },
  },
  {
    providers: ["together"],
    parallelCalls: "varies",
    source: { url: "https://docs.together.ai/docs/inference/function-calling/parallel", date },
  },
  {
    // "Some models support parallel tool calling"; its reference of the request has no switch.
    providers: ["fireworks"],
    parallelCalls: "varies",
    source: { url: "https://docs.fireworks.ai/guides/function-calling", date },
  },
  {
    providers: ["zai"],
    parallelCalls: "yes",
    source: {
      url: "https://dev.to/synthorai/glm-52-tool-calls-in-agent-loops-what-openai-compatible-hides-4m3o",
      date,
    },
  },
  {
    providers: ["zai"],
    quirk: "A `tool_choice` other than `auto` is not taken.",
    source: { url: "https://java.agentscope.io/v2/en/integration/model/glm", date },
  },
  {
    // One of its two endpoints is said to take the switch for Claude: not relied on.
    providers: ["bedrock"],
    parallelCalls: "varies",
    source: { url: "https://github.com/stdapi-ai/stdapi.ai/issues/90", date },
  },
  {
    providers: ["bedrock"],
    models: /gemma-4/,
    parallelCalls: "no",
    source: { url: "https://github.com/aaif-goose/goose/pull/10297", date },
  },
  {
    providers: ["bedrock"],
    models: /gemma-4/,
    quirk: 'Tools are refused in Chat Completions unless `reasoning_effort` is "none".',
    source: { url: "https://github.com/BerriAI/litellm/issues/36970", date },
  },
  {
    providers: ["ollama"],
    parallelCalls: "varies",
    quirk: "It has no switch: `parallel_tool_calls` does nothing.",
    source: { url: "https://github.com/ollama/ollama/issues/9156", date },
  },
  {
    providers: ["ollama"],
    models: /gpt-oss/i,
    parallelCalls: "no",
    source: { url: "https://github.com/ollama/ollama/issues/12159", date },
  },
  {
    providers: ["vllm"],
    parallelCalls: "varies",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "yes",
    quirk:
      "The switch drops the calls behind the first, which the model made all the same; before 2025-10 it did nothing.",
    source: { url: "https://github.com/vllm-project/vllm/pull/26233", date },
  },
  {
    providers: ["vllm"],
    models: /llama-?3/i,
    parallelCalls: "no",
    source: { url: "https://github.com/vllm-project/vllm/issues/11592", date },
  },
  {
    providers: ["sglang"],
    parallelCalls: "varies",
    quirk: "It has no switch: `parallel_tool_calls` does nothing.",
    source: { url: "https://github.com/sgl-project/sglang/issues/9696", date },
  },
  {
    providers: ["llama-cpp"],
    parallelCalls: "varies",
    parallelSwitch: "parallel_tool_calls",
    parallelDefault: "one-at-a-time",
    quirk: "Since 2026-04 several calls are allowed unasked where the chat template has room for them.",
    source: { url: "https://github.com/ggml-org/llama.cpp/pull/22217", date },
  },
  {
    providers: ["llama-cpp"],
    quirk: "Where several calls were not allowed, those behind the first may stand in the text.",
    source: { url: "https://github.com/ggml-org/llama.cpp/issues/14101", date },
  },
  {
    providers: ["lm-studio"],
    parallelCalls: "varies",
    parallelSwitch: "parallel_tool_calls",
    switchHeeded: "no",
    source: { url: "https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1756", date },
  },
];

/**
 * How servers that imitate Chat Completions depart from it where that decides what they are sent, whatever the model: ids,
 * reasoning, the names of fields. One row each, with where that is from; what they may send back in return is read alike from
 * all of them. Whether the model makes several calls in a turn, and the field that forbids it, is in `capability-table.ts`,
 * under the same names.
 */
import { ANY_ID, NINE_ID, SHORT_ID } from "../wire-id.ts";

/** What a server takes. */
export interface ChatServer {
  readonly name: string;
  /** The ends of the host names under which it is reached; `*` stands for a region. Empty for what people run themselves. */
  readonly hosts: readonly string[];
  /** The ids of calls that it takes. */
  readonly ids: RegExp;
  /** The request's field for the most tokens of an answer. */
  readonly tokenLimit: "max_tokens" | "max_completion_tokens";
  /** Whether `stream_options: { include_usage: true }` is taken. Others report the usage anyway, or refuse the field. */
  readonly streamUsage: boolean;
  /** The fields of an assistant message with the model's reasoning that are sent back: the others are left out. */
  readonly reasoning: readonly string[];
}

const DEFAULTS = {
  hosts: [],
  ids: ANY_ID,
  tokenLimit: "max_tokens",
  streamUsage: true,
  reasoning: ["reasoning_content", "reasoning", "reasoning_details"],
} as const satisfies Omit<ChatServer, "name">;

const ROWS = [
  {
    ...DEFAULTS,
    name: "openai",
    hosts: ["api.openai.com"],
    ids: SHORT_ID,
    // "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    tokenLimit: "max_completion_tokens",
    reasoning: [],
  },
  {
    ...DEFAULTS,
    name: "azure",
    hosts: ["openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com"],
    // https://github.com/Portkey-AI/gateway/issues/1062
    ids: SHORT_ID,
    // "Reasoning models will only work with the `max_completion_tokens` parameter".
    // https://learn.microsoft.com/en-us/azure/ai-services/openai/how-to/reasoning
    tokenLimit: "max_completion_tokens",
    reasoning: [],
  },
  {
    ...DEFAULTS,
    name: "mistral",
    hosts: ["api.mistral.ai"],
    // "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9." https://github.com/anomalyco/opencode/issues/1680
    ids: NINE_ID,
    // "stream_options … Extra inputs are not permitted"; usage comes unasked. https://github.com/avante-corp/avante.nvim/issues/2347
    streamUsage: false,
    // The same goes for fields of a message that it does not know: https://github.com/Gage-Technologies/mistral-go/pull/2
    reasoning: [],
  },
  // Recorded: the answer that came with `reasoning_content` was accepted back without any.
  { ...DEFAULTS, name: "xai", hosts: ["api.x.ai"], reasoning: [] },
  // Recorded: nothing but content and calls goes back.
  { ...DEFAULTS, name: "groq", hosts: ["api.groq.com"], reasoning: [] },
  // "property 'reasoning_content' is unsupported". https://github.com/NousResearch/hermes-agent/issues/45655
  { ...DEFAULTS, name: "cerebras", hosts: ["api.cerebras.ai"], reasoning: [] },
  // A call that was made in thinking mode is refused without its reasoning. https://api-docs.deepseek.com/guides/thinking_mode
  { ...DEFAULTS, name: "deepseek", hosts: ["api.deepseek.com"], reasoning: ["reasoning_content"] },
  {
    ...DEFAULTS,
    name: "moonshot",
    hosts: ["api.moonshot.ai", "api.moonshot.cn", "api.kimi.com"],
    // Ids such as `functions.Bash:0` are its own and go back to it. https://github.com/maximhq/bifrost/issues/5097
    ids: ANY_ID,
    // "thinking is enabled but reasoning_content is missing in assistant tool call message".
    // https://github.com/openclaw/openclaw/issues/82161
    reasoning: ["reasoning_content"],
  },
  // Nothing but content and calls goes back. https://docs.together.ai/docs/inference/function-calling/agentic
  { ...DEFAULTS, name: "together", hosts: ["api.together.xyz", "api.together.ai"], reasoning: [] },
  // https://docs.fireworks.ai/guides/reasoning
  { ...DEFAULTS, name: "fireworks", hosts: ["api.fireworks.ai"], reasoning: ["reasoning_content"] },
  // Recorded: `reasoning_content` goes back.
  { ...DEFAULTS, name: "zai", hosts: ["api.z.ai", "open.bigmodel.cn"], reasoning: ["reasoning_content"] },
  {
    ...DEFAULTS,
    name: "openrouter",
    hosts: ["openrouter.ai"],
    // An id may meet OpenAI behind it. https://github.com/openclaw/openclaw/pull/875
    ids: SHORT_ID,
    // Recorded: they go back, signatures and encrypted parts included.
    reasoning: ["reasoning_details"],
  },
  {
    ...DEFAULTS,
    name: "vercel",
    hosts: ["ai-gateway.vercel.sh"],
    // As with OpenRouter, OpenAI may stand behind it.
    ids: SHORT_ID,
    // Recorded: they go back.
    reasoning: ["reasoning_details"],
  },
  {
    ...DEFAULTS,
    name: "bedrock",
    // https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html
    hosts: ["bedrock-runtime.*.amazonaws.com", "bedrock-mantle.*.api.aws"],
    // OpenAI's models are among those behind it, and refuse `max_tokens`. https://github.com/brainlid/langchain/pull/647
    ids: SHORT_ID,
    tokenLimit: "max_completion_tokens",
    reasoning: [],
  },
  // The signature of a call is in the call itself, as `extra_content.google.thought_signature`, and goes back with it.
  // https://ai.google.dev/gemini-api/docs/thought-signatures
  { ...DEFAULTS, name: "gemini", hosts: ["generativelanguage.googleapis.com"], reasoning: [] },
  // Recorded: `reasoning` goes back.
  { ...DEFAULTS, name: "ollama", reasoning: ["reasoning"] },
  // What these are sent is no different from what an unknown server is; in how they call tools they differ.
  { ...DEFAULTS, name: "vllm" },
  { ...DEFAULTS, name: "sglang" },
  { ...DEFAULTS, name: "llama-cpp" },
  { ...DEFAULTS, name: "lm-studio" },
] as const satisfies readonly ChatServer[];

/** The name of a server that has a row. */
export type ChatServerName = (typeof ROWS)[number]["name"];

/** The servers that are known. */
export const CHAT_SERVERS: readonly (ChatServer & { readonly name: ChatServerName })[] = ROWS;

/** A server that is not known: it is sent what the most servers take, and its own reasoning, whatever the field. */
export const UNKNOWN_SERVER: ChatServer = { ...DEFAULTS, name: "unknown" };

/** The server of a name, or the one behind a base URL; the unknown one if there is no row for it. */
export function chatServer(where: string): ChatServer {
  const host = URL.canParse(where) ? new URL(where).hostname : undefined;
  return (
    CHAT_SERVERS.find(({ name, hosts }) =>
      host === undefined ? name === where : hosts.some((pattern) => isUnder(host, pattern)),
    ) ?? UNKNOWN_SERVER
  );
}

/** Whether a host is that of the pattern, or one below it: compared label by label from the end. */
function isUnder(host: string, pattern: string): boolean {
  const labels = host.split(".").reverse();
  return pattern
    .split(".")
    .reverse()
    .every((label, i) => label === labels[i] || (label === "*" && labels[i] !== undefined));
}

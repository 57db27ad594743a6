/** A model behind OpenAI's Chat Completions API, or a server that imitates it, asked through OpenAI's official client. */
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions/completions";
import type { Parallel } from "../core/batch.ts";
import { knownKeys, nonEmptyString, oneOf, positiveInteger, show } from "../core/options.ts";
import { capabilitiesOf } from "../wire/capabilities.ts";
import type { ChatMessage } from "../wire/openai-chat/protocol.ts";
import {
  CHAT_SERVERS,
  chatServer,
  type ChatServer,
  type ChatServerName,
} from "../wire/openai-chat/servers.ts";
import { openaiChatWire } from "../wire/openai-chat/wire.ts";
import type { Model, ModelRequest } from "./model.ts";
import { streamedResponse, wholeResponse } from "./response.ts";

/** What of the client is used: that of `openai`, for OpenAI, Azure, or whatever its `baseURL` is, has it. */
export interface OpenAIChatClient {
  readonly baseURL?: string;
  readonly chat: {
    readonly completions: {
      create(
        body: ChatCompletionCreateParamsBase,
        options?: { signal?: AbortSignal },
      ): PromiseLike<ChatCompletion | AsyncIterable<ChatCompletionChunk>>;
    };
  };
}

/** What `openaiChatModel` takes beside the client. */
export interface OpenAIChatModelOptions {
  readonly model: ChatCompletionCreateParamsBase["model"];
  /**
   * The most tokens that one turn may have, reasoning included.
   *
   * @default what the server has
   */
  readonly maxTokens?: number | undefined;
  /**
   * Whether responses are streamed: then calls may start while the model still writes.
   *
   * @default true
   */
  readonly stream?: boolean | undefined;
  /**
   * The server, where its address does not tell: one that is run at home, or stands behind a gateway.
   *
   * @default the one that the client's `baseURL` belongs to
   */
  readonly server?: ChatServerName | undefined;
  /**
   * More fields of the request, passed on as they are: `temperature`, `tool_choice`, `reasoning_effort` … `tools` are listed
   * behind the executor's. A `parallel_tool_calls` of one's own stands, whatever the run's `parallel` is.
   */
  readonly params?:
    Partial<Omit<ChatCompletionCreateParamsBase, "model" | "messages" | "stream" | "n">> | undefined;
}

/**
 * A model behind the Chat Completions API.
 *
 * @throws TypeError that names the option and what came
 */
export function openaiChatModel(
  client: OpenAIChatClient,
  options: OpenAIChatModelOptions,
): Model<ChatCompletionMessageParam> {
  if (typeof client?.chat?.completions?.create !== "function") {
    throw new TypeError(`\`client\` must be a client of openai, got ${show(client)}`);
  }
  knownKeys("openaiChatModel", options, ["model", "maxTokens", "stream", "server", "params"]);
  const { params = {}, stream = true } = options;
  const model = nonEmptyString("model", options.model);
  const maxTokens =
    options.maxTokens === undefined ? undefined : positiveInteger("maxTokens", options.maxTokens);
  const server = chatServer(
    options.server === undefined ? (client.baseURL ?? "") : oneOf("server", NAMES, options.server),
  );
  const wire = openaiChatWire(server);
  const parallelFields = parallelFieldsOf(server.name, model);

  const bodyOf = ({
    messages,
    system,
    tools,
    parallel = "auto",
  }: ModelRequest<ChatCompletionMessageParam>): ChatCompletionCreateParamsBase => {
    const all = [...wire.tools(tools), ...(params.tools ?? [])];
    return {
      // Beside tools only: "'parallel_tool_calls' is only allowed when 'tools' are specified."
      ...(all.length > 0 && parallelFields[parallel]),
      ...(stream && server.streamUsage && { stream_options: { include_usage: true } }),
      ...params,
      model,
      messages: system === undefined ? [...messages] : [{ role: "system", content: system }, ...messages],
      ...(maxTokens !== undefined && { [tokenLimitOf(server, model)]: maxTokens }),
      ...(all.length > 0 && { tools: all }),
    };
  };

  return {
    wire,
    name: model,
    request: (request) => {
      const { signal } = request;
      // OpenAI's types know less than servers send, so they are read by those of the wire.
      const history = request.messages as readonly ChatMessage[];
      const { completions } = client.chat;
      if (!stream) {
        return wholeResponse(async () => {
          const completion = await completions.create({ ...bodyOf(request), stream: false }, { signal });
          return wire.read(completion as ChatCompletion, { history });
        });
      }
      return streamedResponse(wire.assemble({ history }), async () => {
        const chunks = await completions.create({ ...bodyOf(request), stream: true }, { signal });
        return chunks as AsyncIterable<ChatCompletionChunk>;
      });
    },
  };
}

const NAMES = CHAT_SERVERS.map(({ name }) => name);

/**
 * OpenAI's reasoning models want their own field wherever a gateway hands them on: "Unsupported parameter: 'max_tokens' is not
 * supported with this model. Use 'max_completion_tokens' instead."
 */
function tokenLimitOf({ name, tokenLimit }: ChatServer, model: string): ChatServer["tokenLimit"] {
  return name === "unknown" && /^(openai\/)?(o\d|gpt-5)/.test(model) ? "max_completion_tokens" : tokenLimit;
}

/** What a request says of parallel calls: nothing where the server does so unasked, or takes no such field for the model. */
function parallelFieldsOf(
  server: string,
  model: string,
): Record<Parallel, Pick<ChatCompletionCreateParamsBase, "parallel_tool_calls">> {
  const { parallelSwitch, parallelDefault } = capabilitiesOf(server, model);
  if (parallelSwitch !== "parallel_tool_calls") return { auto: {}, "one-at-a-time": {} };
  return {
    auto: parallelDefault === "auto" ? {} : { parallel_tool_calls: true },
    // Said even where it is the default: that has changed with the version of a server.
    "one-at-a-time": { parallel_tool_calls: false },
  };
}

/** A model of Anthropic's, asked through the official client that the caller passes in. */
import type {
  Message,
  MessageCreateParamsBase,
  MessageParam,
  RawMessageStreamEvent,
  ToolUnion,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { knownKeys, nonEmptyString, positiveInteger, show } from "../core/options.ts";
import { capabilitiesOf } from "../wire/capabilities.ts";
import type { AnthropicMessage } from "../wire/anthropic-messages/protocol.ts";
import { anthropicMessages } from "../wire/anthropic-messages/wire.ts";
import type { Model, ModelRequest } from "./model.ts";
import { streamedResponse, wholeResponse } from "./response.ts";

/** What of the client is used: that of `@anthropic-ai/sdk`, and those of its Bedrock and Vertex packages, have it. */
export interface AnthropicClient {
  readonly messages: {
    create(
      body: MessageCreateParamsBase,
      options?: { signal?: AbortSignal },
    ): PromiseLike<Message | AsyncIterable<RawMessageStreamEvent>>;
  };
}

/** What `anthropicModel` takes beside the client. */
export interface AnthropicModelOptions {
  readonly model: MessageCreateParamsBase["model"];
  /** The most tokens that one turn may have. */
  readonly maxTokens: number;
  /**
   * Whether responses are streamed: then calls may start while the model still writes.
   *
   * @default true
   */
  readonly stream?: boolean | undefined;
  /**
   * More fields of the request, passed on as they are: `thinking`, `tool_choice`, `metadata` … `tools` are the provider's
   * own, such as web search; they are listed behind the executor's. A `disable_parallel_tool_use` of one's own stands,
   * whatever the run's `parallel` is.
   */
  readonly params?:
    Partial<Omit<MessageCreateParamsBase, "model" | "max_tokens" | "messages" | "stream">> | undefined;
}

/**
 * A model behind Anthropic's Messages API.
 *
 * `parallel: "one-at-a-time"` is told to it in `tool_choice`. "Changing tool_choice invalidates cached message blocks", so a
 * conversation is best held with one value throughout.
 *
 * @throws TypeError that names the option and what came
 */
export function anthropicModel(client: AnthropicClient, options: AnthropicModelOptions): Model<MessageParam> {
  if (typeof client?.messages?.create !== "function") {
    throw new TypeError(`\`client\` must be a client of @anthropic-ai/sdk, got ${show(client)}`);
  }
  knownKeys("anthropicModel", options, ["model", "maxTokens", "stream", "params"]);
  const { params = {}, stream = true } = options;
  const model = nonEmptyString("model", options.model);
  const maxTokens = positiveInteger("maxTokens", options.maxTokens);

  const hasSwitch = capabilitiesOf("anthropic", model).parallelSwitch === "disable_parallel_tool_use";

  const bodyOf = ({
    messages,
    system,
    tools,
    parallel,
  }: ModelRequest<MessageParam>): MessageCreateParamsBase => {
    const all = [...anthropicMessages.tools(tools), ...(params.tools ?? [])];
    const isSwitched = parallel === "one-at-a-time" && hasSwitch && takesSwitch(all, params.tool_choice);
    return {
      ...params,
      model,
      max_tokens: maxTokens,
      messages: [...messages],
      ...(system !== undefined && { system }),
      ...(all.length > 0 && { tools: all }),
      ...(isSwitched && { tool_choice: switched(params.tool_choice) }),
    };
  };

  return {
    wire: anthropicMessages,
    name: model,
    request: (request) => {
      const { signal } = request;
      const history = request.messages as readonly AnthropicMessage[];
      if (!stream) {
        return wholeResponse(async () => {
          const message = await client.messages.create({ ...bodyOf(request), stream: false }, { signal });
          return anthropicMessages.read(message as Message, { history });
        });
      }
      return streamedResponse(anthropicMessages.assemble({ history }), async () => {
        const events = await client.messages.create({ ...bodyOf(request), stream: true }, { signal });
        return events as AsyncIterable<RawMessageStreamEvent>;
      });
    },
  };
}

type ToolChoice = MessageCreateParamsBase["tool_choice"];

/**
 * Whether a request takes the switch: only beside tools, not where there is no choice among them, and not with tools that a
 * program may call, with which it "is not supported".
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling
 */
function takesSwitch(tools: readonly ToolUnion[], choice: ToolChoice): boolean {
  const isForPrograms = (tool: ToolUnion) =>
    "allowed_callers" in tool && tool.allowed_callers?.some((caller) => caller !== "direct") === true;
  return tools.length > 0 && choice?.type !== "none" && !tools.some(isForPrograms);
}

/** The choice with the switch in it, which is no field of the request's own. */
function switched(choice: ToolChoice): NonNullable<ToolChoice> {
  return { type: "auto", disable_parallel_tool_use: true, ...choice } as NonNullable<ToolChoice>;
}

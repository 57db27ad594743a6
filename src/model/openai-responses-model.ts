/** A model behind OpenAI's Responses API, or a server that imitates it, asked through OpenAI's official client. */
import type {
  Response,
  ResponseCreateParamsBase,
  ResponseIncludable,
  ResponseInputItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { knownKeys, nonEmptyString, positiveInteger, show } from "../core/options.ts";
import { capabilitiesOf } from "../wire/capabilities.ts";
import type { ResponsesMessage } from "../wire/openai-responses/protocol.ts";
import { givesEncryptedReasoning } from "../wire/openai-responses/reasoning.ts";
import { openaiResponses } from "../wire/openai-responses/wire.ts";
import type { Model, ModelRequest, ModelResponse } from "./model.ts";
import { streamedResponse, wholeResponse } from "./response.ts";

/** What of the client is used: that of `openai`, for OpenAI, Azure, or whatever its `baseURL` is, has it. */
export interface OpenAIResponsesClient {
  readonly responses: {
    create(
      body: ResponseCreateParamsBase,
      options?: { signal?: AbortSignal },
    ): PromiseLike<Response | AsyncIterable<ResponseStreamEvent>>;
  };
}

/** What `openaiResponsesModel` takes beside the client. */
export interface OpenAIResponsesModelOptions {
  readonly model: string;
  /**
   * The most tokens that one turn may have, reasoning included.
   *
   * @default what the model has
   */
  readonly maxTokens?: number | undefined;
  /**
   * Whether responses are streamed: then calls may start while the model still writes.
   *
   * @default true
   */
  readonly stream?: boolean | undefined;
  /**
   * More fields of the request, passed on as they are: `reasoning`, `store`, `tool_choice` … `tools` are the provider's own,
   * such as web search; they are listed behind the executor's. With `store: false` a reasoning model's thoughts are asked for
   * in encrypted form, unless `include` says otherwise: without them it would think anew after each call.
   */
  readonly params?:
    | Partial<
        Omit<ResponseCreateParamsBase, "model" | "input" | "stream" | "previous_response_id" | "conversation">
      >
    | undefined;
}

/** What would have the server put a history of its own before the one that is sent. */
const SERVER_HISTORIES = ["previous_response_id", "conversation"];

/**
 * A model behind the Responses API. The whole history goes with each request, so that it can be repaired, kept anywhere and
 * taken to another provider.
 *
 * @throws TypeError that names the option and what came
 */
export function openaiResponsesModel(
  client: OpenAIResponsesClient,
  options: OpenAIResponsesModelOptions,
): Model<ResponseInputItem> {
  if (typeof client?.responses?.create !== "function") {
    throw new TypeError(`\`client\` must be a client of openai, got ${show(client)}`);
  }
  knownKeys("openaiResponsesModel", options, ["model", "maxTokens", "stream", "params"]);
  const { params = {}, stream = true } = options;
  const model = nonEmptyString("model", options.model);
  const maxTokens =
    options.maxTokens === undefined ? undefined : positiveInteger("maxTokens", options.maxTokens);
  const foreign = SERVER_HISTORIES.find((field) => field in params);
  if (foreign !== undefined) {
    throw new TypeError(
      `\`params.${foreign}\` cannot be used: the whole history is sent with each request, and would be there twice`,
    );
  }

  const bodyOf = ({
    messages,
    system,
    tools,
    parallel,
  }: ModelRequest<ResponseInputItem>): ResponseCreateParamsBase => {
    const all = [...openaiResponses.tools(tools), ...(params.tools ?? [])];
    const isEncrypted = params.store === false && givesEncryptedReasoning(model);
    return {
      ...(isEncrypted && { include: ["reasoning.encrypted_content"] satisfies ResponseIncludable[] }),
      ...(all.length > 0 && isSwitchedOff(model, parallel) && { parallel_tool_calls: false }),
      ...params,
      model,
      input: [...messages],
      ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
      ...(system !== undefined && { instructions: system }),
      ...(all.length > 0 && { tools: all }),
    };
  };

  return {
    wire: openaiResponses as Model<ResponseInputItem>["wire"],
    name: model,
    request: (request) => {
      const { signal } = request;
      const history = request.messages as readonly ResponsesMessage[];
      if (!stream) {
        return wholeResponse(async () => {
          const response = await client.responses.create({ ...bodyOf(request), stream: false }, { signal });
          return openaiResponses.read(response as Response, { history });
        }) as ModelResponse<ResponseInputItem>;
      }
      return streamedResponse(openaiResponses.assemble({ history }), async () => {
        const events = await client.responses.create({ ...bodyOf(request), stream: true }, { signal });
        return events as AsyncIterable<ResponseStreamEvent>;
      }) as ModelResponse<ResponseInputItem>;
    },
  };
}

/** Only beside tools, and not for the models that refuse it: "Unsupported parameter: 'parallel_tool_calls'". */
function isSwitchedOff(model: string, parallel: ModelRequest<ResponseInputItem>["parallel"]): boolean {
  return (
    parallel === "one-at-a-time" && capabilitiesOf("openai", model).parallelSwitch === "parallel_tool_calls"
  );
}

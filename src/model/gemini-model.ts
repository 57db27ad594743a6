/** A model of Gemini's, on Google AI or on Vertex, asked through Google's official client that the caller passes in. */
import type {
  Content,
  GenerateContentConfig,
  GenerateContentParameters,
  GenerateContentResponse,
  ToolListUnion,
} from "@google/genai";
import { knownKeys, nonEmptyString, positiveInteger, show } from "../core/options.ts";
import type { GeminiContent } from "../wire/gemini/protocol.ts";
import { historyOptions } from "../wire/gemini/history.ts";
import { geminiWire } from "../wire/gemini/wire.ts";
import type { Model, ModelRequest } from "./model.ts";
import { streamedResponse, wholeResponse } from "./response.ts";

/** What of the client is used: that of `@google/genai` has it. */
export interface GeminiClient {
  readonly models: {
    generateContent(params: GenerateContentParameters): PromiseLike<GenerateContentResponse>;
    generateContentStream(
      params: GenerateContentParameters,
    ): PromiseLike<AsyncIterable<GenerateContentResponse>>;
  };
}

/** What `geminiModel` takes beside the client. */
export interface GeminiModelOptions {
  readonly model: string;
  /**
   * The most tokens that one turn may have, thoughts included.
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
   * More fields of the request's `config`, passed on as they are: `temperature`, `thinkingConfig`, `toolConfig` … `tools` are
   * the provider's own, such as its search; they are listed behind the executor's.
   */
  readonly params?:
    Partial<Omit<GenerateContentConfig, "abortSignal" | "automaticFunctionCalling">> | undefined;
}

/**
 * A model behind Gemini's generateContent.
 *
 * No field of a request turns parallel calls off, so `parallel` is not told to it; it holds all the same, as the calls are
 * run one by one. https://ai.google.dev/gemini-api/docs/function-calling
 *
 * @throws TypeError that names the option and what came
 */
export function geminiModel(client: GeminiClient, options: GeminiModelOptions): Model<Content> {
  if (typeof client?.models?.generateContent !== "function") {
    throw new TypeError(`\`client\` must be a client of @google/genai, got ${show(client)}`);
  }
  knownKeys("geminiModel", options, ["model", "maxTokens", "stream", "params"]);
  const { params = {}, stream = true } = options;
  const model = nonEmptyString("model", options.model);
  const maxOutputTokens =
    options.maxTokens === undefined ? undefined : positiveInteger("maxTokens", options.maxTokens);
  const wire = geminiWire(historyOptions(model));

  const paramsOf = ({
    messages,
    system,
    tools,
    signal,
  }: ModelRequest<Content>): GenerateContentParameters => {
    // A schema has more keywords than the client's type.
    const all = [...(wire.tools(tools) as ToolListUnion), ...(params.tools ?? [])];
    return {
      model,
      contents: [...messages],
      config: {
        ...params,
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        ...(system !== undefined && { systemInstruction: system }),
        ...(all.length > 0 && { tools: all }),
        // The client would run tools by itself.
        automaticFunctionCalling: { disable: true },
        abortSignal: signal,
      },
    };
  };

  return {
    wire: wire as Model<Content>["wire"],
    name: model,
    request: (request) => {
      const history = request.messages as readonly GeminiContent[];
      if (!stream) {
        return wholeResponse(async () =>
          wire.read(await client.models.generateContent(paramsOf(request)), { history }),
        ) as ReturnType<Model<Content>["request"]>;
      }
      const assembler = wire.assemble({ history });
      return streamedResponse(assembler, () =>
        client.models.generateContentStream(paramsOf(request)),
      ) as ReturnType<Model<Content>["request"]>;
    },
  };
}

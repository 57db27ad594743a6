/** OpenAI's Responses API as one of the simulator's protocols. */
import { inputOf, textsOf } from "../openai/content.ts";
import { authenticate, headers } from "../openai/headers.ts";
import { fail, refuse } from "../openai/refusal.ts";
import { estimateTokens } from "../pacing.ts";
import type { MadeCall, Prompt, Protocol, Refusal } from "../protocol.ts";
import type { Wishes } from "./items.ts";
import { writeMessage } from "./message.ts";
import { judge, warn } from "./referee.ts";
import { isCall, isModels, isOutput, itemsOf, type InputItem, type ResponsesRequest } from "./request.ts";
import { frame, writeStream } from "./stream.ts";

/** `POST /v1/responses`. */
export const openaiResponsesProtocol: Protocol = {
  name: "openai-responses",
  paths: ["/v1/responses"],
  authenticate,
  judge,
  warn: (body) => warn(body as ResponsesRequest),
  read: (body) => readPrompt(body as ResponsesRequest),
  stream: writeStream,
  message: writeMessage,
  frame,
  refuse,
  fail,
  errorEvent: ({ body }: Refusal) => ({ type: "error", ...(body["error"] as object) }),
  // The provider says it in a header alone.
  identify: (_, refusal) => refusal,
  headers,
};

function readPrompt(request: ResponsesRequest): Prompt {
  const { model, instructions, stream, tools, parallel_tool_calls: parallel, include } = request;
  const items = itemsOf(request);
  const said = items.filter((item) => !isModels(item) && !isOutput(item));
  const wishes: Wishes = {
    encrypted: include?.includes("reasoning.encrypted_content") === true,
    store: request.store !== false,
    custom: new Set(
      (tools ?? []).flatMap(({ type, name }) => (type === "custom" && name !== undefined ? [name] : [])),
    ),
  };
  return {
    model,
    turn: items.filter((item, i) => isModels(item) && !isModelsAt(items, i - 1)).length,
    oneCall: parallel === false,
    instructions: [instructions ?? "", ...said.flatMap(({ content }) => textsOf(content))].join("\n"),
    tools: (tools ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])),
    made: items.filter(isCall).map(madeCall),
    thinkFirst: false,
    stream: stream === true,
    inputTokens: estimateTokens(JSON.stringify([items, tools ?? []])),
    wishes,
  };
}

function isModelsAt(items: readonly InputItem[], index: number): boolean {
  const item = items[index];
  return item !== undefined && isModels(item);
}

function madeCall(item: InputItem): MadeCall {
  const name = String(item["name"] as string);
  if (item.type === "custom_tool_call") return { name, input: { input: item["input"] } };
  return { name, input: inputOf(String(item["arguments"] as string)) };
}

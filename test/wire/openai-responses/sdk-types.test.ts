/** The wire is typed without the SDK; this holds it to the SDK's types, at compile time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  FunctionTool,
  Response,
  ResponseInputItem,
  ResponseStreamEvent,
  Tool,
} from "openai/resources/responses/responses";
import type {
  ResponsesEvent,
  ResponsesMessage,
  ResponsesResponse,
} from "../../../src/wire/openai-responses/protocol.ts";
import { openaiResponses } from "../../../src/wire/openai-responses/wire.ts";

test("the wire speaks the types of OpenAI's SDK", () => {
  const reads = (response: Response): ResponsesResponse => response;
  const assembles = (event: ResponseStreamEvent): ResponsesEvent => event;
  const writes = (message: ResponsesMessage): ResponseInputItem => message;
  const describes = (): Tool[] => openaiResponses.tools([]);
  const strict = (tool: FunctionTool) => tool.strict;
  assert.deepEqual(
    [reads, assembles, writes, describes, strict].map((value) => typeof value),
    Array(5).fill("function"),
  );
});

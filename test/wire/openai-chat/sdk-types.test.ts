/** The wire is typed without the SDK; this holds it to the SDK's types, at compile time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions/completions";
import type { ChatChunk, ChatMessage, ChatResponse } from "../../../src/wire/openai-chat/protocol.ts";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import type { Wire } from "../../../src/wire/wire.ts";

test("the wire speaks the types of OpenAI's SDK", () => {
  const wire: Wire<ChatCompletionMessageParam, ChatCompletion, ChatCompletionChunk, ChatCompletionTool> =
    openaiChat;
  assert.equal(wire.name, "openai-chat");

  const reads = (completion: ChatCompletion): ChatResponse => completion;
  const assembles = (chunk: ChatCompletionChunk): ChatChunk => chunk;
  const writes = (message: ChatMessage): ChatCompletionMessageParam => message;
  const describes = (): ChatCompletionTool[] => openaiChat.tools([]);
  assert.deepEqual([reads, assembles, writes, describes].map(typeof_), Array(4).fill("function"));
});

function typeof_(value: unknown): string {
  return typeof value;
}

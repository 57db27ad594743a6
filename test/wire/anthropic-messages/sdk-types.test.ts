/** The wire is typed without the SDK; this holds it to the SDK's types, at compile time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  Message,
  MessageParam,
  RawMessageStreamEvent,
  Tool,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type {
  AnthropicEvent,
  AnthropicMessage,
  AnthropicResponse,
} from "../../../src/wire/anthropic-messages/protocol.ts";
import type { Wire } from "../../../src/wire/wire.ts";

test("the wire speaks the types of Anthropic's SDK", () => {
  const wire: Wire<MessageParam, Message, RawMessageStreamEvent, Tool> = anthropicMessages;
  assert.equal(wire.name, "anthropic-messages");

  const reads = (message: Message): AnthropicResponse => message;
  const assembles = (event: RawMessageStreamEvent): AnthropicEvent => event;
  const writes = (message: AnthropicMessage): MessageParam => message;
  const describes = (): Tool[] => anthropicMessages.tools([]);
  assert.deepEqual([reads, assembles, writes, describes].map(typeof_), Array(4).fill("function"));
});

function typeof_(value: unknown): string {
  return typeof value;
}

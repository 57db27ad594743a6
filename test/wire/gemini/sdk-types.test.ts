/** The wire is typed without the SDK; this holds it to the SDK's types, at compile time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Content, GenerateContentResponse, Tool } from "@google/genai";
import type { GeminiContent, GeminiResponse, GeminiTool } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";

test("the wire speaks the types of Google's SDK", () => {
  const reads = (response: GenerateContentResponse): GeminiResponse => response;
  const writes = (content: GeminiContent): Content => content;
  const describes = (tool: GeminiTool): Tool => tool;
  assert.equal(gemini.name, "gemini");
  assert.deepEqual([reads, writes, describes].map(typeof_), Array(3).fill("function"));
});

function typeof_(value: unknown): string {
  return typeof value;
}

/** Every recorded request that a provider took is taken by its referee. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge, type ProtocolName } from "../../src/simulator/protocols.ts";
import { json, missingRecordings, recordings, type Recording } from "../support/recordings.ts";

type Json = Record<string, unknown>;

/**
 * What other servers than the provider itself take, or what needs a history that a server keeps. The rest of such a
 * request is judged elsewhere, by `repair`.
 */
const ELSEWHERE: readonly RegExp[] = [
  // xAI, Bedrock and others give items ids of other forms, or none.
  /Expected an ID that begins with|Missing required parameter: 'input\[\d+\]\.id'/,
  // A server that keeps the history.
  /Previous response with id/,
];

describe("recorded requests that were accepted", { skip: missingRecordings }, () => {
  for (const wire of ["openai-chat", "openai-responses", "gemini"] as const) {
    for (const recording of recordings(wire).filter(({ nextRequest }) => nextRequest !== undefined)) {
      test(`${recording.nextRequest?.file} is accepted`, () => {
        const refusal = judge(wire, filledIn(recording), { path: pathOf(wire, recording) });
        const { message = "" } = (refusal?.body["error"] ?? {}) as { readonly message?: string };
        if (ELSEWHERE.some((pattern) => pattern.test(message))) return;
        assert.equal(refusal, undefined, message);
      });
    }
  }
});

/** Recorded requests are trimmed to the conversation. */
function filledIn(recording: Recording): Json {
  const request = json(recording.nextRequest?.file ?? "") as Json;
  const { tools, ...rest } = inCamelCase(request);
  return { model: "trimmed", ...rest, ...(Array.isArray(tools) && !tools.some(isTrimmed) && { tools }) };
}

function isTrimmed(tool: unknown): boolean {
  return typeof tool === "string";
}

/** Google takes fields in either spelling. */
function inCamelCase(request: Json): Json {
  if (!("contents" in request)) return request;
  return JSON.parse(
    JSON.stringify(request)
      .replaceAll('"function_call":', '"functionCall":')
      .replaceAll('"function_response":', '"functionResponse":'),
  ) as Json;
}

function pathOf(wire: ProtocolName, recording: Recording): string {
  const { file, model = "gemini-2.5-flash" } = recording as Recording & { readonly model?: string };
  if (wire !== "gemini") return "";
  const place = file.includes("/vertex-") ? "v1beta1/publishers/google" : "v1";
  return `/${place}/models/${model}:generateContent`;
}

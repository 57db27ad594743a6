import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalOf } from "../../support/messages-request.ts";
import { json, missingRecordings, recordings } from "../../support/recordings.ts";

const skip = missingRecordings;

interface RecordedError {
  readonly id: string;
  readonly wire: string;
  readonly body: { readonly error: { readonly message: string } };
  readonly request?: Record<string, unknown>;
}

/** Recorded requests are trimmed to the conversation. */
function filledIn(request: Record<string, unknown>): Record<string, unknown> {
  const tools = request["tools"] as (string | { name: string })[] | undefined;
  return {
    max_tokens: 4096,
    ...request,
    tools: tools?.map((tool) =>
      typeof tool === "string" ? { name: tool, input_schema: { type: "object" } } : tool,
    ),
  };
}

test("every recorded request that the provider took passes the referee", { skip }, () => {
  const files = recordings("anthropic-messages").flatMap(({ nextRequest }) => nextRequest?.file ?? []);
  assert.ok(files.length > 5);
  for (const file of files) {
    assert.equal(refusalOf(filledIn(json(file) as Record<string, unknown>)), undefined, file);
  }
});

test("every recorded request that the provider refused is refused in its words", { skip }, () => {
  const { errors } = json("provider-errors.json") as { errors: RecordedError[] };
  const recorded = errors.filter(
    ({ wire, request }) => wire === "anthropic-messages" && request !== undefined,
  );
  assert.ok(recorded.length > 1);
  for (const { id, body, request } of recorded) {
    assert.equal(refusalOf(filledIn(request ?? {})), body.error.message, id);
  }
});

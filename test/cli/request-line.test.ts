import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { renderRequest } from "../../src/cli/simulate/request-line.ts";
import type { RequestRecord } from "../../src/simulator/request-log.ts";

const record: RequestRecord = {
  id: "req_1",
  method: "POST",
  path: "/v1/messages",
  body: {},
  turn: 1,
  verdict: { kind: "answered" },
  warnings: [],
  receivedMs: 1_000,
  firstByteMs: 1_400,
  endedMs: 2_500,
};

function render(more: Partial<RequestRecord>): string[] {
  return renderRequest({ ...record, ...more }, 12, pc.createColors(false));
}

test("a request is a line with its turn, what became of it, and its time", () => {
  assert.deepEqual(render({}), [" 12  turn 2  ✓ answered  1.50 s"]);
  assert.deepEqual(render({ verdict: { kind: "failed", failure: "cut" }, endedMs: 1_200 }), [
    " 12  turn 2  ✗ failed, as the scenario says (cut)  200 ms",
  ]);
});

test("a request that was refused has its route and the reason", () => {
  const refusal = { status: 400, body: { error: { message: "messages: at least one message is required" } } };
  assert.deepEqual(render({ turn: undefined, verdict: { kind: "refused", refusal } }), [
    " 12  POST /v1/messages  ✗ refused: 400 messages: at least one message is required  1.50 s",
  ]);
});

test("each warning has a line of its own", () => {
  const warnings = [{ code: "results-split", message: "the results come in two messages" }] as const;
  assert.deepEqual(render({ warnings }).slice(1), ["     ! the results come in two messages"]);
});

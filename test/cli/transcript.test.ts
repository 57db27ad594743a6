import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { runAgent } from "../../src/agent/run-agent.ts";
import { Transcript } from "../../src/cli/run/transcript.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { TuttiError } from "../../src/core/errors.ts";
import { toolError } from "../../src/core/tool-error.ts";
import { defineTool } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { virtualRun } from "../support/virtual-runs.ts";

function transcribe(events: readonly RunEvent[]): string {
  let text = "";
  const transcript = new Transcript({ colours: pc.createColors(false), write: (more) => (text += more) });
  for (const event of events) transcript.add(event);
  transcript.end();
  return text;
}

test("the model's text is followed by a line for each call as it settles, with its waits", async () => {
  assert.equal(
    transcribe(await virtualRun()),
    `Let me see.
✓ read(a) 400 ms
✓ read(b) 400 ms
✗ fail(c) 100 ms · tool-error: there is no such thing
✓ write(a) 300 ms · waited 300 ms for the model to stop
✓ write(a) 300 ms · waited 200 ms for the model to stop · waited 300 ms for lock a
Done.

`,
  );
});

test("a wait for another call names it", async () => {
  assert.match(
    transcribe(await virtualRun({ concurrency: 1 })),
    /✓ read\(b\) 400 ms · waited 300 ms for read\(a\)\n/,
  );
});

test("a call that is tried again tells each try, and its time without its waits", async () => {
  const clock = new VirtualClock();
  const events: RunEvent[] = [];
  let tries = 0;
  const get = defineTool({
    name: "get",
    description: "A tool.",
    input: { type: "object" },
    effects: "read",
    execute: async () => {
      await clock.sleep(100);
      if (++tries < 3)
        throw toolError({ message: "too many requests", nothingHappened: true, retryAfterMs: 200 });
    },
  });
  const run = runAgent({
    model: scriptedModel([{ steps: [{ name: "get", input: { id: "a" } }] }, { steps: ["Done."] }]),
    executor: createExecutor({ tools: [get], retry: true, random: () => 0, clock }),
    prompt: "Go.",
    onEvent: (event) => events.push(event),
  });
  await clock.runAll();
  await run.result;
  assert.equal(
    transcribe(events),
    `↻ get(a) too many requests · trying again in 200 ms
↻ get(a) too many requests · trying again in 200 ms
✓ get(a) 300 ms in 3 attempts · waited 400 ms to try again
Done.

`,
  );
});

test("text that arrives in pieces is not torn apart, and a line comes between pieces of different turns", () => {
  const text = (said: string): RunEvent => ({ type: "turn.text", at: 0, turn: 1, text: said });
  assert.equal(transcribe([text("Hel"), text("lo.\n"), text("You.")]), "Hello.\nYou.\n\n");
  assert.equal(transcribe([]), "");
});

test("a response that broke off is told when the model is asked again", () => {
  const error = new TuttiError("model-failed", "terminated");
  const started: RunEvent = { type: "turn.started", at: 0, turn: 1 };
  const broken: RunEvent = { type: "turn.broken", at: 0, turn: 1, error };
  const said: RunEvent = { type: "turn.text", at: 0, turn: 1, text: "I thi" };
  assert.equal(transcribe([started, said, broken]), "I thi\n\n");
  assert.equal(transcribe([started, said, broken, started]), "I thi\n✗ terminated; asking again\n\n");
});

test("what the model says cannot move the terminal's cursor", () => {
  const said: RunEvent = { type: "turn.text", at: 0, turn: 1, text: "a\u001b[2Jb\r\tc\u009b1md\n" };
  assert.equal(transcribe([said]), "a[2Jb\tc1md\n\n");
});

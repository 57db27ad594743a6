/** What a model is told of references: where it stands, that it fits what else is said, and that it is short. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NUDGES, nudgeText } from "../../src/agent/nudge.ts";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunOptions } from "../../src/agent/run-options.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ReferenceMode } from "../../src/core/reference.ts";
import { referencesPrompt } from "../../src/executor/references-prompt.ts";
import { estimateTokens } from "../../src/results/tokens.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { eventsOf, twoTools } from "../support/agents.ts";
import { WIRES } from "../support/wires.ts";

const MODES = ["exact", "template"] as const;

/** The system prompt of each request of a run, and what the run says that it added. */
async function prompts(
  mode: ReferenceMode | undefined,
  options: Partial<Pick<RunOptions<unknown>, "system" | "nudge" | "parallel">> = {},
) {
  const model = scriptedModel([{ steps: [{ name: "get", input: { id: "a" } }] }, { steps: ["Done."] }]);
  const references = mode === "exact" ? true : mode;
  const executor = createExecutor({ tools: twoTools(), references });
  const [started] = await eventsOf(runAgent({ model, executor, prompt: "Go.", ...options }));
  assert.ok(started?.type === "run.started");
  const { type: _, at: __, run: ___, ...added } = started;
  return { systems: model.requests.map(({ system }) => system), added };
}

for (const mode of MODES) {
  test(`the system prompt explains references, the same in each request (${mode})`, async () => {
    const { id, text } = referencesPrompt(mode);
    const system = `Be brief.\n\n${text}`;
    assert.deepEqual(await prompts(mode, { system: "Be brief." }), {
      systems: [system, system],
      added: { references: id },
    });
    assert.deepEqual((await prompts(mode)).systems, [text, text]);
  });

  test(`the text has a version, and is short (${mode})`, () => {
    const { id, text } = referencesPrompt(mode);
    assert.match(id, /^references\/(exact|template)\/\d+$/);
    assert.ok(estimateTokens(text) < (mode === "exact" ? 200 : 220), `${estimateTokens(text)} tokens`);
    assert.equal(text, text.trim());
  });
}

test("nothing is said of references where they are off, or where there is one call at a time", async () => {
  assert.deepEqual(await prompts(undefined), { systems: [undefined, undefined], added: {} });
  assert.deepEqual((await prompts("exact", { parallel: "one-at-a-time" })).systems, [undefined, undefined]);
  assert.throws(() => referencesPrompt(undefined), {
    message: "`referencesPrompt` has nothing to say: `references` of the executor is off",
  });
});

test("a nudge stands behind it, in words that do not contradict it", async () => {
  const references = referencesPrompt("exact");
  const nudge = nudgeText("scripted", "strong", { references: "exact" });
  const system = `${references.text}\n\n${nudge.text}`;
  assert.deepEqual(await prompts("exact", { nudge: "strong" }), {
    systems: [system, system],
    added: { nudge: nudge.id, references: references.id },
  });
  assert.equal(nudge.id, "any/strong+references/1");
});

test("a nudge that has other words beside references has another name for them, and no other has", () => {
  for (const wire of [...WIRES.map(({ name }) => name), "scripted"]) {
    for (const nudge of NUDGES) {
      const alone = nudgeText(wire, nudge);
      const beside = nudgeText(wire, nudge, { references: "template" });
      assert.equal(alone.text === beside.text, alone.id === beside.id);
      assert.doesNotMatch(beside.text, /placeholder/);
      if (nudge === "strong") assert.match(beside.text, /[Nn]ever guess a parameter/);
    }
  }
});

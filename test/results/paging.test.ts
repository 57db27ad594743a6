/** What was cut can be read back, page by page, and searched (field-note case H65). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runAgent } from "../../src/agent/run-agent.ts";
import { defineTool } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ExecutorOptions } from "../../src/executor/executor-options.ts";
import type { EncodedResult } from "../../src/core/result.ts";
import { encodeOutcome } from "../../src/results/encode.ts";
import { createResultBudget } from "../../src/results/result-budget.ts";
import { resultId } from "../../src/results/result-id.ts";
import { TokenMeter } from "../../src/results/tokens.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { notOk, ok } from "../support/outcomes.ts";
import { cutOf, longText, plainOutput, PNG, textOf } from "../support/results.ts";

// `RESULT_RUNS=20000 node --test …` looks longer.
const numRuns = Number(process.env["RESULT_RUNS"] ?? 100);

const byLength = (text: string) => text.length;

/** An executor whose tool returns what the test says, by its `n`. */
function executorOf(outputs: readonly unknown[], options: Partial<ExecutorOptions> = {}) {
  const dump = defineTool({
    name: "dump",
    description: "Dumps.",
    input: { type: "object" },
    effects: "read",
    execute: ({ n }) => outputs[Number(n)],
  });
  const executor = createExecutor({ tools: [dump], ...options });
  const run = async (...calls: readonly { readonly name: string; readonly input: object }[]) => {
    const outcomes = await executor.run(calls);
    return (await executor.results?.encode(outcomes)) as EncodedResult[];
  };
  const read = async (input: object) =>
    textOf((await run({ name: "read_result", input }))[0] as EncodedResult);
  return { executor, run, read, dump: (n: number) => run({ name: "dump", input: { n } }) };
}

const FOOTER =
  /(?:^|\n)\[characters (\d+) to (\d+) of (\d+)(?:; call again with offset (\d+) to read on|, the end)\]$/;

/** All pages from an offset on, joined. */
async function readOn(
  read: (input: object) => Promise<string>,
  input: { id: string; offset: number; limit?: number },
) {
  let text = "";
  for (let offset: number | undefined = input.offset; offset !== undefined;) {
    const page = await read({ ...input, offset });
    const footer = FOOTER.exec(page);
    assert.ok(footer !== null && Number(footer[1]) === offset, page);
    text += page.slice(0, footer.index);
    assert.equal(offset + page.slice(0, footer.index).length, Number(footer[2]));
    offset = footer[4] === undefined ? undefined : Number(footer[4]);
  }
  return text;
}

test("the whole of what was cut is read back exactly, page by page, by any counter", async () => {
  await fc.assert(
    fc.asyncProperty(
      plainOutput,
      fc.constantFrom(byLength, undefined),
      fc.record(
        { call: fc.integer({ min: 200, max: 3_000 }), limit: fc.integer({ min: 1, max: 5_000 }) },
        { requiredKeys: ["call"] },
      ),
      async (output, countTokens, { call, limit }) => {
        const whole = textOf(encodeOutcome(ok(output)));
        const { dump, read } = executorOf([output], { maxResultTokens: call, countTokens });
        const cut = cutOf((await dump(0))[0] as EncodedResult);
        if (cut === undefined) return;
        // What is shown is the beginning of it, but for the ends of JSON.
        assert.equal(cut.shown.slice(0, cut.offset), whole.slice(0, cut.offset));
        const from = whole.length > 20_000 || (limit ?? 100) < 20 ? whole.length - 200 : 0;
        const start = whole.slice(0, from).isWellFormed() ? from : from - 1;
        const pages = readOn(read, { id: cut.id, offset: start, ...(limit !== undefined && { limit }) });
        assert.equal(await pages, whole.slice(start));
      },
    ),
    { numRuns },
  );
});

test("a result in parts is cut where its one text is read on", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(longText, { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 200, max: 3_000 }),
      async (texts, maxResultTokens) => {
        const output = { content: texts.map((text) => ({ type: "text", text })) };
        const { dump, read } = executorOf([output], { maxResultTokens, countTokens: byLength });
        const [result] = await dump(0);
        const cut = cutOf(result as EncodedResult);
        if (cut === undefined) return;
        const whole = textOf(encodeOutcome(ok(output)));
        // The cut may be right behind the line end between two parts, where the note's own line end stands.
        assert.equal(`${cut.shown}\n`.slice(0, cut.offset), whole.slice(0, cut.offset));
        const offset = Math.max(cut.offset, whole.length - 500);
        if (whole.slice(0, offset).isWellFormed())
          assert.equal(await readOn(read, { id: cut.id, offset }), whole.slice(offset));
      },
    ),
    { numRuns },
  );
});

test("a page is a character at least, so that reading on comes to an end", async () => {
  const text = "👨‍👩‍👧‍👦\n\u{1F389}e\u0301x".repeat(20);
  const resultStore = { put() {}, get: () => text };
  const budget = createResultBudget({ maxResultTokens: 3, countTokens: byLength, resultStore });
  const read = async (input: object) =>
    String(await (budget.tool as unknown as { execute(input: object): unknown }).execute(input));
  assert.equal(await readOn(read, { id: "result_a", offset: 0 }), text);
  assert.equal(await readOn(read, { id: "result_a", offset: 0, limit: 1 }), text);
});

test("a result in parts is read back as one text, in which an image is a note with its own id", async () => {
  const output = ["before", PNG, "x".repeat(30_000), "behind"];
  const { dump, read, run } = executorOf([output], { maxResultTokens: 3_000 });
  const [result] = await dump(0);
  assert.deepEqual(result?.parts.map(({ type }) => type), ["text", "text", "text"]); // prettier-ignore
  const cut = cutOf(result as EncodedResult);
  const whole = await readOn(read, { id: cut?.id ?? "", offset: 0 });
  const image =
    /^before\n\(an image, image\/png, left out: it is over the budget; call read_result with id "(\w+)" to see it\)\nx+\nbehind$/;
  const [, id = ""] = image.exec(whole) ?? [];
  assert.deepEqual((await run({ name: "read_result", input: { id } }))[0]?.parts, [
    { type: "image", mediaType: "image/png", data: PNG.toString("base64") },
  ]);
});

test("an error's message is read back as it was", async () => {
  const message = "no such table\n".repeat(5_000);
  const budget = createResultBudget({ maxResultTokens: 500 });
  const [result] = await budget.encode([notOk("failed", { message })]);
  const cut = cutOf(result as EncodedResult);
  const read = async (input: object) =>
    String(await (budget.tool as unknown as { execute(input: object): unknown }).execute(input));
  assert.equal(await readOn(read, { id: cut?.id ?? "", offset: 0 }), message);
});

test("a text is found in any case, with what stands around it, some matches at a time", async () => {
  const text = Array.from(
    { length: 3_000 },
    (_, i) => `line ${i}: ${i % 100 === 7 ? "ÄRGER (a.b)" : "fine"}`,
  ).join("\n");
  const { dump, read } = executorOf([text], { maxResultTokens: 2_000 });
  const { id = "" } = cutOf((await dump(0))[0] as EncodedResult) ?? {};
  const places: number[] = [];
  let answer = "";
  for (let offset: string | undefined = "0"; offset !== undefined;) {
    answer = await read({ id, find: "ärger (A.B)", offset: Number(offset) });
    for (const [, place, around] of answer.matchAll(/^(\d+): (".*")$/gm)) {
      places.push(Number(place));
      assert.match(JSON.parse(around as string), /^[^]{0,80}ÄRGER/);
    }
    offset = /offset (\d+) for more\]$/.exec(answer)?.[1];
  }
  assert.deepEqual(places, [...text.matchAll(/ÄRGER/g)].map(({ index }) => index)); // prettier-ignore
  assert.match(answer, /\n\[10 of 10 matches from offset \d+ on\]$/);
  assert.match(await read({ id, find: "", offset: 5, limit: 8 }), /^0: fine\n\n\[characters 5 to 13 of/);
  assert.equal(await read({ id, find: "(?:absent" }), "[0 of 0 matches from offset 0 on]");
});

test("pages that a batch has no room for are shorter, say how to read on, and are not kept again", async () => {
  await fc.assert(
    fc.asyncProperty(longText, fc.integer({ min: 1_000, max: 4_000 }), async (text, batch) => {
      const whole = `-${text}`.repeat(Math.ceil(20_000 / (text.length + 1))).toWellFormed();
      const kept: string[] = [];
      const resultStore = { put: (id: string) => void kept.push(id), get: () => whole };
      const { run } = executorOf([], {
        maxResultTokens: { call: 3_000, batch },
        countTokens: byLength,
        resultStore,
      });
      const reads = [0, 1, 2].map((i) => ({ name: "read_result", input: { id: "a", offset: i * 5_000 } }));
      const finds = { name: "read_result", input: { id: "a", find: whole[0] } };
      const results = await run(...reads, finds);
      for (const [i, result] of results.slice(0, 3).entries()) {
        const page = textOf(result);
        const footer = FOOTER.exec(page);
        assert.ok(footer !== null, page);
        assert.ok(i * 5_000 - Number(footer[1]) <= 1);
        assert.equal(page.slice(0, footer.index), whole.slice(Number(footer[1]), Number(footer[2])));
      }
      assert.match(textOf(results[3] as EncodedResult), /^\[\d+ of \d+ matches|\n\[\d+ of \d+ matches/);
      assert.ok(results.reduce((sum, { parts }) => sum + new TokenMeter(byLength).parts(parts), 0) <= batch);
      assert.deepEqual(kept, []);
    }),
    { numRuns },
  );
});

test("an id that is not known, an offset behind the end and a broken store each say so", async () => {
  const { dump, read } = executorOf(["x".repeat(100_000)]);
  assert.match(
    await read({ id: "result_none" }),
    /no result is kept under the id \\"result_none\\".*make the original call again/,
  );
  const { id = "" } = cutOf((await dump(0))[0] as EncodedResult) ?? {};
  assert.equal(await read({ id, offset: 200_000 }), "[characters 100000 to 100000 of 100000, the end]");
  const resultStore = { put() {}, get: () => Promise.reject(new Error("connection lost")) };
  assert.match(
    await executorOf([], { resultStore }).read({ id }),
    /"tool-error","message":"connection lost"/,
  );
});

test("a wrapper's answer is one result, and is cut as one", async () => {
  const { run } = executorOf(["x".repeat(30_000), "y"], { maxResultTokens: 2_000 });
  const tool_uses = [0, 1].map((n) => ({ recipient_name: "functions.dump", parameters: { n } }));
  const results = await run({ name: "multi_tool_use.parallel", input: { tool_uses } });
  assert.equal(results.length, 1);
  const text = textOf(results[0] as EncodedResult);
  assert.match(text, /^\[\{"name":"dump","status":"ok","output":"x+ \[Left out\]"\}\]\n\[cut: /);
});

test("H65: four results of 50 KB in a turn of 60 KB are within it, and the model pages through the whole", async () => {
  const outputs = ["a", "b", "c", "d"].map((letter, i) => `${letter}${i}\n`.repeat(50_000 / 3));
  const id = resultId(outputs[2] as string);
  const model = scriptedModel([
    { steps: [0, 1, 2, 3].map((n) => ({ name: "dump", input: { n } })) },
    { steps: [{ name: "read_result", input: { id, offset: 14_000, limit: 50_000 } }] },
    { steps: ["Done."] },
  ]);
  const { executor } = executorOf(outputs, {
    maxResultTokens: { call: 50_000, batch: 60_000 },
    countTokens: byLength,
  });
  const { status, messages } = await runAgent({ model, executor, prompt: "Go." }).result;
  assert.equal(status, "done");
  assert.deepEqual(model.requests[0]?.tools.map(({ name }) => name), ["dump", "read_result"]); // prettier-ignore
  const [first, second] = messages.flatMap((message) => ("results" in message ? [message.results] : []));
  const texts = (first ?? []).map(textOf);
  assert.ok(texts.reduce((sum, { length }) => sum + length, 0) <= 60_000);
  for (const [i, text] of texts.entries()) {
    assert.ok(text.length > 14_500 && text.length <= 15_000);
    assert.match(
      text,
      /\n\[cut: 14,\d{3} of 49,998 characters shown; call read_result with id "\w+" and offset \d+ to read on\]$/,
    );
    const { shown = "" } = cutOf(first?.[i] as EncodedResult) ?? {};
    assert.ok(outputs[i]?.startsWith(shown));
  }
  const page = textOf(second?.[0] as EncodedResult);
  assert.equal(page.replace(FOOTER, ""), outputs[2]?.slice(14_000));
});

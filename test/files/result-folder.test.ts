/** Results kept in a folder outlast the process. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { resultFolder } from "../../src/files/result-folder.ts";
import { createResultBudget } from "../../src/results/result-budget.ts";
import type { EncodedResult } from "../../src/core/result.ts";
import { ok } from "../support/outcomes.ts";
import { cutOf } from "../support/results.ts";

async function folder(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tutti-results-"));
  context.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("what was cut is read after a restart, and is written once", async (t) => {
  const path = join(await folder(t), "not", "there", "yet");
  const text = "some words\n".repeat(20_000);
  const ids: string[] = [];
  for (let process = 0; process < 2; process++) {
    const resultStore = resultFolder(path);
    const [result] = await createResultBudget({ maxResultTokens: 500, resultStore }).encode([ok(text)]);
    ids.push(cutOf(result as EncodedResult)?.id ?? "");
  }
  assert.equal(ids[0], ids[1]);
  assert.equal(await resultFolder(path).get(ids[0] as string), text);
  assert.deepEqual(await readdir(path), [`${ids[0]}.txt`]);
});

test("any text comes back as it was put, and many at once leave nothing half written", async (t) => {
  const path = await folder(t);
  const store = resultFolder(path);
  const texts = ["\ufeffwith a mark", "\r\n\0", "東京 🎉", "x".repeat(1_000_000), ""];
  await Promise.all(
    texts.flatMap((text, i) => [store.put(`result_${i}`, text), store.put(`result_${i}`, text)]),
  );
  for (const [i, text] of texts.entries()) assert.equal(await store.get(`result_${i}`), text);
  assert.equal((await readdir(path)).length, texts.length);
});

test("an id that is no name of a result reads and writes nothing", async (t) => {
  const path = await folder(t);
  await writeFile(join(path, "secret.txt"), "secret");
  const store = resultFolder(join(path, "results"));
  const odd = ["../secret", "..", "", "a/b", "a\\b", "C:secret", "A", "a.b", "a\0", "x".repeat(65)];
  for (const id of odd) {
    assert.equal(await store.get(id), undefined, id);
    await assert.rejects(async () => store.put(id, "text"), { name: "TypeError" });
  }
  await fc.assert(
    fc.asyncProperty(fc.string(), async (id) => {
      assert.equal(await store.get(`../${id}`), undefined);
    }),
  );
  assert.deepEqual(await readdir(path), ["secret.txt"]);
});

test("a folder that cannot be written rejects", async (t) => {
  const path = await folder(t);
  await writeFile(join(path, "file"), "");
  await assert.rejects(async () => resultFolder(join(path, "file")).put("result_a", "text"));
});

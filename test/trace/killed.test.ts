import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseTrace, readTrace } from "../../src/trace.ts";

const child = fileURLToPath(new URL("../support/endless-trace.ts", import.meta.url));

test("a trace can be read while it is written, and after its process was killed in the middle", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tutti-trace-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "trace.jsonl");
  const writer = spawn(process.execPath, [child, path], { stdio: "ignore" });
  const gone = new Promise((resolve) => writer.once("exit", resolve));
  t.after(() => writer.kill("SIGKILL"));
  const seen: number[] = [];
  while (seen.length < 3) {
    await sleep(50);
    const text = readSoFar(path);
    if (text.split("\n").length < 50) continue;
    const { events, skipped } = parseTrace(text);
    assert.deepEqual(skipped, []);
    seen.push(events.length);
  }
  assert.ok((seen[0] as number) < (seen[2] as number), "it grew meanwhile");
  writer.kill("SIGKILL");
  await gone;
  const text = readFileSync(path, "utf8");
  const { events, skipped, rest } = parseTrace(text);
  assert.deepEqual(skipped, []);
  assert.equal(events.length, text.split("\n").length - 1 + (rest === "" && !text.endsWith("\n") ? 1 : 0));
  const { calls } = readTrace(events);
  assert.ok(calls.some(({ status }) => status === "ok"));
});

function readSoFar(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** `tutti trace` as a command: in a pipe, as JSON, of traces that are not whole, and of what is no trace. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { criticalPath } from "../../src/trace/critical-path.ts";
import { figuresOf } from "../../src/trace/figures.ts";
import { tutti } from "../support/command-line.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

let folder: string;
let whole: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-trace-"));
  whole = await virtualTrace();
  const going = whole
    .split("\n")
    .filter((line) => line !== "" && (JSON.parse(line) as { at: number }).at <= 650);
  const files = {
    "whole.jsonl": whole,
    "busy.jsonl": await busyTrace(),
    "going.jsonl": `${going.join("\n")}\n`,
    "torn.jsonl": `${going.join("\n")}\n{"type":"call.set`,
    "patched.jsonl": whole.replace("\n", '\n{"type":"turn.te\n'),
    "hostile.jsonl": whole.replace("there is no such thing", "\\u001b[2Jgone\\u009b31m"),
    "empty.jsonl": "",
    "text.jsonl": "Dear diary,\nnothing happened.\n",
    "newer.jsonl": '{"type":"trace.opened","at":0,"version":2,"time":"2030-01-01T00:00:00Z"}\n',
    "opened.jsonl": '{"type":"trace.opened","at":0,"version":1,"time":"2030-01-01T00:00:00Z"}\n',
    "broken.jsonl":
      '{"type":"trace.opened","at":0,"version":1}\n{"type":"call.queued","at":1,"batch":"b1","call":null}\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, "folder.jsonl"));
});

after(() => rm(folder, { recursive: true, force: true }));

async function trace(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tutti(["trace", ...args], {
    cwd: folder,
    env: { FORCE_COLOR: "1", CI: "true" },
  });
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const value = JSON.parse(await trace(...args, "--json")) as Record<string, unknown>;
  assert.equal(value["version"], 1);
  return value;
}

describe("tutti trace", { concurrency: 2 }, () => {
  test("show in a pipe is plain text of 80 columns", async () => {
    for (const command of [
      ["show", "busy.jsonl"],
      ["summary", "hostile.jsonl"],
      ["critical-path", "busy.jsonl"],
    ]) {
      const text = await trace(...command);
      assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
      assert.ok(
        text.split("\n").every((line) => line.length <= 80),
        text,
      );
    }
  });

  test("a trace may be piped in", async () => {
    const { stdout } = await tutti(["trace", "summary", "-", "--json"], { input: whole });
    assert.deepEqual(JSON.parse(stdout), await json("summary", "whole.jsonl"));
  });

  test("show begins with what the trace is", async () => {
    const [, head] = (await trace("show", "whole.jsonl")).split("\n");
    assert.equal(head, "  whole.jsonl · run r1 done · 2 turns · 5 calls · 1.80 s (one by one 2.70 s)");
  });

  test("--json is what the library says", async () => {
    const read = traceOf(whole);
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    const [shown, summed, path] = await Promise.all([
      json("show", "whole.jsonl"),
      json("summary", "whole.jsonl"),
      json("critical-path", "whole.jsonl"),
    ]);
    assert.deepEqual(shown["trace"], plain(read));
    assert.deepEqual(summed["figures"], plain(figuresOf(read)));
    assert.deepEqual(path["steps"], plain(criticalPath(read)));
    assert.deepEqual([shown["notes"], summed["notes"], path["notes"]], [[], [], []]);
  });

  test("--json of one run has that run only", async () => {
    const { trace: one } = await json("show", "busy.jsonl", "--run", "r2");
    const { runs, turns } = one as { runs: { name: string }[]; turns: { run: string }[] };
    assert.deepEqual([runs.map(({ name }) => name), turns.map(({ run }) => run)], [["r2"], ["r2", "r2"]]);
    const { figures } = await json("diff", "busy.jsonl", "busy.jsonl", "--run", "r1");
    const { a, b } = figures as { a: { calls: number }; b: { calls: number } };
    assert.deepEqual([a.calls, b.calls], [3, 3]);
  });

  test("--json in a terminal moves no cursor", async () => {
    assert.doesNotMatch(await trace("summary", "hostile.jsonl", "--json"), /(?!\n)\p{Cc}/u);
  });

  test("diff says which file is which", async () => {
    const text = await trace("diff", "whole.jsonl", "busy.jsonl");
    assert.match(text, /^\n {2}a {2}whole\.jsonl\n {5}run r1 done · .+\n {2}b {2}busy\.jsonl · 2 runs · /);
  });

  test("a trace that is not whole is shown as far as it goes, and that is said", async () => {
    const [going, torn, patched] = await Promise.all(
      ["going.jsonl", "torn.jsonl", "patched.jsonl"].map((file) => trace("show", file)),
    );
    assert.match(going ?? "", /read b +▒+ 3\d\d ms\n/);
    assert.match(going ?? "", /\n {2}the trace ends while the model writes, 2 calls run and 2 calls wait\n/);
    assert.match(torn ?? "", /2 calls run and 2 calls wait; its\s+last line is torn\n/);
    assert.match(patched ?? "", /\n {2}line 2 is no event, and was left out\n/);
  });
});

const MISTAKES: Readonly<Record<string, { readonly args: readonly string[]; readonly says: RegExp }>> = {
  "a trace that is not there": {
    args: ["show", "gone.jsonl"],
    says: /trace gone\.jsonl: there is no such file$/,
  },
  "a trace that is a folder": { args: ["show", "folder.jsonl"], says: /cannot be read \(EISDIR\)$/ },
  "an empty file": {
    args: ["summary", "empty.jsonl"],
    says: /trace empty\.jsonl is empty: nothing was recorded yet$/,
  },
  "what is no trace": {
    args: ["critical-path", "text.jsonl"],
    says: /trace text\.jsonl: this is no trace: no line of it is an event; `tutti run --trace <file>` writes one$/,
  },
  "a trace of a newer version": {
    args: ["show", "newer.jsonl"],
    says: /trace newer\.jsonl: this is a trace of version 2; version 1 is known; update tutti$/,
  },
  "a trace in which nothing has happened": {
    args: ["show", "opened.jsonl"],
    says: /no run, turn or call is in it, so there is nothing to show$/,
  },
  "a trace whose events lack something": {
    args: ["show", "broken.jsonl"],
    says: /trace broken\.jsonl: no run, turn or call is in it, so there is nothing to show$/,
  },
  "a run that is not in it": {
    args: ["show", "busy.jsonl", "--run", "r9"],
    says: /trace busy\.jsonl: there is no run r9; it has r1, r2$/,
  },
  "one of two traces that is not there": {
    args: ["diff", "whole.jsonl", "gone.jsonl"],
    says: /trace gone\.jsonl: there is no such file$/,
  },
  "a limit that is none": {
    args: ["show", "whole.jsonl", "--limit", "none"],
    says: /It must be an integer above 0\.; see: tutti trace --help$/,
  },
  "a command that there is not": { args: ["sho"], says: /unknown command 'sho'.*see: tutti trace --help$/ },
};

describe("a mistake with a trace is answered in one line", { concurrency: 2 }, () => {
  for (const [mistake, { args, says }] of Object.entries(MISTAKES)) {
    test(mistake, async () => {
      const { code, stdout, stderr } = await tutti(["trace", ...args], { cwd: folder });
      assert.match(stderr.trimEnd(), says);
      assert.match(stderr, /^tutti: [^\n]+\n$/);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  }
});

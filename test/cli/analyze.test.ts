/** `tutti analyze` as a user starts it: what it prints, writes and exits with. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Analysis } from "../../src/analyze/analysis.ts";
import { renderReport } from "../../src/cli/analyze/report.ts";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { renderPage } from "../../src/cli/analyze/page.ts";
import { oneLine } from "../../src/cli/format.ts";
import { tutti } from "../support/command-line.ts";
import { session } from "../support/told-sessions.ts";
import pc from "picocolors";

let folder = "";
const at = (name: string) => join(folder, name);
const use = (id: string, city: string) => ({
  role: "assistant",
  content: [{ type: "tool_use", id, name: "get_weather", input: { city } }],
});
const result = (id: string, content: string) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content }],
});
const history = [
  { role: "user", content: "Compare Oslo and Bergen" },
  use("a", "Oslo"),
  result("a", "12 degrees"),
  use("b", "Bergen"),
  result("b", "9 degrees"),
];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-analyze-"));
  await writeFile(at("weather.json"), JSON.stringify(history));
  await writeFile(at("torn.jsonl"), `${history.map((one) => JSON.stringify(one)).join("\n")}\n{"role":"us`);
  await writeFile(at("empty.json"), "\n");
  await writeFile(at("unsaid.json"), '{"messages":[]}');
  await mkdir(at("bare"));
  await mkdir(at("logs"));
  await writeFile(at("logs/one.json"), JSON.stringify(history));
  await writeFile(at("logs/notes.txt"), "no history");
  await writeFile(at("other.json"), '{"name":"x","version":"1.0.0"}');
  await writeFile(
    at("talk.json"),
    JSON.stringify([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hi" },
    ]),
  );
});
after(() => rm(folder, { recursive: true }));

describe("tutti analyze", { concurrency: 2 }, () => {
  test("tells what could have been asked together, and why", async () => {
    const { code, stdout, stderr } = await tutti(["analyze", at("weather.json")]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      /^1 session · 2 turns · 2 calls\n\n1\.00 calls per turn that makes calls\n {2}1 call {2}█+ {2}2 turns 100 %\n/,
    );
    assert.match(
      oneLine(stdout),
      /It could have been 2\.00 instead of 1\.00, with 1 round trip less \(1 certain\)\./,
    );
    assert.match(
      stdout,
      /weather\.json, turns 1 to 2 {2}certain {2}1 round trip\n {6}1 {2}get_weather\(Oslo\)\n {6}2 {2}get_weather\(Bergen\)\n {9}city Bergen: said by the user before turn 1\n/,
    );
    assert.match(oneLine(stdout), /which read about \d+ input tokens\./);
    assert.match(oneLine(stdout), /An estimate, on the quiet side/);
  });

  test("prints one JSON object, with what had to be left out", async () => {
    const { code, stdout, stderr } = await tutti(["analyze", at("torn.jsonl"), at("weather.json"), "--json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const analysis = JSON.parse(stdout) as Analysis & { readonly notes: readonly string[] };
    assert.deepEqual([analysis.version, analysis.calls, analysis.missed.length], [1, 4, 2]);
    assert.deepEqual(analysis.notes, ["torn.jsonl: the last line (6) is cut off, and was left out"]);
    assert.deepEqual(
      analysis.sessions.map(({ name }) => name),
      ["torn.jsonl", "weather.json"],
    );
  });

  test("writes the page, and says in the report that a line was cut off", async () => {
    const { code, stdout } = await tutti(["analyze", at("torn.jsonl"), "--html", at("report.html")]);
    assert.equal(code, 0);
    assert.match(stdout, /Note: torn\.jsonl: the last line \(6\) is cut off, and was left out\./);
    const page = await readFile(at("report.html"), "utf8");
    assert.match(page, /^<!doctype html>/);
    assert.match(page, /Note: torn\.jsonl: the last line/);
  });

  test("a file that can't be read is noted, and the others are told of; each file counts once", async () => {
    const paths = ["weather.json", "empty.json", "nowhere.json", "./weather.json", "logs"];
    const { code, stdout } = await tutti(["analyze", ...paths, "--json"], { cwd: folder });
    const { sessions, notes } = JSON.parse(stdout) as Analysis & { readonly notes: readonly string[] };
    assert.equal(code, 0);
    assert.deepEqual(
      sessions.map(({ name }) => name),
      ["weather.json", "one.json"],
    );
    assert.deepEqual(notes, ["left out: empty.json is empty", "left out: nowhere.json: no such file"]);
  });

  test("an option that names tools takes no file for one", async () => {
    const args = ["--reads", "find_*", "--writes", "get_*", at("weather.json"), "--json"];
    const { stdout } = await tutti(["analyze", ...args]);
    assert.deepEqual((JSON.parse(stdout) as Analysis).missed, []);
  });

  test("tools can be told apart", async () => {
    const { stdout } = await tutti(["analyze", at("weather.json"), "--json", "--writes", "get_*"]);
    assert.deepEqual((JSON.parse(stdout) as Analysis).missed, []);
  });

  test("a build can be held to calls per turn", async () => {
    const [under, over, none] = await Promise.all([
      tutti(["analyze", at("weather.json"), "--fail-under", "1.5"]),
      tutti(["analyze", at("weather.json"), "--fail-under", "1"]),
      tutti(["analyze", at("talk.json"), "--fail-under", "1"]),
    ]);
    assert.deepEqual(
      [under.code, under.stderr],
      [1, "tutti: 1.00 calls per turn (2 calls in 2 turns), under the 1.5 asked for\n"],
    );
    assert.match(under.stdout, /calls per turn that makes calls/);
    assert.deepEqual([over.code, over.stderr], [0, ""]);
    assert.deepEqual([none.code, none.stderr.split("\n").length], [1, 2]);
    assert.match(none.stdout, /No turn makes a call: there is nothing to tell\./);
  });

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^tutti: missing required argument 'files'; see: tutti analyze --help\n$/],
    [["nowhere.json"], /^tutti: .*nowhere\.json: no such file\n$/],
    [["bare"], /^tutti: bare is a folder without a \.json or \.jsonl file\n$/],
    [["empty.json", "nowhere.json"], /^tutti: empty\.json is empty; 1 more can't be read either\n$/],
    [["unsaid.json"], /^tutti: unsaid\.json has no message in it\n$/],
    [["empty.json"], /^tutti: empty\.json is empty\n$/],
    [
      ["other.json"],
      /^tutti: other\.json looks like an object with name, version, which is no history; formats read: Claude Code .*\n$/,
    ],
    [["weather.json", "--fail-under", "none"], /^tutti: .*It must be a number above 0\..*\n$/],
    [["weather.json", "--html", "nowhere/report.html"], /^tutti: .*report\.html can't be written: .*\n$/],
  ];
  for (const [args, message] of mistakes) {
    test(`a mistake is told in a line: ${args.join(" ") || "no file"}`, async () => {
      const { code, stdout, stderr } = await tutti(["analyze", ...args], { cwd: folder });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    });
  }
});

const NASTY = `<script>alert(1)</script>"'&\u001B[31m\u0007`;
const nasty = [
  session(
    `Look at ${NASTY} and Oslo`,
    [
      [[`get_${NASTY}`, { [NASTY]: NASTY }, "long ".repeat(200)]],
      [[`get_${NASTY}`, { [NASTY]: "Oslo" }, NASTY]],
      [[`get_${NASTY}`, { [NASTY]: "Oslo" }, NASTY]],
    ],
    `${NASTY}.json`,
  ),
  session("x", [[["get_x", { a: "b" }]]]),
];

test("what a history holds is text in the page, and the page runs nothing", async () => {
  const kinds = { reads: ["*"] };
  const analysis = analyzeSessions(nasty, kinds);
  assert.equal(analysis.missed.length, 1);
  const page = await renderPage({ analysis, sessions: nasty, notes: [NASTY], kinds });
  assert.doesNotMatch(page, /<script|<img|(?![\n\t])\p{Cc}|javascript:/u);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/);
  assert.match(
    page,
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/,
  );
  assert.match(page, /prefers-color-scheme: dark/);
  const tags = new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
  assert.deepEqual(
    [...tags].filter((tag) => /script|iframe|object|link|form|svg/.test(tag ?? "")),
    [],
  );
});

test("no line of the report is wider than its place, and none moves a cursor", () => {
  const analysis = analyzeSessions(nasty, { reads: ["*"] });
  for (const width of [60, 80, 110]) {
    const lines = renderReport({ analysis, notes: [NASTY] }, { width, colours: pc.createColors(false) });
    for (const line of lines) {
      assert.ok(line.length <= Math.min(width, 100), `${line.length} of ${width}: ${line}`);
      assert.doesNotMatch(line, /\p{Cc}/u);
    }
  }
});

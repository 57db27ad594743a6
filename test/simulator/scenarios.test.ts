import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { TuttiError } from "../../src/core/errors.ts";
import { parseScenario } from "../../src/simulator/scenario-file.ts";
import { thinkFirst, turnsOf } from "../../src/simulator/scenario.ts";
import { failureAt } from "../../src/simulator/script.ts";

const minimal = `turns:
  - calls:
      - { name: get_profile, input: { id: "1234" } }
      - { name: get_orders, input: { id: "1234" } }
  - text: All is well.`;

test("five lines make a scenario", () => {
  const { turns, seed, callsPerTurn } = parseScenario(minimal);
  assert.deepEqual([seed, callsPerTurn], [1, "all"]);
  assert.deepEqual(
    turns.map(({ stop, pacing }) => [stop, pacing]),
    [
      ["calls", { timeToFirstTokenMs: 600, tokensPerSecond: 80 }],
      ["end", { timeToFirstTokenMs: 600, tokensPerSecond: 80 }],
    ],
  );
});

test("a turn's blocks stand as thinking, text, server calls, calls, whatever the order in the file", () => {
  const [turn] = parseScenario({
    turns: [
      {
        calls: [{ name: "read" }],
        serverCalls: [{ name: "web_search", result: [] }, { name: "web_search" }],
        text: "Let me look.",
        thinking: { text: "Hm.", signature: "abc" },
      },
    ],
  }).turns;
  assert.deepEqual(
    turn?.blocks.map(({ kind }) => kind),
    ["thinking", "text", "server-call", "server-result", "server-call", "call"],
  );
});

test("the same scenario gives the same ids, another seed gives others, and no two are alike", () => {
  const tokens = (seed: number) =>
    parseScenario(`seed: ${seed}\n${minimal}`).turns.flatMap(({ blocks }) =>
      blocks.flatMap((block) => ("token" in block ? [block.token] : [])),
    );
  assert.deepEqual(tokens(1), tokens(1));
  assert.equal(new Set([...tokens(1), ...tokens(2)]).size, 4);
});

const mistakes: Record<string, readonly [yaml: string, line: string]> = {
  "a syntax error": [
    "turns:\n  - text: [",
    "s.yaml:2: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  "an empty file": ["", "s.yaml: the top level: expected an object, got null"],
  "missing turns": ["name: x", "s.yaml: turns: expected a list, got nothing"],
  "no turns": ["turns: []", "s.yaml: turns: expected at least one entry, got an array"],
  "an empty turn": [
    "turns:\n  - {}",
    "s.yaml: turns[0]: expected thinking, text, serverCalls or calls, got none of them",
  ],
  "a misspelt field": [
    "turns:\n  - calls: [{ nmae: x }]",
    's.yaml: turns[0].calls[0]: expected only the fields name, input, id, pauseMs, got "nmae"',
  ],
  "a name that is no text": [
    "turns:\n  - calls: [{ name: 5 }]",
    "s.yaml: turns[0].calls[0].name: expected a text, got 5",
  ],
  "input that is no object": [
    "turns:\n  - calls: [{ name: x, input: 5 }]",
    "s.yaml: turns[0].calls[0].input: expected an object, got 5",
  ],
  "text that is none": ["turns:\n  - text: 5", "s.yaml: turns[0].text: expected a text, got 5"],
  "an unknown stop": [
    "turns:\n  - text: x\n    stop: soon",
    's.yaml: turns[0].stop: expected "calls" or "end" or "truncated" or "refused" or "paused", got "soon"',
  ],
  "a speed of nothing": [
    "tokensPerSecond: 0\nturns:\n  - text: x",
    "s.yaml: tokensPerSecond: expected more than 0, got 0",
  ],
  "an unknown failure": [
    "turns:\n  - text: x\n    failures: [{ kind: fire }]",
    's.yaml: turns[0].failures[0].kind: expected "status", "cut", "error-event" or "token-limit", got "fire"',
  ],
  "a status that is no failure": [
    "turns:\n  - text: x\n    failures: [{ kind: status, status: 200 }]",
    "s.yaml: turns[0].failures[0].status: expected at least 400, got 200",
  ],
  "a failure in a block that is not there": [
    "turns:\n  - text: x\n    calls: [{ name: y }]\n    failures: [{ kind: cut, inBlock: 2 }]",
    "s.yaml: turns[0].failures[0].inBlock: expected one of the turn's blocks (0 text, 1 call), got 2",
  ],
};

for (const [name, [yaml, line]] of Object.entries(mistakes)) {
  test(`${name} is told in one line`, () => {
    assert.throws(
      () => parseScenario(yaml, { source: "s.yaml" }),
      (error) => error instanceof TuttiError && error.code === "invalid-file" && error.message === line,
    );
  });
}

const wide = parseScenario({
  turns: [
    {
      text: "Let me look.",
      calls: [{ name: "a" }, { name: "b" }, { name: "c" }],
      failures: [
        { kind: "status", status: 429 },
        { kind: "cut", inBlock: 2 },
      ],
      usage: { inputTokens: 5, outputTokens: 9 },
    },
    { text: "Done." },
  ],
});

test("with one call per turn a turn's calls come one after the other, its text with the first", () => {
  assert.deepEqual(
    turnsOf(wide, "one").map(({ blocks, stop }) => [
      blocks.map((block) => ("name" in block ? block.name : block.text)),
      stop,
    ]),
    [
      [["Let me look.", "a"], "calls"],
      [["b"], "calls"],
      [["c"], "calls"],
      [["Done."], "end"],
    ],
  );
});

test("with one call per turn every part pays its own time to the first token", () => {
  assert.deepEqual(
    turnsOf(wide, "one").map(({ pacing }) => pacing.timeToFirstTokenMs),
    [600, 600, 600, 600],
  );
});

test("with one call per turn a failure stays with the call that it strikes", () => {
  assert.deepEqual(
    turnsOf(wide, "one").map(({ failures }) =>
      failures.map((failure) => ("at" in failure ? failure.at : failure.status)),
    ),
    [[429], [{ inBlock: 0 }], [], []],
  );
});

test("a turn that must begin with thinking does, and its failures strike where they did", () => {
  const [turn] = wide.turns;
  assert.ok(turn);
  const thinking = thinkFirst(turn);
  assert.deepEqual(
    thinking.blocks.map(({ kind }) => kind),
    ["thinking", "text", "call", "call", "call"],
  );
  assert.deepEqual(
    thinking.failures.map((failure) => ("at" in failure ? failure.at : undefined)),
    [undefined, { inBlock: 3 }],
  );
  assert.equal(thinkFirst(thinking), thinking);
});

test("failures come in order, each as often as it says, and then no more", () => {
  const [turn] = parseScenario({
    turns: [
      {
        text: "x",
        failures: [{ kind: "status", status: 429, times: 2 }, { kind: "cut" }],
      },
    ],
  }).turns;
  assert.ok(turn);
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => failureAt(turn, attempt)?.kind),
    ["status", "status", "cut", undefined],
  );
});

test("the example scenarios are well-formed", () => {
  const folder = new URL("../../examples/scenarios/", import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  assert.ok(files.length >= 3);
  for (const source of files) parseScenario(readFileSync(new URL(source, folder), "utf8"), { source });
});

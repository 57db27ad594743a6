/** Questions of `tutti run`, asked of streams in place of a terminal. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import pc from "picocolors";
import type { Approve, Decision } from "../../src/core/approvals.ts";
import type { Call } from "../../src/core/call.ts";
import { chooseApprove } from "../../src/cli/run/approver.ts";
import { divert } from "../../src/cli/run/divert.ts";
import { Questions } from "../../src/cli/run/questions.ts";
import { Transcript } from "../../src/cli/run/transcript.ts";

const CHOICES = "  [y]es / [n]o / [a]lways ▸ ";

function callOf(index: number, input: unknown, name = "remove"): Call {
  return { key: `b1.${index + 1}`, id: undefined, name, input, index };
}

/** A terminal whose user types what a test says. */
function terminal({ height = 24 }: { readonly height?: number } = {}) {
  const input = new PassThrough();
  /** What tools print to. */
  const output = new PassThrough();
  const colours = pc.createColors(false);
  const screen = {
    /** What has been written for good. */
    written: "",
    /** The lines below it that can be drawn over. */
    shown: [] as readonly string[],
    interrupts: 0,
  };
  const write = (text: string) => {
    assert.deepEqual(screen.shown, [], `${JSON.stringify(text)} was written into a question`);
    screen.written += text;
  };
  const questions = new Questions({
    input,
    screen: {
      height,
      width: 80,
      draw: (lines) => (screen.shown = lines),
      keep: () => (screen.shown = []),
    },
    write,
    streams: [output],
    interrupt: () => screen.interrupts++,
  });
  const transcript = new Transcript({ colours, write: (text) => questions.write(text) });
  const approve = chooseApprove(undefined, { own: undefined, questions, transcript, colours });
  return { approve, input, output, screen, transcript, type: (text: string) => typeInto(input, text) };
}

/** Types once the question has been there for long enough to be answered. */
async function typeInto(input: PassThrough, text: string): Promise<void> {
  while (input.listenerCount("keypress") === 0) await sleep(1);
  input.write(text);
  while (input.readableLength > 0) await turn();
  await turn();
}

/** Asks about calls of one turn. */
function askAll(approve: Approve, calls: readonly Call[], signal = new AbortController().signal) {
  return calls.map((call) => Promise.resolve(approve(call, { calls, signal })));
}

test("calls are asked about one after the other, and each is answered in its turn", async () => {
  const { approve, screen, type } = terminal();
  const [first, second] = askAll(approve, [callOf(0, { path: "a" }), callOf(1, { path: "b", n: 2 })]);
  await turn();
  assert.deepEqual(screen.shown, ["? remove 1 of 2", '    path: "a"', CHOICES]);
  await type("y");
  assert.equal(screen.shown.at(-1), `${CHOICES}y`);
  await type("\r");
  assert.equal(await first, "allow");
  await turn();
  assert.deepEqual(screen.shown, ["? remove 2 of 2", '    path: "b"', "    n: 2", CHOICES]);
  await type("no\r");
  assert.equal(await second, "deny");
  assert.deepEqual(screen.shown, []);
  assert.equal(screen.written, "? remove(a) yes\n? remove(b, 2) no\n");
});

for (const [typed, decision] of [
  ["y", "allow"],
  [" YES ", "allow"],
  ["n", "deny"],
  ["No", "deny"],
  ["a", "always"],
  ["always", "always"],
  ["x\ry", "allow"],
] satisfies readonly [string, Decision][]) {
  test(`${JSON.stringify(typed)} means ${decision}`, async () => {
    const { approve, type } = terminal();
    const [answer] = askAll(approve, [callOf(0, { path: "a" })]);
    for (const line of typed.split("\r")) await type(`${line}\r`);
    assert.equal(await answer, decision);
  });
}

test("neither an empty line nor another word is an answer", async () => {
  const { approve, screen, type } = terminal();
  const [answer] = askAll(approve, [callOf(0, { path: "a" })]);
  for (const typed of ["\r", "perhaps\r"]) {
    await type(typed);
    await turn();
    assert.deepEqual(screen.shown, ["? remove", '    path: "a"', CHOICES]);
  }
  await type("n\r");
  assert.equal(await answer, "deny");
});

test("what was typed before the question is no answer to it", async () => {
  const { approve, input, screen, type } = terminal();
  input.write("y\r");
  const [answer] = askAll(approve, [callOf(0, { path: "a" })]);
  await type("n");
  assert.equal(screen.shown.at(-1), `${CHOICES}n`);
  await type("\r");
  assert.equal(await answer, "deny");
});

test('"always" answers for the tool in all later turns, and for no other tool', async () => {
  const { approve, screen, type } = terminal();
  const [first] = askAll(approve, [callOf(0, { path: "a" })]);
  await type("a\r");
  assert.equal(await first, "always");
  const [second, other] = askAll(approve, [callOf(0, { path: "b" }), callOf(1, { path: "b" }, "pay")]);
  assert.equal(await second, "allow");
  await turn();
  assert.deepEqual(screen.shown.at(0), "? pay 2 of 2");
  await type("n\r");
  assert.equal(await other, "deny");
});

test("a question goes when its answer is not needed any more, and so does one that has not been shown", async () => {
  const { approve, screen, input } = terminal();
  const controller = new AbortController();
  const answers = askAll(approve, [callOf(0, { path: "a" }), callOf(1, { path: "b" })], controller.signal);
  while (input.listenerCount("keypress") === 0) await sleep(1);
  controller.abort();
  assert.deepEqual(await Promise.all(answers), ["deny", "deny"]);
  assert.deepEqual([screen.shown, screen.written, input.listenerCount("keypress")], [[], "", 0]);
});

test("Ctrl-C interrupts the run and answers nothing; Ctrl-D denies", async () => {
  const { approve, screen, type } = terminal();
  const [answer] = askAll(approve, [callOf(0, { path: "a" })]);
  await type("\u0003");
  assert.deepEqual([screen.interrupts, screen.shown.length], [1, 3]);
  await type("\u0004");
  assert.equal(await answer, "deny");
});

test("where the input has ended, nothing is allowed", async () => {
  const { approve, input } = terminal();
  input.end();
  const answers = askAll(approve, [callOf(0, { path: "a" }), callOf(1, { path: "b" })]);
  assert.deepEqual(await Promise.all(answers), ["deny", "deny"]);
});

test("what is written meanwhile comes above the question, in whole lines", async () => {
  const { approve, output, screen, transcript, type } = terminal();
  transcript.add({ type: "turn.text", at: 0, turn: 1, text: "I'll remove it." });
  const [answer] = askAll(approve, [callOf(0, { path: "a" })]);
  await type("y");
  transcript.line("✓ look(a) 1 ms");
  transcript.add({ type: "turn.text", at: 0, turn: 1, text: "Mean" });
  assert.equal(screen.written, "I'll remove it.\n✓ look(a) 1 ms\n");
  output.write("time\na tool's own words\nMean");
  assert.deepEqual(screen.shown, ["? remove", '    path: "a"', `${CHOICES}y`]);
  transcript.add({ type: "turn.text", at: 0, turn: 1, text: "while\nit" });
  await type("\r");
  assert.equal(await answer, "allow");
  assert.equal(
    screen.written,
    "I'll remove it.\n✓ look(a) 1 ms\nMeantime\na tool's own words\nMeanwhile\nit\n? remove(a) yes\n",
  );
});

test("what anybody writes to a diverted stream is taken, or written, for as long as that holds", async () => {
  const stream = new PassThrough();
  const taken: string[] = [];
  const restore = divert(stream, (text) => text !== "c" && taken.push(text) > 0);
  await new Promise<void>((resolve) => stream.write("a", () => resolve()));
  await new Promise<void>((resolve) => stream.write(Buffer.from("b"), () => resolve()));
  await new Promise<void>((resolve) => stream.write("c", "utf8", () => resolve()));
  restore();
  stream.write("d");
  assert.deepEqual([taken, String(stream.read())], [["a", "b"], "cd"]);
  assert.ok(!Object.hasOwn(stream, "write"));
});

test("a question that is higher than the terminal is written for good, but for its last line", async () => {
  const { approve, screen, type } = terminal({ height: 10 });
  const [answer] = askAll(approve, [callOf(0, { text: "x".repeat(800) })]);
  await turn();
  assert.deepEqual(screen.shown, [CHOICES]);
  assert.equal(screen.written, `? remove\n    text: "${"x".repeat(800)}"\n`);
  await type("n\r");
  assert.equal(await answer, "deny");
});

test("nothing in an input can hide, or look like a part of the question", async () => {
  const { approve, screen, type } = terminal();
  const input = { "a\nb": "\u001b[2K\u202etxt\n  [y]es", list: ["\u009b1m", "\u200b"] };
  const answers = askAll(approve, [callOf(0, input), callOf(1, "raw\ntext"), callOf(2, undefined)]);
  await turn();
  assert.deepEqual(screen.shown.slice(1, -1), [
    '    a\\u000ab: "\\u001b[2K\\u202etxt\\n  [y]es"',
    '    list: ["\\u009b1m","\\u200b"]',
  ]);
  await type("n\r");
  await answers[0];
  await turn();
  assert.deepEqual(screen.shown.slice(1, -1), ['    "raw\\ntext"']);
  await type("n\r");
  await answers[1];
  await turn();
  assert.deepEqual(screen.shown.slice(1, -1), []);
  await type("n\r");
  await answers[2];
});

/** Histories whose calls are independent, turned into such whose calls are not: each as it was said, with a condition or a source. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import type { Session } from "../../src/analyze/session.ts";
import { historiesIn } from "../support/histories-in-text.ts";
import { missed } from "../support/told-sessions.ts";

const text = readFileSync(new URL("../support/independent-histories.txt", import.meta.url), "utf8");
const histories = historiesIn(text);

/** What somebody might add who does not want all of it. */
const CONDITIONS = [
  "Stop at the first one that has it.",
  "One of them is enough.",
  "Only go on if that fails.",
  "Go on until you find it.",
  "If the first is no good, take the next.",
  "Take the cheaper one and skip the rest.",
  "Try them in order of preference.",
  "Go through them one by one and stop as soon as it works.",
  "Each lookup costs money, so do not ask for more than you have to.",
  "The second is just a fallback.",
  "Whichever answers will do.",
  "I only need one.",
  "Use the latter when the former is empty.",
  "Book whatever is free.",
  "Don't bother with the rest once you have it.",
  "Check the others in case it is missing.",
  "Whoever picks up gets the job.",
  "Escalate from one to the next.",
  "Bisect them.",
];

/** A history with other words of people's. */
function saying(session: Session, change: (prompt: string) => string): Session {
  const [first, ...rest] = session.turns;
  if (first === undefined) return session;
  const said = first.said.map((one) => (one.by === "user" ? { ...one, text: change(one.text) } : one));
  return { ...session, turns: [{ ...first, said }, ...rest] };
}

describe("independent calls are not reported when people add a condition", () => {
  for (const condition of CONDITIONS) {
    test(condition, () => {
      for (const { session, title } of histories) {
        // What the model had announced in so many words is its plan, whatever people say of it.
        const told = { ...session, turns: session.turns.map((turn) => ({ ...turn, text: "" })) };
        assert.deepEqual(
          missed(saying(told, (prompt) => `${prompt.replace(/[^.?!]$/, "$&.")} ${condition}`)),
          [],
          title,
        );
        assert.deepEqual(missed(saying(told, (prompt) => `${condition} ${prompt}`)), [], title);
      }
    });
  }
});

test("a value that people had not named, and the result before it does, is never said to have been known", () => {
  let turned = 0;
  for (const { session, title } of histories) {
    for (const [i, link] of (analyzeSessions([session]).missed[0]?.turns ?? []).entries()) {
      const [evidence] = link.evidence;
      if (i === 0 || evidence?.origin?.from !== "user") continue;
      const last = session.turns[link.turn - 2];
      if (last === undefined) continue;
      const source = {
        ...last,
        calls: last.calls.map((call) => ({ ...call, result: `${call.result}\nrelated: ${evidence.value}` })),
      };
      const turns = session.turns.with(link.turn - 2, source);
      const told = saying({ ...session, turns }, (prompt) => without(prompt, evidence.value));
      const found = missed(told).map((one) => one.split(" ")[0]?.split("+").map(Number) ?? []);
      assert.ok(!found.some((chain) => chain.includes(link.turn - 1) && chain.includes(link.turn)), title);
      turned++;
    }
  }
  assert.ok(turned > 150, `only ${turned}`);
});

/** A text without any of a value's words. */
function without(prompt: string, value: string): string {
  const words = value.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words.reduce(
    (rest, word) => rest.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "giu"), ""),
    prompt,
  );
}

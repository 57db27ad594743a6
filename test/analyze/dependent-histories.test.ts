/** Histories in which a call needed what was read before it, each of which had fooled an analysis or might: none is reported. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { historiesIn } from "../support/histories-in-text.ts";
import { missed } from "../support/told-sessions.ts";

const text = readFileSync(new URL("../support/dependent-histories.txt", import.meta.url), "utf8");

for (const [theme, histories] of Map.groupBy(historiesIn(text), (one) => one.theme)) {
  describe(`dependent calls are not reported: ${theme}`, () => {
    for (const { title, mark, session } of histories) {
      const turns = mark.split("-").map(Number);
      test(title, () => {
        assert.ok(
          turns.every((turn) => session.turns[turn - 1] !== undefined),
          `no such turn: ${mark}`,
        );
        for (const found of missed(session)) {
          const chain = found.split(" ")[0]?.split("+").map(Number) ?? [];
          assert.ok(!turns.every((turn) => chain.includes(turn)), found);
        }
      });
    }
  });
}

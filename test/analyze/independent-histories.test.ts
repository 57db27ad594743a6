/** Histories in which calls plainly owed nothing to one another: they are found, and as sure as said. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { historiesIn } from "../support/histories-in-text.ts";
import { missed } from "../support/told-sessions.ts";

const text = readFileSync(new URL("../support/independent-histories.txt", import.meta.url), "utf8");

for (const [theme, histories] of Map.groupBy(historiesIn(text), (one) => one.theme)) {
  describe(theme, () => {
    for (const { title, mark, session } of histories) {
      test(title, () => assert.deepEqual(missed(session), [mark]));
    }
  });
}

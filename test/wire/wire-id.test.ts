/** Ids of calls as providers take them: field notes' identity codecs, for any id that a server may come up with. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ANY_ID, NINE_ID, WireIds, WORD_ID } from "../../src/wire/wire-id.ts";

const RULES = { ANY_ID, WORD_ID, NINE_ID };
const LONG = "x".repeat(200);
/** What servers send: illegal somewhere, alike but for one character, too long, empty, or none. */
const anyId = fc.oneof(
  fc.constantFrom(
    "a:b",
    "a_b",
    "a b",
    "functions.Bash:0",
    "functions_Bash_0",
    "call_1|fc_1",
    LONG,
    `${LONG}y`,
    "",
  ),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.stringMatching(/^[a-zA-Z0-9]{9}$/),
  fc.constantFrom(null, undefined),
);

for (const [name, rule] of Object.entries(RULES)) {
  describe(`ids that match ${name}`, () => {
    test("any ids become legal ones, each call's its own", () => {
      fc.assert(
        fc.property(fc.array(anyId, { maxLength: 40 }), (ids) => {
          const taken = takeAll(rule, ids);
          for (const id of taken) assert.match(id, rule);
          assert.equal(new Set(taken).size, ids.length);
        }),
        { numRuns: 2_000 },
      );
    });

    test("G8: the same ids in the same order become the same, whatever follows them", () => {
      fc.assert(
        fc.property(fc.array(anyId), fc.array(anyId), (ids, more) => {
          assert.deepEqual(takeAll(rule, [...ids, ...more]).slice(0, ids.length), takeAll(rule, ids));
        }),
      );
    });

    test("what was given out once stays as it is when it comes back", () => {
      fc.assert(
        fc.property(fc.array(anyId), (ids) => {
          const taken = takeAll(rule, ids);
          assert.deepEqual(takeAll(rule, taken), taken);
        }),
      );
    });

    test("no id of the history is given to a new call", () => {
      fc.assert(
        fc.property(fc.array(anyId), fc.array(anyId, { minLength: 1 }), (before, ids) => {
          const used = takeAll(rule, before);
          const wireIds = new WireIds(rule, used);
          for (const id of ids) assert.ok(!used.includes(wireIds.take(id)));
        }),
      );
    });
  });
}

test("a legal id stays as it came", () => {
  assert.deepEqual(takeAll(WORD_ID, ["toolu_01A", "call-2"]), ["toolu_01A", "call-2"]);
  assert.deepEqual(takeAll(NINE_ID, ["D681PevKs"]), ["D681PevKs"]);
  assert.deepEqual(takeAll(ANY_ID, ["functions.Bash:0", "call_1|fc_1"]), ["functions.Bash:0", "call_1|fc_1"]);
});

test("an id made today is the one made tomorrow: prompt caches and stored histories rely on it", () => {
  assert.deepEqual(takeAll(WORD_ID, ["functions.Bash:0", "functions.Bash:0", undefined]), [
    "fbkE8p6r8",
    "c79EbFEBC",
    "yphYUFTaQ",
  ]);
});

function takeAll(rule: RegExp, ids: readonly (string | null | undefined)[]): string[] {
  const wireIds = new WireIds(rule);
  return ids.map((id) => wireIds.take(id));
}

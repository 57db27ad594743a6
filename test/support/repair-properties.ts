/** What holds of `repair` on every wire: random histories, broken in random ways, and a referee that says what is accepted. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { RepairOptions } from "../../src/wire/repair.ts";
import { breakages, broken, type BreakableParts, type Json } from "./broken-histories.ts";

/** A wire's repair, and what it is judged by. */
export interface RepairUnderTest {
  readonly repair: (history: Json[], options?: RepairOptions) => readonly Json[];
  /** Histories that the provider accepts. */
  readonly histories: fc.Arbitrary<Json[]>;
  readonly parts: BreakableParts;
  /** What the provider says of a history, if it refuses it. */
  readonly refusalOf: (history: readonly Json[]) => string | undefined;
  /** The names of the calls in a history, in order. */
  readonly callsOf: (history: readonly Json[]) => readonly string[];
  /** The texts of the results in a history, as they stand. */
  readonly resultsOf: (history: readonly Json[]) => readonly string[];
}

const RUNS = Number(process.env["REPAIR_RUNS"] ?? 10_000);

/** Registers the tests. */
export function testRepair(wire: string, subject: RepairUnderTest): void {
  const { repair, histories, parts, refusalOf, callsOf, resultsOf } = subject;
  describe(`repair of ${wire}`, () => {
    test("a history in order comes back as the identical object", () => {
      fc.assert(
        fc.property(histories, (history) => {
          assert.equal(refusalOf(history), undefined);
          assert.equal(repair(history), history);
        }),
        { numRuns: RUNS / 10 },
      );
    });

    test("any history, broken in any way, becomes one that the provider accepts, and then stays as it is", () => {
      fc.assert(
        fc.property(histories, breakages, fc.constantFrom("model", "user"), (history, happened, next) => {
          const before = broken(history, happened, parts);
          const kept = structuredClone(before);
          const after = repair(before, { next });
          assert.deepEqual(before, kept, "the history itself was changed");
          assert.equal(repair(after as Json[], { next }), after);
          if (after.length === 0) return;
          const asked = next === "user" ? [...after, structuredClone(parts.user)] : after;
          assert.equal(refusalOf(asked), undefined, JSON.stringify(after));
        }),
        { numRuns: RUNS },
      );
    });

    test("what the provider accepts is left alone, however odd", () => {
      fc.assert(
        fc.property(histories, breakages, (history, happened) => {
          const before = broken(history, happened, parts);
          fc.pre(refusalOf(before) === undefined);
          assert.equal(repair(before), before);
        }),
        { numRuns: RUNS / 10 },
      );
    });

    test("no call is lost, none is made up, and no result is one that was not there, but for the honest ones", () => {
      fc.assert(
        fc.property(histories, breakages, (history, happened) => {
          const before = broken(history, happened, parts);
          const after = repair(before);
          assert.deepEqual(callsOf(after).toSorted(), callsOf(before).toSorted());
          assert.equal(resultsOf(after).length, callsOf(after).length);
          const known = new Map<string, number>();
          for (const text of resultsOf(before)) known.set(text, (known.get(text) ?? 0) + 1);
          for (const text of resultsOf(after)) {
            if (text.includes('"mayHaveTakenEffect":true')) continue;
            assert.ok((known.get(text) ?? 0) > 0, text);
            known.set(text, (known.get(text) ?? 0) - 1);
          }
        }),
        { numRuns: RUNS / 5 },
      );
    });
  });
}

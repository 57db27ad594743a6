/** `checkEffects` against what the order of calls on a toy store does by the toy's own rules. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createExecutor, type Effects, type Executor } from "../../src/index.ts";
import { checkEffects, VirtualClock } from "../../src/testing.ts";
import {
  calls,
  declarations,
  DOES,
  EXACT,
  FRESH,
  inputsOf,
  tellingCalls,
  toyTools,
  type Store,
  type ToyCall,
  type ToyInput,
  type ToyName,
} from "../support/toy-store.ts";

type Declarations = Readonly<Record<ToyName, Effects<ToyInput>>>;

const RUNS = 200;

function check(declared: Declarations, samples: readonly ToyCall[]) {
  return checkEffects(
    (store: { now: Store }) => toyTools(store, declared),
    inputsOf(samples),
    () => ({
      now: FRESH,
    }),
  );
}

/** What the calls return, and the store in the end. */
function play(order: readonly ToyCall[]): { readonly outputs: unknown[]; readonly store: Store } {
  let store = FRESH;
  const outputs = order.map(({ name, input }) => {
    const [next, output] = DOES[name](store, input);
    store = next;
    return output;
  });
  return { outputs, store };
}

/** Whether it can be seen in which order the two came, from a fresh store or behind one other call. */
function orderMatters(first: ToyCall, second: ToyCall, samples: readonly ToyCall[]): boolean {
  return [[], ...samples.map((call) => [call])].some((before) => {
    const forth = play([...before, first, second]);
    const back = play([...before, second, first]);
    const [a, b] = forth.outputs.slice(-2);
    const [otherB, otherA] = back.outputs.slice(-2);
    const same = JSON.stringify([a, b, forth.store]) === JSON.stringify([otherA, otherB, back.store]);
    return !same;
  });
}

/** Whether two footprints meet, the slow way: as sets of everything that they touch. */
function mayOverlap(declared: Declarations, first: ToyCall, second: ToyCall): boolean {
  const touched = ({ name, input }: ToyCall) => {
    const effects = declared[name];
    if (effects === "none") return [];
    if (typeof effects === "string") return [{ mode: `${effects}s`, path: "" }];
    return Object.entries(effects(input)).flatMap(([mode, paths]) =>
      (paths as string[]).map((path) => ({ mode, path })),
    );
  };
  const below = (path: string) => (path === "" ? "" : `${path}/`);
  return touched(first).every((one) =>
    touched(second).every(
      (other) =>
        (one.mode === other.mode && one.mode !== "writes") ||
        !(below(one.path).startsWith(below(other.path)) || below(other.path).startsWith(below(one.path))),
    ),
  );
}

const pairText = (names: readonly { readonly name: string; readonly input: unknown }[]) =>
  names
    .map((call) => JSON.stringify([call.name, call.input]))
    .sort()
    .join(" & ");

test("G3: exact declarations are found neither too weak nor too strong", async () => {
  await fc.assert(
    fc.asyncProperty(tellingCalls, async (samples) => {
      const report = await check(EXACT, samples);
      assert.deepEqual([report.tooWeak, report.tooStrong], [[], []], String(report));
    }),
    { numRuns: RUNS },
  );
});

test("G3: a pair of calls is reported as too weak exactly when it may overlap and its order matters", async () => {
  await fc.assert(
    fc.asyncProperty(declarations, calls, async (declared, samples) => {
      const report = await check(declared, samples);
      const expected = samples.flatMap((first, i) =>
        samples
          .slice(i)
          .filter((second) => mayOverlap(declared, first, second) && orderMatters(first, second, samples))
          .map((second) => pairText([first, second])),
      );
      const found = report.tooWeak.filter(({ calls: { length } }) => length === 2);
      assert.deepEqual(found.map((finding) => pairText(finding.calls)).sort(), expected.sort());
    }),
    { numRuns: RUNS },
  );
});

/** Runs a batch whose calls take their time, and tells what it returned and left. */
async function runBatch(declared: Declarations, batch: readonly ToyCall[], delays: readonly number[]) {
  const clock = new VirtualClock();
  const store = { now: FRESH };
  let drawn = 0;
  const wait = () => clock.sleep(delays[drawn++ % delays.length] as number);
  const executor: Executor = createExecutor({ tools: toyTools(store, declared, wait), clock });
  const running = executor.run(batch.map(({ name, input }) => ({ name, input })));
  await clock.runAll();
  const outcomes = await running;
  return { outputs: outcomes.map(({ output }) => output), store: store.now };
}

test("G3: what is found right gives the serial result in a batch, however long each call takes", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      declarations,
      calls,
      fc.record({
        picks: fc.array(fc.nat(), { minLength: 2, maxLength: 3 }),
        delays: fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
      }),
      async (declared, samples, { picks, delays }) => {
        const report = await check(declared, samples);
        if (report.tooWeak.length > 0) return;
        accepted++;
        const batch = picks.map((pick) => samples[pick % samples.length] as ToyCall);
        assert.deepEqual(await runBatch(declared, batch, delays), play(batch), String(report));
      },
    ),
    { numRuns: 2 * RUNS },
  );
  assert.ok(accepted > RUNS / 4, `only ${accepted} were found right`);
});

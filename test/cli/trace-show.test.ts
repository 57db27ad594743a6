import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { renderComparison } from "../../src/cli/trace/comparison.ts";
import { renderPathSteps } from "../../src/cli/trace/path-steps.ts";
import { renderTrace, tellTrace, type ShowOptions } from "../../src/cli/trace/show.ts";
import { renderSummary } from "../../src/cli/trace/summary.ts";
import { compareTraces } from "../../src/trace/compare.ts";
import { criticalPath } from "../../src/trace/critical-path.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

const colours = pc.createColors(false);

function show(trace: Trace, options: Partial<ShowOptions> = {}): string {
  return `\n${renderTrace(trace, { width: 80, colours, ...options }).join("\n")}\n`;
}

test("a run in 60 columns", async () => {
  assert.equal(
    show(traceOf(await virtualTrace()), { width: 60 }),
    `
  ━━ the model writes  ██ runs  ▓▓ runs in vain
  ·· waits for the model  ┄┄ waits for a lock
  ▸ on the critical path

                     0               1 s
▸ model, turn 1      ━━━━━━━━━━━ 700 ms
    read a              ███████ ✓ 400 ms
    read b                ██████ ✓ 400 ms
▸   write a                ·····█████ ✓ 300 ms
▸   write a                  ···┄┄┄┄┄█████ ✓ 300 ms
    fail c                     ▓ ✗ 100 ms failed
▸ model, turn 2                           ━━━━━━━━ 500 ms

▸ critical path      ━━━━━━━━━━━██████████━━━━━━━━
  slots in use          ▄▄██████▄▄▄▄▄▄▄▄▄▄ at most 2
`,
  );
});

test("a run in 110 columns", async () => {
  assert.equal(
    show(traceOf(await virtualTrace()), { width: 110 }),
    `
  ━━ the model writes  ██ runs  ▓▓ runs in vain  ·· waits for the model  ┄┄ waits for a lock
  ▸ on the critical path

                     0                     0.5 s                 1 s                   1.5 s
▸ model, turn 1      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 700 ms
    read a                    █████████████████ ✓ 400 ms
    read b                        ██████████████████ ✓ 400 ms
▸   write a                            ·············█████████████ ✓ 300 ms
▸   write a                                ·········┄┄┄┄lock┄┄┄┄┄█████████████ ✓ 300 ms
    fail c                                     ▓▓▓▓▓ ✗ 100 ms failed
▸ model, turn 2                                                               ━━━━━━━━━━━━━━━━━━━━━━ 500 ms

▸ critical path      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━██████████████████████████━━━━━━━━━━━━━━━━━━━━━━
  slots in use                ▄▄▄▄██████████████████▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄ at most 2
`,
  );
});

test("two runs, with a pool, a retry, a hedge, a call inside another, and a list, in 60 columns", async () => {
  assert.equal(
    show(traceOf(await busyTrace()), { width: 60 }),
    `
  ━━ the model writes  ██ runs  ▓▓ runs in vain
  ≡≡ runs twice at once  ── holds calls
  ┄┄ waits for a slot, a rate, its next attempt
  ▸ on the critical path

                     0              1 s
  run r1 done
▸ model, turn 1      ━━━━━ 300 ms
▸   get slow              ██████████████████≡≡≡ ✓ 1.40 s ×2
    get refused           ▓▓▓┄┄┄┄┄retry┄┄┄┄┄███ ✓ 400 ms ×2
    report                ██████ ✓ 400 ms
      get inner            ███ ✓ 200 ms
  model, turn 2                                ━ 0 ms

  run r2 done
  model, turn 1      ━━━━━━━━ 500 ms
    parallel                 ───────────────────── ✓
▸     get x                  ┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄███ ✓ 200 ms
      get y                  ┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄███ ✓ 200 ms
  model, turn 2                                   ━ 0 ms

▸ critical path      ━━━━━████████████████████████
  slots in use            ▃▃▃▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▃▃▃▂▂▂ 3 of 10
  api                     ▆██▆▃▃▃▃▃▃▃▃▃▃▃▃▃▃███▆▆▆ 3 of 3
`,
  );
});

test("the same in 110 columns", async () => {
  assert.equal(
    show(traceOf(await busyTrace()), { width: 110 }),
    `
  ━━ the model writes  ██ runs  ▓▓ runs in vain  ≡≡ runs twice at once  ── holds calls
  ┄┄ waits for a slot, a rate, its next attempt  ▸ on the critical path

                     0                    0.5 s                1 s                 1.5 s
  run r1 done
▸ model, turn 1      ━━━━━━━━━━━━ 300 ms
▸   get slow                     ██████████████████████████████████████████████████≡≡≡≡≡≡≡≡≡ ✓ 1.40 s ×2
    get refused                  ▓▓▓▓▓▓▓▓▓┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄retry┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄█████████ ✓ 400 ms ×2
    report                       █████████████████ ✓ 400 ms
      get inner                       ████████ ✓ 200 ms
  model, turn 2                                                                             ━ 0 ms

  run r2 done
  model, turn 1      ━━━━━━━━━━━━━━━━━━━━━ 500 ms
    parallel                              ────────────────────────────────────────────────────────── ✓
▸     get x                               ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄slot┄┄┄████████ ✓ 200 ms
      get y                               ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄slot┄┄┄████████ ✓ 200 ms
  model, turn 2                                                                                     ━ 0 ms

▸ critical path      ━━━━━━━━━━━━███████████████████████████████████████████████████████████████████
  slots in use                   ▃▃▃▃▃▃▃▃▃▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▃▃▃▃▃▃▃▃▂▂▂▂▂▂▂▂ 3 of 10
  api                            ▆▆▆▆▆████▆▆▆▆▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃█████████▆▆▆▆▆▆▆▆ 3 of 3
`,
  );
});

test("one run of two", async () => {
  assert.equal(
    show(traceOf(await busyTrace()), { run: "r2" }),
    `
  ━━ the model writes  ██ runs  ── holds calls  ┄┄ waits for a slot, a rate
  ▸ on the critical path

                     0            0.5 s        1 s          1.5 s
▸ model, turn 1      ━━━━━━━━━━━━━ 500 ms
    parallel                      ──────────────────────────────────── ✓
▸     get x                       ┄┄┄┄┄┄┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄█████ ✓ 200 ms
      get y                       ┄┄┄┄┄┄┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄█████ ✓ 200 ms
  model, turn 2                                                       ━ 0 ms

▸ critical path      ━━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄rate┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄█████
  slots in use               ▃▃▃▃▃▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃▃▃▃▃▂▂▂▂▂ 3 of 10
  api                        ▆▆███▆▆▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃█████▆▆▆▆▆ 3 of 3
`,
  );
});

test("of many calls those are left out that are short, did not fail and are not on the critical path", async () => {
  assert.equal(
    show(traceOf(await virtualTrace()), { limit: 3 }),
    `
  ━━ the model writes  ██ runs  ▓▓ runs in vain  ·· waits for the model
  ┄┄ waits for a lock  ▸ on the critical path

                     0             0.5 s        1 s           1.5 s
▸ model, turn 1      ━━━━━━━━━━━━━━━━━━━ 700 ms
▸   write a                     ········████████ ✓ 300 ms
▸   write a                        ·····┄┄lock┄┄████████ ✓ 300 ms
    fail c                           ▓▓▓ ✗ 100 ms failed
▸ model, turn 2                                         ━━━━━━━━━━━━━━ 500 ms

▸ critical path      ━━━━━━━━━━━━━━━━━━━████████████████━━━━━━━━━━━━━━
  slots in use            ▄▄▄███████████▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄ at most 2

  2 of 5 calls left out: the shortest of those that did not fail and are not
  on the critical path. --limit 5 shows all.
`,
  );
});

test("no line is wider than the terminal, and colour changes no character", async () => {
  for (const text of [await virtualTrace(), await busyTrace()]) {
    for (const width of [60, 80, 110]) {
      const plain = show(traceOf(text), { width, limit: 4 });
      assert.ok(
        plain.split("\n").every((line) => line.length <= width),
        plain,
      );
      const painted = show(traceOf(text), { width, limit: 4, colours: pc.createColors(true) });
      assert.notEqual(painted, plain);
      assert.equal(stripVTControlCharacters(painted), plain);
    }
  }
});

test("no name of a run, a pool, a tool or a turn moves the cursor, or turns a line round", async () => {
  const bad = (name: string) => JSON.stringify(`${name}\u001b[2J\u202e\u0007`);
  let text = await busyTrace();
  for (const name of ["r1", "r2", "api", "get", "report"]) text = text.replaceAll(`"${name}"`, bad(name));
  const trace = traceOf(text);
  assert.equal(trace.runs[0]?.name, "r1\u001b[2J\u202e\u0007");
  const options = { width: 80, colours };
  const lines = [
    ...renderTrace(trace, options),
    tellTrace(trace, trace.runs[0]?.name),
    ...renderSummary(trace, options),
    ...renderPathSteps(trace, criticalPath(trace), options),
    ...renderComparison(compareTraces(trace, traceOf(await busyTrace())), { a: trace, b: trace, ...options }),
  ];
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Bidi_Control}]/u);
});

test("wide characters leave the columns where they are", async () => {
  const text = (await busyTrace()).replaceAll('"id":"slow"', '"id":"北京的天气怎么样👍🏽"');
  const lines = renderTrace(traceOf(text), { width: 80, colours });
  const [wide, narrow] = ["北京", "report"].map((what) => lines.find((line) => line.includes(what)) ?? "");
  const barAt = (line = "") => stringWidth(line.slice(0, line.search(/█/)));
  assert.equal(barAt(wide), barAt(narrow));
});

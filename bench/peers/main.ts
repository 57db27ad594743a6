/**
 * `npm run bench:peers`: all scenes in one run, and `docs/benchmarks.md` with its charts from what they found. With
 * `--only name` just one of them, as text, and nothing is written.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { only: { type: "string" } } });

if (!existsSync(new URL("node_modules", import.meta.url))) {
  console.error("The peers are not installed. To have them: npm ci --prefix bench/peers");
  process.exit(2);
}
const { SCENES } = await import("./scenes.ts");
const { sectionOf, writePage } = await import("./page.ts");

const chosen = SCENES.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  console.error(`There is no scene ${values.only}; there are ${SCENES.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const findings = [];
for (const scene of chosen) {
  const from = performance.now();
  const found = await scene.run();
  findings.push(found);
  console.error(`${scene.name} ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  if (values.only !== undefined) console.log(sectionOf(found), `\n\n${found.better.join("\n")}`);
}
if (values.only === undefined) await writePage(findings);
// Whoever was given up on may still have timers.
process.exit(0);

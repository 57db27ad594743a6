/**
 * `npm run bench:workloads`: replays the workloads, and prints the tables of `docs/workloads.md` and whether the aims are met;
 * `--seeds 1000` draws that many latencies for each turn, `--write` puts the tables into the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { aimsOf } from "./aims.ts";
import { markdownTable } from "./markdown-table.ts";
import { measure } from "./figures.ts";
import { report } from "./report.ts";
import { workloadsMissing } from "./workload.ts";

const PAGE = new URL("../../docs/workloads.md", import.meta.url);
const BEGIN = "<!-- what follows is written by npm run bench:workloads -->";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "10" }, write: { type: "boolean", default: false } },
});
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error(`\`--seeds\` must be a positive integer, got ${values.seeds}`);
  process.exit(2);
}
if (workloadsMissing !== false) {
  console.log(workloadsMissing);
  process.exit(0);
}

const figures = await measure(seeds, (name) => console.error(pc.dim(name)));
const aims = aimsOf(figures);
const aimTable = markdownTable(
  ["aim", "measured", "met"],
  aims.map(({ text, measured, met }) => [text, measured, met ? "yes" : "no"]),
);
const tables = `## Figures\n\n### The aims\n\n${aimTable}\n\n${report(figures)}\n`;
console.log(tables);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  const [before] = page.split(BEGIN);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${tables}`);
}

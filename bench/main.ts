/**
 * `npm run bench`: every benchmark as a table, with `--json` as one list of rows, with `--only name` just one of them.
 */
import { parseArgs } from "node:util";
import pc from "picocolors";
import { engineCost } from "./engine-cost.ts";
import { growth } from "./growth.ts";
import { hedging } from "./hedging.ts";
import { limitedBackEnd } from "./limited-back-end.ts";
import { inFlight, leftovers } from "./memory.ts";
import { outage } from "./outage.ts";
import type { Benchmark, Row } from "./row.ts";
import { streamCost } from "./stream-cost.ts";
import { viewer } from "./viewer.ts";
import { traceCost } from "./trace-cost.ts";
import { workloads } from "./workloads.ts";

const BENCHMARKS: readonly Benchmark[] = [
  engineCost,
  growth,
  inFlight,
  leftovers,
  streamCost,
  traceCost,
  limitedBackEnd,
  outage,
  hedging,
  workloads,
  viewer,
];

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });
const chosen = BENCHMARKS.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  console.error(
    `There is no benchmark ${values.only}; there are ${BENCHMARKS.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

const rows: Row[] = [];
for (const benchmark of chosen) {
  if (values.json !== true) console.log(`\n${pc.bold(benchmark.name)}  ${pc.dim(benchmark.about)}`);
  const measured = await benchmark.run();
  rows.push(...measured);
  if (values.json !== true) for (const row of measured) console.log(line(row));
}
if (values.json === true) console.log(JSON.stringify(rows, null, 2));

function line({ subject, n, value, unit, ratio, ratioTo }: Row): string {
  const figure = value.toLocaleString("en", { maximumFractionDigits: 2 });
  const columns = [
    `n = ${n.toLocaleString("en")}`.padEnd(13),
    subject.padEnd(40),
    `${figure} ${unit}`.padStart(18),
  ];
  return `  ${columns.join(" ")}   ${ratio.toFixed(2).padStart(6)} × ${pc.dim(ratioTo)}`;
}

/** `docs/benchmarks.md` and its charts. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { format, resolveConfig } from "prettier";
import { chartOverhead, chartTimes } from "./chart.ts";
import type { Findings } from "./findings.ts";
import { versions } from "./versions.ts";

const DOCS = new URL("../../docs/", import.meta.url);

/** How all of it is measured, so that each reader can judge. */
const RULES = [
  "Real clients over a simulated provider (`tutti/simulator`) on the loopback interface: no model, no network, no key. The model says the same at the same pace to all; what it says is scripted.",
  "One run, one machine, one after the other: in each round every contestant takes its turn, so that a machine that becomes slower does so for all. Medians count; the first rounds do not.",
  "Every contestant has its best documented configuration for the scene: its streaming interface where responses are streamed, its limit and its timeout where it has them, tool calls that start early where it can. What it is told is in its file in [bench/peers](../bench/peers).",
  "All validate their input with the same zod schema and keep their history as their documentation has it.",
  "`Promise.all` and p-limit are a short loop around Anthropic's client, the least that works.",
  "A contestant counts as faster if it was so in nine rounds of ten, and by 1 % in the median.",
];

/** Writes all of it, whatever was there before. */
export async function writePage(findings: readonly Findings[]): Promise<void> {
  const times = findings.flatMap(({ bars }) => bars ?? []);
  await writeFile(new URL("benchmarks.svg", DOCS), await chartTimes(times));
  const points = findings.flatMap((found) => found.points ?? []);
  await writeFile(new URL("benchmarks-overhead.svg", DOCS), await chartOverhead(points));
  const page = new URL("benchmarks.md", DOCS);
  const style = await resolveConfig(page);
  await writeFile(page, await format(await pageOf(findings), { ...style, parser: "markdown" }));
}

async function pageOf(findings: readonly Findings[]): Promise<string> {
  const better = findings.flatMap((found) => found.better);
  const date = new Date().toISOString().slice(0, 10);
  return [
    "# Benchmarks beside the peers",
    "Written by the command below; do not edit. What the engine costs alone, and limits, hedges and outages, are in `npm run bench`.",
    "```sh\nnpm ci && npm ci --prefix bench/peers\nnpm run bench:peers\n```",
    `Run on ${date} with Node ${process.versions.node} on ${availableParallelism()} CPUs: ${(await versions()).join(", ")}.`,
    "![The times of the scenes below](benchmarks.svg)",
    "## Rules",
    RULES.map((rule) => `- ${rule}`).join("\n"),
    "## Where a peer is better",
    better.length === 0
      ? "In nothing beyond noise, in this run."
      : better.map((sentence) => `- ${sentence}`).join("\n"),
    ...findings.map(sectionOf),
    "",
  ].join("\n\n");
}

/** One scene. */
export function sectionOf({ title, about, columns, rows, notes = [], points }: Findings): string {
  const table = [columns, columns.map((_, i) => (i === 0 ? "---" : "--:")), ...rows].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  const chart = points === undefined ? [] : ["![The same as lines](benchmarks-overhead.svg)"];
  return [`## ${title}`, ...about, table.join("\n"), ...notes, ...chart].join("\n\n");
}

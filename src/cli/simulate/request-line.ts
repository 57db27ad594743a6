/** What a simulator was asked, in a line that people read, and a line more for each warning. Pure. */
import type { RequestRecord, Verdict } from "../../simulator/request-log.ts";
import { formatMs } from "../../trace/format.ts";
import type { Colours } from "../colours.ts";

/** The lines of a request that is over. `number` counts from 1. */
export function renderRequest(request: RequestRecord, number: number, colours: Colours): string[] {
  const { method, path, turn, verdict, warnings, receivedMs, endedMs } = request;
  const what = turn === undefined ? `${method} ${path}` : `turn ${turn + 1}`;
  const time = formatMs((endedMs ?? receivedMs) - receivedMs);
  const head = `${String(number).padStart(3)}  ${what}`;
  return [
    `${head}  ${verdictOf(verdict, colours)}  ${colours.dim(time)}`,
    ...warnings.map(({ message }) => `     ${colours.yellow(`! ${message}`)}`),
  ];
}

function verdictOf(verdict: Verdict, { green, red, yellow }: Colours): string {
  switch (verdict.kind) {
    case "pending":
      return "…";
    case "answered":
      return green("✓ answered");
    case "refused":
      return red(`✗ refused: ${verdict.refusal.status} ${reasonOf(verdict.refusal.body)}`);
    case "failed":
      return yellow(`✗ failed, as the scenario says (${verdict.failure})`);
    case "aborted":
      return yellow("– aborted");
  }
}

function reasonOf(body: { readonly [field: string]: unknown }): string {
  const { error } = body as { readonly error?: { readonly message?: unknown } };
  return typeof error?.message === "string" ? error.message : JSON.stringify(body);
}

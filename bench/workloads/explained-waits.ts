/**
 * Whether the trace alone says why calls did not overlap: each call that started late names what it waited for: a call that it
 * refers to, or one that declares the same resource, or a slot; and the waits add up.
 */
import type { BatchEvent, Wait } from "../../src/index.ts";
import { conflict, type ResolvedEffects } from "../../src/core/effects.ts";
import { overlaps, parseResource, type Path } from "../../src/core/resource.ts";
import type { Pair } from "./workload.ts";

const TOLERANCE_MS = 0.001;

/** What was found in a turn's events. */
export interface WaitFindings {
  /** Calls that did not start with the turn. */
  readonly late: number;
  /** What the trace leaves unexplained, in words. */
  readonly unexplained: readonly string[];
}

/** What a turn's calls may wait for, by their index. */
export interface Reasons {
  readonly touched: readonly ResolvedEffects[];
  /** The later call refers to the earlier one's output. */
  readonly data: readonly Pair[];
}

/** Goes through the events of one turn. */
export function findWaits(events: readonly BatchEvent[], reasons: Reasons): WaitFindings {
  const indexes = new Map<string, number>();
  const unexplained: string[] = [];
  let fromMs = 0;
  let late = 0;
  for (const event of events) {
    if (event.type === "batch.opened") fromMs = event.at;
    if (event.type === "call.queued") indexes.set(event.call.key, event.call.index);
    if (event.type !== "call.started" || event.at - fromMs < TOLERANCE_MS) continue;
    late++;
    const me = indexes.get(event.call) ?? -1;
    const told = event.waits.reduce((sum, { ms }) => sum + ms, 0);
    if (Math.abs(told - (event.at - fromMs)) > TOLERANCE_MS)
      unexplained.push(`${event.call} waited ${event.at - fromMs} ms and tells of ${told} ms`);
    for (const wait of event.waits) {
      if (!isExplained(wait, me, { ...reasons, indexOf: (call) => indexes.get(call) ?? -1 }))
        unexplained.push(`${event.call} waited for ${JSON.stringify(wait)}`);
    }
  }
  return { late, unexplained };
}

function isExplained(
  wait: Wait,
  me: number,
  { touched, data, indexOf }: Reasons & { readonly indexOf: (call: string) => number },
): boolean {
  switch (wait.for) {
    case "slot":
      return wait.pool === "executor";
    case "call":
      return data.some(([earlier, later]) => later === me && earlier === indexOf(wait.call));
    case "lock": {
      const mine = touched[me];
      const others = touched[indexOf(wait.heldBy)];
      if (mine === undefined || others === undefined || !conflict(mine, others)) return false;
      const resource = parseResource(wait.resource);
      return declares(mine, resource) && declares(others, resource);
    }
    case "validation":
    case "close":
    case "rate":
    case "approval":
    case "retry":
      return false;
  }
}

function declares({ reads, writes, commutes }: ResolvedEffects, resource: Path): boolean {
  return [...reads, ...writes, ...commutes].some((path) => overlaps(path, resource));
}

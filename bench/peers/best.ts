/**
 * The least time that a conversation can take: the model's own, and what the slowest chain of calls adds to it.
 *
 * A call can start when the model has moved on from it, if responses are streamed, else when the response has come whole; one
 * that uses the output of call n starts when that has ended. The next request is made when all have ended.
 */
import {
  commitTimes,
  endOf,
  planTurn,
  turnsOf,
  type CallBlock,
  type Scenario,
} from "../../src/simulator/simulator.ts";

/** How long a call of a tool with this `id` takes. */
export type DelayMs = (id: string) => number;

/** For all turns of a scenario. */
export function bestMs(scenario: Scenario, delayMs: DelayMs, stream: boolean): number {
  let total = 0;
  for (const turn of turnsOf(scenario)) {
    const timeline = planTurn(turn, scenario.seed);
    const whole = endOf(timeline);
    const ends: number[] = [];
    for (const { call, atMs } of commitTimes(timeline)) {
      const id = idOf(call);
      const from = Math.max(stream ? atMs : whole, ends[referredTo(id)] ?? 0);
      ends.push(from + delayMs(id));
    }
    total += Math.max(whole, ...ends);
  }
  return total;
}

function idOf({ input }: CallBlock): string {
  return String(input["id"]);
}

/** The place, from 0, of the call whose output an input of `$2.city.id` uses; -1 if it is no such input. */
function referredTo(id: string): number {
  return Number(/^\$(\d+)\./.exec(id)?.[1] ?? 0) - 1;
}

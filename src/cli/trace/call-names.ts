/** The calls of a trace, as text names them. */
import type { Trace } from "../../trace/trace.ts";
import { describeCall, labelOf } from "../call-words.ts";
import { oneLine } from "../format.ts";

/** Names calls by their keys; one that the trace does not know is its key. */
export class CallNames {
  readonly #calls: ReadonlyMap<string, Trace["calls"][number]>;

  constructor({ calls }: Pick<Trace, "calls">) {
    this.#calls = new Map(calls.map((call) => [call.key, call]));
  }

  /** The turn that it is of, by its key: `r1/2`. */
  turn(key: string): string {
    const call = this.#calls.get(key);
    return oneLine(call?.turn ?? call?.batch ?? "");
  }

  /** As in a waterfall: `get_order 17`. */
  short(key: string): string {
    const call = this.#calls.get(key);
    return call === undefined ? oneLine(key) : labelOf(call.call);
  }

  /** As one would write it: `get_order(17, true)`. */
  long(key: string): string {
    const call = this.#calls.get(key);
    return call === undefined ? oneLine(key) : describeCall(call.call);
  }
}

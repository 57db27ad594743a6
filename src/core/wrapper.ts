/**
 * Calls wrapped in one: in the batch tool, in a plan, or in a tool that does not exist. A model sometimes asks for
 * `multi_tool_use.parallel`, or for `parallel`, with a list of the calls it means. The calls inside are run as calls of the batch,
 * and answered together (contract §7). In a plan they have names, by which they refer to each other.
 */
import type { CallRequest } from "./call-request.ts";
import { invalidInput, invalidReference, type Failure } from "./failure.ts";
import { isObject } from "./is-object.ts";
import type { LiveCall } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import { isWord, type Grammar, type ReferenceMode } from "./reference.ts";
import type { Frame } from "./references.ts";
import type { Tool } from "./tool.ts";

const WRAPPERS: readonly string[] = ["multi_tool_use.parallel", "parallel"];

/** A plan of thousands of calls is not told whole for each that is wrong. */
const MOST_NAMED = 50;

/** Whether calls of a name, and of the tool of that name if there is one, are wrappers. */
export function isWrapper(name: string, tool: Tool | undefined): boolean {
  return tool === undefined ? WRAPPERS.includes(name) : tool.wraps !== undefined;
}

/** A call in a wrapper. */
export interface WrappedCall {
  readonly request: CallRequest;
  /** What a plan calls it. */
  readonly node: string | undefined;
  /** The nodes that it comes after. */
  readonly after: readonly string[];
}

/** The calls that an input wraps; undefined if it is no list of calls. */
export function unwrap(input: unknown, tool: Tool | undefined): WrappedCall[] | undefined {
  if (!isObject(input)) return undefined;
  const list = input["tool_uses"] ?? input["calls"];
  if (!Array.isArray(list)) return undefined;
  const calls = list.map((item) => readCall(item, tool?.wraps === "plan"));
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

/** The calls in one wrapper. */
interface Wrapper {
  readonly frame: Frame;
  readonly wrapped: readonly WrappedCall[];
  /** As many of them as have been made. */
  readonly calls: LiveCall[];
  unsettled: number;
}

/** The wrappers of one batch, and the calls in each. */
export class Wrappers {
  readonly #wrappers = new Map<LiveCall, Wrapper>();
  readonly #mode: ReferenceMode | undefined;

  /** `mode` says how references are read; undefined if only in plans. */
  constructor(mode: ReferenceMode | undefined) {
    this.#mode = mode;
  }

  /** A call turned out to wrap these. */
  add(wrapper: LiveCall, wrapped: readonly WrappedCall[]): void {
    const calls: LiveCall[] = [];
    const isPlan = wrapper.tool?.wraps === "plan";
    const frame = isPlan
      ? new PlanFrame(wrapped, calls, this.#mode ?? "exact")
      : new NumberedFrame(calls, this.#mode);
    this.#wrappers.set(wrapper, { frame, wrapped, calls, unsettled: wrapped.length });
  }

  has(live: LiveCall): boolean {
    return this.#wrappers.has(live);
  }

  /** The calls in a wrapper; grows. */
  callsIn(wrapper: LiveCall): LiveCall[] {
    return this.#wrappers.get(wrapper)?.calls ?? [];
  }

  /** Where the references of a call in a wrapper are looked up. */
  frameOf(wrapper: LiveCall): Frame | undefined {
    return this.#wrappers.get(wrapper)?.frame;
  }

  /** Tells which calls one of them comes after; what is wrong with it, if a plan is. */
  connect(wrapper: LiveCall, index: number, comesAfter: (before: LiveCall) => void): Failure | undefined {
    const plan = this.#wrappers.get(wrapper);
    const { node, after = [] } = plan?.wrapped[index] ?? {};
    if (plan === undefined || node === undefined) return undefined;
    const { wrapped, calls } = plan;
    const first = wrapped.findIndex((other) => other.node === node);
    if (first !== index) return invalidInput(`not executed: two calls of the plan are called "${node}"`);
    for (const name of after) {
      const before = calls[wrapped.findIndex((other) => other.node === name)];
      if (name === node) return invalidReference(`\`after\` of "${node}" names itself`, undefined);
      if (before === undefined)
        return invalidReference(`\`after\` names "${name}", and ${plan.frame.describe()}`, undefined);
      comesAfter(before);
    }
    return undefined;
  }

  /** What a plan calls a call in it. */
  nodeAt(wrapper: LiveCall, index: number): string | undefined {
    return this.#wrappers.get(wrapper)?.wrapped[index]?.node;
  }

  /** A call has settled: its wrapper, and what answers it, if this was the last one in it. */
  settled({ wrapper }: LiveCall): { readonly live: LiveCall; readonly output: unknown[] } | undefined {
    const inside = wrapper && this.#wrappers.get(wrapper);
    if (wrapper === undefined || inside === undefined || --inside.unsettled > 0) return undefined;
    const { calls } = inside;
    return { live: wrapper, output: calls.map((live) => answerOf(live.outcome)) };
  }
}

/** Calls that are numbered as they stand in a list. The list may grow. */
export class NumberedFrame implements Frame {
  readonly grammar: Grammar | undefined;
  readonly #calls: readonly LiveCall[];

  constructor(calls: readonly LiveCall[], mode: ReferenceMode | undefined) {
    this.grammar = mode && { mode, names: "numbers" };
    this.#calls = calls;
  }

  find(name: string): LiveCall | undefined {
    return this.#calls[Number(name) - 1];
  }

  describe(): string {
    const { length } = this.#calls;
    return `there ${length === 1 ? "is 1 call" : `are ${length} calls`}`;
  }
}

/** Calls that have names. */
class PlanFrame implements Frame {
  readonly grammar: Grammar;
  readonly #names: readonly string[];
  readonly #calls: readonly LiveCall[];

  constructor(wrapped: readonly WrappedCall[], calls: readonly LiveCall[], mode: ReferenceMode) {
    this.#names = wrapped.map(({ node }) => node as string);
    this.#calls = calls;
    this.grammar = { mode, names: new Set(this.#names) };
  }

  find(name: string): LiveCall | undefined {
    return this.#calls[this.#names.indexOf(name)];
  }

  describe(): string {
    const some = this.#names.slice(0, MOST_NAMED);
    return `the plan has ${some.join(", ")}${this.#names.length > MOST_NAMED ? ", …" : ""}`;
  }
}

function answerOf({ call, status, output, error }: Outcome): unknown {
  const { name, node } = call;
  const what = node === undefined ? { name, status } : { id: node, tool: name, status };
  if (error === undefined) return { ...what, output };
  const { code, message, retryable, mayHaveTakenEffect } = error;
  return { ...what, error: { code, message, retryable, mayHaveTakenEffect } };
}

function readCall(item: unknown, isNode: boolean): WrappedCall | undefined {
  if (!isObject(item)) return undefined;
  const name = item["recipient_name"] ?? item["tool"] ?? item["name"];
  const input = item["parameters"] ?? item["arguments"] ?? item["input"] ?? {};
  const { id } = item;
  // Strict schemas have models fill in every field.
  const after = item["after"] ?? [];
  if (typeof name !== "string") return undefined;
  // What could not be referred to would be taken for a text where it is.
  if (isNode && (typeof id !== "string" || !isWord(id) || !isListOfNames(after))) return undefined;
  // The model names a tool by the namespace it imagines it in.
  const bare = name.replace(/^functions\./, "");
  return {
    request: typeof input === "string" ? { name: bare, inputText: input } : { name: bare, input },
    node: isNode ? (id as string) : undefined,
    after: isNode ? (after as readonly string[]) : [],
  };
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

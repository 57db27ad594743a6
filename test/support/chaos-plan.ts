/** Random batches: what is asked for, and how each tool will behave. */
import fc from "fast-check";

export const LEAVES = ["a/x", "a/y", "b"] as const;
export const GRACE_MS = 7;
export const TIMEOUT_MS = 15;
export const DEADLINE_MS = 12;
export const POOL = 2;
/** Calls that may wait for the pool with a rate. */
export const RATED_QUEUE = 2;
export const HOST = 3;
export const API = 2;

/** The tools whose calls are tried again, and whose back-end is well again after some attempts. */
export const FLAKY: readonly string[] = ["flaky", "busy"];
/** Those whose calls may have two attempts at once. */
export const HEDGED: readonly string[] = ["hedged", "hedged-api"];
/** Those whose calls go together. */
export const GATHERED: readonly string[] = ["gathered", "gathered-api"];
/** Those that run calls inside. */
export const OUTER: readonly string[] = ["outer", "outer-api", "parallel"];

/** How a tool's body behaves once its time has passed, or its signal aborts. */
export type Ending =
  | "return"
  | "throw"
  | "throw-sync"
  | "throw-undefined"
  | "write-and-throw"
  | "hang"
  | "deaf"
  | "refuse"
  | "break"
  | "outage";

/** One call: what it is asked for, and how it will behave. */
export interface CallPlan {
  readonly tool: string;
  readonly flaw: "none" | "bad-json" | "bad-input" | "bad-effects" | "truncated";
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly ms: number;
  readonly ending: Ending;
  readonly inner: readonly CallPlan[];
  readonly awaitsInner: boolean;
  readonly pauseMs: number;
  /** What the asker says, if the call needs approval, and how long it takes. */
  readonly decision: "allow" | "deny" | "always" | "throw";
  readonly decideMs: number;
}

/** One batch. */
export interface BatchPlan {
  readonly calls: readonly CallPlan[];
  readonly startMs: number;
  readonly streamed: boolean;
  readonly eager: "off" | "reads" | "all";
  readonly end: "close" | "truncate" | "discard";
  readonly abortMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly onFailure: "continue" | "cancel-siblings";
}

export interface Plan {
  readonly concurrency: number;
  readonly maxCalls: number;
  readonly batches: readonly BatchPlan[];
}

const TOOLS = [
  "free",
  "free",
  "free",
  "one",
  "pooled-a",
  "pooled-b",
  "late",
  "later",
  "all-read",
  "all-write",
  "pure",
  "checked",
  "hasty",
  "flaky",
  "flaky",
  "hedged",
  "shared",
  "shared",
  "gathered",
  "gathered",
  "gated",
  "rated",
  "adaptive",
  "busy",
  "busy",
  "hedged-api",
  "gathered-api",
  "outer",
  "outer-api",
  "unknown",
  "parallel",
];

const resource = fc.constantFrom("", "a", "a/x", "a/x", "a/y", "b", "b");

/** A random call; `depth` is how deep calls inside it may go. */
function callPlan(depth: number): fc.Arbitrary<CallPlan> {
  const inner = depth === 0 ? fc.constant([]) : fc.array(callPlan(depth - 1), { maxLength: 4 });
  return fc
    .record({
      tool: fc.constantFrom(...TOOLS.filter((tool) => depth > 0 || !OUTER.includes(tool))),
      flaw: fc.oneof(
        { weight: 12, arbitrary: fc.constant("none" as const) },
        { weight: 1, arbitrary: fc.constantFrom("bad-json", "bad-input", "bad-effects", "truncated") },
      ),
      reads: fc.array(resource, { maxLength: 2 }),
      writes: fc.array(resource, { maxLength: 2 }),
      ms: fc.nat(20),
      ending: fc.oneof(
        { weight: 8, arbitrary: fc.constant("return" as const) },
        {
          weight: 3,
          arbitrary: fc.constantFrom<Ending>(
            "throw",
            "throw-sync",
            "throw-undefined",
            "write-and-throw",
            "hang",
            "deaf",
            "refuse",
            "break",
            "outage",
            "outage",
          ),
        },
      ),
      inner,
      awaitsInner: fc.boolean(),
      pauseMs: fc.nat(6),
      decision: fc.constantFrom("allow", "allow", "deny", "always", "throw"),
      decideMs: fc.nat(12),
    })
    .map(alike);
}

/** Calls that share what they do must often be the same; those that run together run nothing inside. */
function alike(plan: CallPlan): CallPlan {
  if (GATHERED.includes(plan.tool)) return { ...plan, inner: [] };
  if (plan.tool !== "shared") return plan;
  const reads = plan.reads.slice(0, 1);
  const ending = plan.ending === "return" ? "return" : "throw";
  const same = { flaw: "none", writes: [], inner: [], awaitsInner: true, decision: "allow" } as const;
  return { ...same, tool: "shared", reads, ms: plan.ms % 2 === 0 ? 6 : 7, ending, pauseMs: 0, decideMs: 0 };
}

const sometimes = (max: number) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.nat(max));

const batchPlan: fc.Arbitrary<BatchPlan> = fc.record({
  calls: fc.array(callPlan(2), { maxLength: 9 }),
  startMs: fc.nat(10),
  streamed: fc.boolean(),
  eager: fc.constantFrom("off", "reads", "all"),
  end: fc.oneof(
    { weight: 6, arbitrary: fc.constant("close" as const) },
    fc.constantFrom("truncate", "discard"),
  ),
  abortMs: sometimes(40),
  deadlineMs: sometimes(40).map((ms) => (ms === undefined ? undefined : ms + 1)),
  onFailure: fc.constantFrom("continue", "continue", "cancel-siblings"),
});

/** Random batches, up to three of which share one executor. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  concurrency: fc.constantFrom(1, 2, 3, 10),
  maxCalls: fc.constantFrom(3, 128, 128),
  batches: fc.array(batchPlan, { minLength: 1, maxLength: 3 }),
});

/** The leaves of the store that paths cover. */
export function leavesOf(paths: readonly string[]): string[] {
  return LEAVES.filter((leaf) =>
    paths.some((path) => path === "" || leaf === path || leaf.startsWith(`${path}/`)),
  );
}

/** What a tool's calls really touch. */
export function footprintOf(
  tool: string,
  { reads, writes }: Pick<CallPlan, "reads" | "writes">,
): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  if (tool === "all-read") return { reads: [""], writes: [] };
  if (tool === "all-write") return { reads: [], writes: [""] };
  if (tool === "pure" || tool === "parallel") return { reads: [], writes: [] };
  return { reads, writes };
}

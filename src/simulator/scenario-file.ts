/**
 * Reads a scenario: YAML text, or the same as a plain object. What is wrong with it is said in one line that names the
 * place, what was expected there and what came; it is thrown as a `TuttiError` `invalid-file`.
 */
import { parseDocument } from "yaml";
import { z } from "zod";
import { TuttiError } from "../core/errors.ts";
import { fields, wordIssues } from "./scenario-issue.ts";
import { CALLS_PER_TURN, type Block, type Failure, type Scenario, type ScenarioTurn } from "./scenario.ts";
import { createToken } from "./seed.ts";

const ms = z.number().nonnegative();
const speed = z.union([z.number().positive(), z.literal(Infinity)]);
const count = z.int().nonnegative();
const times = z.union([z.int().positive(), z.literal(Infinity)]).default(1);
const httpError = z.int().min(400).max(599);

/** A block of words: its text alone, or with more to say of it. */
const words = <Shape extends z.ZodRawShape>(more: Shape) =>
  z.preprocess(
    (value) => (typeof value === "string" ? { text: value } : value),
    fields({ text: z.string().min(1), pauseMs: ms.default(0), ...more }, "a text"),
  );

const call = {
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
  id: z.string().optional(),
  pauseMs: ms.default(0),
};

const place = { afterEvents: count.optional(), inBlock: count.optional() };

const failure = z.discriminatedUnion(
  "kind",
  [
    fields({
      kind: z.literal("status"),
      status: httpError,
      retryAfterSeconds: count.optional(),
      message: z.string().optional(),
      times,
    }),
    fields({ kind: z.literal("cut"), ...place, times }),
    fields({ kind: z.literal("error-event"), status: httpError.default(529), ...place, times }),
    fields({ kind: z.literal("token-limit"), inBlock: count, times }),
  ],
  { error: () => "an object" },
);

const pacing = { timeToFirstTokenMs: ms, tokensPerSecond: speed };

const turn = fields({
  thinking: words({ signature: z.string().optional() }).optional(),
  text: words({}).optional(),
  serverCalls: z.array(fields({ ...call, result: z.unknown().optional() })).default([]),
  calls: z.array(fields(call)).default([]),
  stop: z.enum(["calls", "end", "truncated", "refused", "paused"]).optional(),
  timeToFirstTokenMs: pacing.timeToFirstTokenMs.optional(),
  tokensPerSecond: pacing.tokensPerSecond.optional(),
  failures: z.array(failure).default([]),
  usage: fields({ inputTokens: count.optional(), outputTokens: count.optional() }).default({}),
});

const scenario = fields({
  name: z.string().default("scenario"),
  seed: z.int().default(1),
  callsPerTurn: z.enum(CALLS_PER_TURN).default("all"),
  timeToFirstTokenMs: pacing.timeToFirstTokenMs.default(600),
  tokensPerSecond: pacing.tokensPerSecond.default(80),
  turns: z.array(turn).min(1),
});

/** A scenario as it is written, with its defaults left out. */
export type ScenarioInput = z.input<typeof scenario>;

/** What `parseScenario` may be told beside the scenario. */
export interface ParseScenarioOptions {
  /**
   * The file's name, for error messages.
   *
   * @default "scenario"
   */
  readonly source?: string;
}

/**
 * Reads and checks a scenario, and fills in its defaults.
 *
 * @throws TuttiError `invalid-file`, with the place and the reason in one line
 */
export function parseScenario(input: string | ScenarioInput, options: ParseScenarioOptions = {}): Scenario {
  const source = options.source ?? "scenario";
  const value: unknown = typeof input === "string" ? readYaml(input, source) : input;
  const result = scenario.safeParse(value, { reportInput: true });
  if (!result.success) throw invalid(`${source}: ${wordIssues(result.error.issues)}`, result.error);
  const { name, seed, callsPerTurn, turns, ...pace } = result.data;
  return {
    name,
    seed,
    callsPerTurn,
    turns: turns.map((spec, index) => {
      const built = buildTurn(spec, { ...pace, key: `${seed}/${index}` });
      checkBlocks(built, `${source}: turns[${index}]`);
      return built;
    }),
  };
}

function readYaml(text: string, source: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    const reason = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "");
    throw invalid(`${source}:${line ?? 1}: not YAML: ${reason}`, error);
  }
  return document.toJS();
}

type TurnSpec = z.output<typeof turn>;

function buildTurn(
  spec: TurnSpec,
  defaults: ScenarioTurn["pacing"] & { readonly key: string },
): ScenarioTurn {
  return {
    blocks: buildBlocks(spec, defaults.key),
    stop: spec.stop ?? (spec.calls.length > 0 ? "calls" : "end"),
    pacing: {
      timeToFirstTokenMs: spec.timeToFirstTokenMs ?? defaults.timeToFirstTokenMs,
      tokensPerSecond: spec.tokensPerSecond ?? defaults.tokensPerSecond,
    },
    failures: spec.failures.map(buildFailure),
    usage: { inputTokens: spec.usage.inputTokens, outputTokens: spec.usage.outputTokens },
  };
}

function buildBlocks(spec: TurnSpec, key: string): Block[] {
  const blocks: Block[] = [];
  if (spec.thinking !== undefined) {
    const { text, signature, pauseMs } = spec.thinking;
    blocks.push({ kind: "thinking", text, signature, pauseMs });
  }
  if (spec.text !== undefined) blocks.push({ kind: "text", ...spec.text });
  for (const [i, { name, input, id, pauseMs, result }] of spec.serverCalls.entries()) {
    const token = createToken(`${key}/server/${i}`, 22);
    blocks.push({ kind: "server-call", id, token, name, input, pauseMs });
    if (result !== undefined) blocks.push({ kind: "server-result", id, token, name, result, pauseMs: 0 });
  }
  for (const [i, { name, input, id, pauseMs }] of spec.calls.entries()) {
    blocks.push({ kind: "call", id, token: createToken(`${key}/call/${i}`, 22), name, input, pauseMs });
  }
  return blocks;
}

function buildFailure(spec: z.output<typeof failure>): Failure {
  switch (spec.kind) {
    case "status": {
      const { kind, status, retryAfterSeconds, message } = spec;
      return { kind, status, retryAfterSeconds, message, times: spec.times };
    }
    case "cut":
      return { kind: "cut", at: placeOf(spec), times: spec.times };
    case "error-event":
      return { kind: "error-event", status: spec.status, at: placeOf(spec), times: spec.times };
    case "token-limit":
      return { kind: "token-limit", at: { inBlock: spec.inBlock }, times: spec.times };
  }
}

/** A failure that does not say where it strikes, strikes in the middle of the first block. */
function placeOf(spec: { afterEvents?: number | undefined; inBlock?: number | undefined }) {
  return spec.afterEvents === undefined ? { inBlock: spec.inBlock ?? 0 } : { afterEvents: spec.afterEvents };
}

/** What the shape alone cannot tell. */
function checkBlocks({ blocks, stop, failures }: ScenarioTurn, path: string): void {
  if (blocks.length === 0 && stop === "end") {
    throw invalid(`${path}: expected thinking, text, serverCalls or calls, got none of them`);
  }
  for (const [i, failure] of failures.entries()) {
    if (failure.kind === "status" || !("inBlock" in failure.at)) continue;
    const { inBlock } = failure.at;
    if (inBlock < blocks.length) continue;
    const there = blocks.map(({ kind }, at) => `${at} ${kind}`).join(", ");
    throw invalid(
      `${path}.failures[${i}].inBlock: expected one of the turn's blocks (${there}), got ${inBlock}`,
    );
  }
}

function invalid(message: string, cause?: unknown): TuttiError {
  return new TuttiError("invalid-file", message, { cause });
}

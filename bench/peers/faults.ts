/**
 * What happens when a call goes wrong: not how fast, but whether the conversation survives. In each fault the model calls
 * three tools, of which the one in the middle goes wrong.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseScenario, startSimulator } from "../../src/simulator/simulator.ts";
import { answersIn, type Answers } from "./answers.ts";
import type { Contestant, Talk, Tool } from "./contestant.ts";
import { CONTESTANTS, tutti } from "./contestants.ts";
import { betterOf, describe, isBetter, type Fate } from "./fate.ts";
import type { Findings, Scene } from "./findings.ts";
import { StillRunning, within } from "./guard.ts";

const TITLE = "Faults";
const GUARD_MS = 1_800;
const TOOL_TIMEOUT_MS = 300;
const ABORT_AFTER_MS = 200;

/** A fault: the call in the middle, and what else is special. */
interface Fault {
  readonly title: string;
  readonly call: { readonly name: string; readonly input: { readonly id: string } };
  /** Whether responses are streamed; of several, the one with which the contestant fares better counts. @default [false] */
  readonly stream?: readonly boolean[];
  readonly toolTimeoutMs?: number;
  readonly abortAfterMs?: number;
}

const FAULTS: readonly Fault[] = [
  { title: "a tool throws", call: { name: "fragile", input: { id: "x" } } },
  {
    title: "a tool hangs",
    call: { name: "stuck", input: { id: "x" } },
    toolTimeoutMs: TOOL_TIMEOUT_MS,
  },
  { title: "an unknown tool", call: { name: "missing", input: { id: "x" } } },
  // Only in streams does Anthropic send arguments as text.
  { title: "bad JSON", call: { name: "look", input: { id: "~" } }, stream: [true] },
  {
    title: "abort",
    call: { name: "slow", input: { id: "x" } },
    stream: [false, true],
    abortAfterMs: ABORT_AFTER_MS,
  },
  {
    title: "abort that the tool ignores",
    call: { name: "stuck", input: { id: "x" } },
    stream: [false, true],
    abortAfterMs: ABORT_AFTER_MS,
  },
];

const SIBLINGS: readonly string[] = ["a", "b"];

const TOOLS: readonly Tool[] = [
  { name: "fragile", execute: () => Promise.reject(new Error("the disk is full")) },
  {
    name: "slow",
    execute: async (_, signal) => {
      await sleep(10_000, undefined, { signal: signal ?? undefined });
    },
  },
  // It ignores its signal, as many tools do.
  { name: "stuck", execute: () => new Promise(() => {}) },
];

export const faults: Scene = {
  name: "faults",
  run: async () => {
    const fates = new Map<Contestant, Fate[]>();
    const stray: unknown[] = [];
    const note = (error: unknown) => stray.push(error);
    process.on("unhandledRejection", note).on("uncaughtException", note);
    for (const fault of FAULTS) {
      for (const contestant of CONTESTANTS) {
        const each: Fate[] = [];
        for (const stream of fault.stream ?? [false]) {
          stray.length = 0;
          const fate = await meet({ ...fault, stream }, contestant);
          // What nobody has caught comes a moment later.
          await sleep(50);
          each.push({ ...fate, stray: stray.map(String) });
        }
        fates.set(contestant, [...(fates.get(contestant) ?? []), betterOf(each)]);
      }
    }
    process.off("unhandledRejection", note).off("uncaughtException", note);
    return write(fates);
  },
};

/** Lets one contestant meet one fault. */
async function meet(
  { call, stream, toolTimeoutMs, abortAfterMs }: Omit<Fault, "stream"> & { readonly stream: boolean },
  { start, protocol }: Contestant,
): Promise<Fate> {
  const look = (id: string) => ({ name: "look", input: { id } });
  const scenario = parseScenario({
    timeToFirstTokenMs: 10,
    tokensPerSecond: Infinity,
    turns: [{ calls: [look("a"), call, look("b")] }, { text: "Done." }, { text: "Done again." }],
  });
  await using simulator = await startSimulator({ scenario });
  let guessed = false;
  const execute: Tool["execute"] = async ({ id }) => {
    guessed ||= !SIBLINGS.includes(id);
    await sleep(20);
    return { treasure: id };
  };
  const tools = [...TOOLS, { name: "look", execute }];
  const agent = start({ url: simulator.url, stream, tools, fetch: spoiling, toolTimeoutMs });
  const talk = agent.open();
  const from = performance.now();
  const ending = await endOf(talk, "Look.", abortAfterMs);
  const abortedMs = abortAfterMs && performance.now() - from - abortAfterMs;
  const wentOn = simulator.requests.length > 1;
  // Whoever has not gone on by itself is asked to.
  if (!wentOn && ending.kind !== "hangs") await endOf(talk, "Go on.", undefined);
  const next = simulator.requests[1];
  const answers: Answers | undefined = next && answersIn(protocol, next.body);
  return {
    ...ending,
    abortedMs,
    wentOn,
    guessed,
    next: next?.verdict.kind === "refused" ? "refused" : next && "accepted",
    answers,
  };
}

/** Says something, and tells how that ended. */
async function endOf(
  talk: Talk,
  prompt: string,
  abortAfterMs: number | undefined,
): Promise<Pick<Fate, "kind" | "error">> {
  const controller = new AbortController();
  const timer = abortAfterMs === undefined ? undefined : setTimeout(() => controller.abort(), abortAfterMs);
  try {
    await within(GUARD_MS, talk.say(prompt, controller.signal));
    return { kind: "done", error: undefined };
  } catch (error) {
    if (error instanceof StillRunning) return { kind: "hangs", error: undefined };
    return { kind: "rejects", error: error instanceof Error ? error.name : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The platform's `fetch`, but that `~` in a response's arguments becomes a quotation mark that should not be there. */
async function spoiling(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  const { status, headers } = response;
  return new Response((await response.text()).replaceAll("~", String.raw`\"`), {
    status,
    headers: { "content-type": headers.get("content-type") ?? "application/json" },
  });
}

function write(fates: ReadonlyMap<Contestant, readonly Fate[]>): Findings {
  const ours = fates.get(tutti) ?? [];
  return {
    title: TITLE,
    about: [
      `The model calls three tools in a turn; the call in the middle goes wrong, its two siblings take 20 ms and give a result. Told is whether the conversation goes on by itself, or is over and can be taken up with what the contestant has kept, and what the model then reads of the three calls: the simulator refuses histories in which a call has no result or two.`,
      `A tool that hangs ignores its signal, too. Those that can be told a timeout for tools are told ${TOOL_TIMEOUT_MS} ms: ${CONTESTANTS.filter(
        ({ takesTimeout }) => takesTimeout,
      )
        .map(({ name }) => name)
        .join(
          ", ",
        )} (LangGraph for all tools of a turn together). OpenAI Agents is told to answer calls of unknown tools. The abort comes while a tool runs that would take long; of the streaming interface and the other one the better counts. Whoever has not ended after ${GUARD_MS / 1_000} s "hangs".`,
    ],
    columns: ["", ...FAULTS.map(({ title }) => title)],
    rows: [...fates].map(([{ name }, of]) => [name, ...of.map(describe)]),
    better: FAULTS.flatMap(({ title }, i) =>
      [...fates]
        .filter(([, of]) => isBetter(of[i], ours[i]))
        .map(
          ([{ name }, of]) =>
            `${TITLE}, ${title}: ${name}: ${of[i] && describe(of[i])}; Tutti: ${ours[i] && describe(ours[i])}.`,
        ),
    ),
  };
}

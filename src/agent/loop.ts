/**
 * The loop: plain functions over the state of a run.
 *
 * 1. Turn k+1 is asked for only when the batch of turn k is closed.
 * 2. The history grows by whole turns (see `turn.ts`), so it is valid between any two of them, however the run ends (G1); and
 *    it is repaired before each request, whatever it was when it came.
 */
import { Cancellation, onAbort } from "../core/cancel.ts";
import { TuttiError } from "../core/errors.ts";
import type { BatchEvent } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";
import type { RunStatus, Usage } from "../core/model-turn.ts";
import type { Metrics } from "./metrics.ts";
import { nudgeText } from "./nudge.ts";
import type { RunEvent } from "./run-event.ts";
import type { ResolvedRun } from "./run-options.ts";
import { promptIds, systemPrompt } from "./system-prompt.ts";
import { takeTurn, type TakenTurn } from "../model/turn.ts";

/** An event of the loop, yet to be stamped, or one of a batch, which is. */
export type NewRunEvent = Unstamped<LoopEvent> | Extract<RunEvent, BatchEvent>;

type Unstamped<Event> = Event extends LoopEvent ? Omit<Event, "at" | "run"> : never;

/** Takes an event. */
export type Emit = (event: NewRunEvent) => void;

interface RunFacts<Message> {
  /** The whole history. The provider accepts it, with or without a further message of the user's, however the run ended. */
  readonly messages: readonly Message[];
  /** What the model said in its last turn. */
  readonly text: string;
  /** Turns that the model was asked for. */
  readonly turns: number;
  /** Calls that were answered. */
  readonly calls: number;
  /** Tokens of all turns, of responses that broke off as far as they are known. */
  readonly usage: Usage;
  /** How wide the turns were, and what that saved. */
  readonly metrics: Metrics;
}

/** What a run came to. */
export type RunResult<Message> = RunFacts<Message> & Ending;

type Ending =
  | { readonly status: Exclude<RunStatus, "failed">; readonly error?: undefined }
  | { readonly status: "failed"; readonly error: TuttiError };

/** What a run has come to so far. */
interface RunState<Message> {
  messages: readonly Message[];
  text: string;
  /** Whether the last turn was paused, so that the next one goes on with its text. */
  paused: boolean;
  /** Whether the last turn's calls have been answered, and nothing was said since. */
  answered: boolean;
  turns: number;
  calls: number;
  usage: Usage;
}

/** Where a run tells what happens, and what that comes to. */
export interface RunTeller {
  /** The run's name. */
  readonly name: string;
  readonly emit: Emit;
  readonly metrics: () => Metrics;
}

/** Runs to the end. It never rejects. */
export async function runLoop<Message>(
  run: ResolvedRun<Message>,
  teller: RunTeller,
): Promise<RunResult<Message>> {
  const { emit, metrics } = teller;
  const state: RunState<Message> = {
    messages: run.history,
    text: "",
    paused: false,
    answered: false,
    turns: 0,
    calls: 0,
    usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
  };
  emit({ type: "run.started", ...promptIds(run) });
  const ending = await runTurns(run, state, teller).catch(failed);
  emit({ type: "run.ended", status: ending.status });
  const { text, turns, calls, usage } = state;
  return {
    ...ending,
    messages: readyForUser(run, state),
    text,
    turns,
    calls,
    usage,
    metrics: metrics(),
  };
}

/** The history as it may go on; as it came, if it is none that could be repaired: then the run has failed for that. */
function readyForUser<Message>(
  { model }: ResolvedRun<Message>,
  { messages }: RunState<Message>,
): readonly Message[] {
  try {
    return model.wire.repair(messages, { next: "user" });
  } catch {
    return messages;
  }
}

async function runTurns<Message>(
  run: ResolvedRun<Message>,
  state: RunState<Message>,
  teller: RunTeller,
): Promise<Ending> {
  for (;;) {
    if (run.signal?.aborted === true) return { status: "aborted" };
    if (state.turns === run.maxTurns) return { status: "max-turns" };
    state.turns++;
    state.messages = run.model.wire.repair(nudged(run, state));
    const taken = await takeUnbroken(run, state, teller);
    record(state, taken);
    const ending = endingOf(run, taken);
    if (ending !== undefined) return ending;
  }
}

/** The history with a nudge behind the last results, where one is wanted and the protocol lets a user speak there. */
function nudged<Message>(
  { nudge, model: { wire } }: ResolvedRun<Message>,
  { messages, answered }: RunState<Message>,
): readonly Message[] {
  if (nudge !== "per-turn" || !answered || wire.repair(messages, { next: "user" }) !== messages)
    return messages;
  return [...messages, wire.user(nudgeText(wire.name, nudge).text)];
}

/** Takes the next turn; asks again while the response breaks off and nothing of it is to be kept. */
async function takeUnbroken<Message>(
  run: ResolvedRun<Message>,
  state: RunState<Message>,
  teller: RunTeller,
): Promise<TakenTurn<Message>> {
  for (let retries = run.streamRetries; ; retries--) {
    const taken = await askAndTake(run, state, teller);
    state.usage = sum(state.usage, taken.turn.usage);
    const { broken, messages } = taken;
    if (broken !== undefined) teller.emit({ type: "turn.broken", turn: state.turns, error: broken.error });
    const isOver = broken === undefined || messages.length > 0 || run.signal?.aborted === true;
    if (isOver || !broken.begun || retries === 0) return taken;
  }
}

/** Made once: without a reason each turn would make an exception of its own, which costs more than most of the rest. */
const TURN_OVER = new Cancellation("shutdown", "the turn is over");

async function askAndTake<Message>(
  run: ResolvedRun<Message>,
  { messages, turns: turn }: RunState<Message>,
  { name, emit }: RunTeller,
): Promise<TakenTurn<Message>> {
  const { model, executor, eager, parallel, signal } = run;
  // Of its own, since clients leave their listeners on the signal that they are given (G10).
  const request = new AbortController();
  const detach = onAbort(signal, (reason) => request.abort(reason));
  try {
    emit({
      type: "turn.started",
      turn,
      wire: model.wire.name,
      ...(model.name !== undefined && { model: model.name }),
    });
    const response = model.request({
      messages,
      system: systemPrompt(run),
      tools: executor.tools,
      parallel,
      signal: request.signal,
    });
    const batch = executor.open({
      signal,
      eager,
      parallel,
      origin: { run: name, turn },
      onEvent: (event) => emit({ ...event, turn }),
    });
    return await takeTurn(response, {
      wire: model.wire,
      batch,
      results: executor.results,
      signal,
      onText: (text) => emit({ type: "turn.text", turn, text }),
      onEnd: (end) => emit({ type: "turn.ended", turn, ...end }),
      onAnswered: (answers) => emit({ type: "turn.answered", turn, answers }),
    });
  } finally {
    detach();
    request.abort(TURN_OVER);
  }
}

function record<Message>(
  state: RunState<Message>,
  { turn, messages, outcomes, broken }: TakenTurn<Message>,
): void {
  state.messages = [...state.messages, ...messages];
  state.calls += outcomes.length;
  state.answered = outcomes.length > 0;
  if (broken !== undefined) return;
  state.text = state.paused ? state.text + turn.text : turn.text;
  state.paused = turn.stop === "paused";
}

/** How the run ends with this turn; undefined if it goes on. */
function endingOf<Message>(
  { signal }: ResolvedRun<Message>,
  { turn, outcomes, broken }: TakenTurn<Message>,
): Ending | undefined {
  if (broken !== undefined) {
    if (signal?.aborted === true) return { status: "aborted" };
    return outcomes.length > 0 ? undefined : failed(broken.error);
  }
  switch (turn.stop) {
    case "refused":
      return { status: "refused" };
    case "truncated":
      return outcomes.length > 0 ? undefined : { status: "truncated" };
    case "end":
      return { status: "done" };
    case "calls":
    case "paused":
      return undefined;
  }
}

function failed(cause: unknown): Ending {
  if (cause instanceof TuttiError) return { status: "failed", error: cause };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: "failed", error: new TuttiError("model-failed", message, { cause }) };
}

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  };
}

/**
 * One request from its arrival to its end: refused by the referee, failed by the scenario, or answered with a turn.
 *
 * 1. Which turn is due is read off the conversation that comes, so retries and conversations side by side just work.
 * 2. The one thing that is remembered is how often each turn was asked for, to make its failures end.
 * 3. A request whose client has gone, or whose simulator was closed, ends at once and leaves no timer.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import { play, type Stage } from "./player.ts";
import type { Prompt, Protocol, Quirk, Refusal, Route } from "./protocol.ts";
import type { OpenRecord, RequestLog, RequestRecord, Verdict } from "./request-log.ts";
import { dueTurn } from "./personality.ts";
import {
  thinkFirst,
  turnsOf,
  type CallsPerTurn,
  type Pacing,
  type Scenario,
  type ScenarioTurn,
} from "./scenario.ts";
import { failureAt, writeScript, type Script } from "./script.ts";
import { createToken } from "./seed.ts";

/** A request that has come. */
export interface Arrival {
  readonly protocol: Protocol;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly outgoing: ServerResponse;
  /** A refusal that is certain without a look at the body: there is no such route. */
  readonly refusal?: Refusal;
  /** Reads the body. */
  text(): Promise<string>;
}

/** What answers requests. */
export interface Responder {
  /** Answers one, and resolves when that is over. */
  respond(arrival: Arrival): Promise<void>;
  /** Ends every answer that is under way. */
  abort(): void;
}

/** What a responder works with. */
export interface ResponderOptions {
  readonly scenario: Scenario;
  readonly callsPerTurn: CallsPerTurn | undefined;
  readonly pacing: Partial<Pacing> | undefined;
  readonly quirks: ReadonlySet<Quirk>;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly onRequest: ((request: RequestRecord) => void) | undefined;
}

/** Starts a responder. */
export function createResponder(options: ResponderOptions): Responder {
  const { scenario, quirks, clock, log, onRequest } = options;
  const choose = createChoice(options);
  const running = new Set<AbortController>();

  /** What to do for a request, and what will have become of it then. The record is told what came. */
  async function decide(arrival: Arrival, record: OpenRecord): Promise<[Script, Verdict]> {
    const { protocol, path, query } = arrival;
    const route = { path, query, quirks };
    const refusal = arrival.refusal ?? (await receive(arrival, route, record));
    if (refusal !== undefined) return reject(refusal);
    const prompt = protocol.read(record.body, route);
    const choice = choose(prompt);
    if (choice === undefined) return reject(protocol.refuse(outOfTurns(scenario, prompt)));
    record.turn = prompt.turn;
    record.warnings = protocol.warn(record.body);
    const failure = failureAt(choice.turn, choice.attempt);
    const token = createToken(`${record.id}/message`, 22);
    const script = writeScript(choice.turn, {
      protocol,
      prompt,
      quirks,
      failure,
      seed: scenario.seed,
      token,
    });
    const failed = failure !== undefined && failure.kind !== "token-limit";
    return [script, failed ? { kind: "failed", failure: failure.kind } : { kind: "answered" }];
  }

  return {
    respond: async (arrival) => {
      const { protocol, method, path, outgoing } = arrival;
      const startMs = clock.now();
      const id = `req_01${createToken(`${scenario.seed}/request/${log.records.length}`, 22)}`;
      const record = log.open({ id, method, path });
      const controller = new AbortController();
      const leave = () => controller.abort();
      const stage: Stage = {
        protocol,
        outgoing,
        clock,
        startMs,
        signal: controller.signal,
        requestId: id,
        onFirstByte: () => (record.firstByteMs = log.now()),
      };
      running.add(controller);
      outgoing.once("close", leave);
      // Writing to a socket that has just gone is an error too; its "close" says all there is to say.
      outgoing.on("error", leave);
      try {
        const [script, verdict] = await decide(arrival, record);
        await play(script, stage);
        record.verdict = verdict;
      } catch (error) {
        record.verdict = { kind: "aborted" };
        if (!controller.signal.aborted) throw error;
      } finally {
        record.endedMs = log.now();
        outgoing.off("close", leave);
        running.delete(controller);
        onRequest?.(record);
      }
    },
    abort: () => {
      for (const controller of running) controller.abort();
    },
  };
}

function reject(refusal: Refusal): [Script, Verdict] {
  return [
    { kind: "refuse", refusal, retryAfterSeconds: undefined },
    { kind: "refused", refusal },
  ];
}

/** Takes the request in: who asks, what, and whether the provider would hear of it. */
async function receive(arrival: Arrival, route: Route, record: OpenRecord): Promise<Refusal | undefined> {
  const { protocol, headers } = arrival;
  const body = await arrival.text();
  const stranger = protocol.authenticate(headers);
  if (stranger !== undefined) return stranger;
  try {
    record.body = JSON.parse(body);
  } catch (error) {
    return protocol.refuse(`The request body is not valid JSON: ${(error as Error).message}`);
  }
  return protocol.judge(record.body, route);
}

/** Chooses the turn for a prompt, and says how often it was asked for before. */
function createChoice({ scenario, callsPerTurn, pacing, quirks }: ResponderOptions) {
  const paced = {
    ...scenario,
    turns: scenario.turns.map((turn) => ({ ...turn, pacing: { ...turn.pacing, ...pacing } })),
  };
  const turns = { all: turnsOf(paced, "all"), one: turnsOf(paced, "one") };
  const asked = new Map<string, number>();
  const due = (width: CallsPerTurn, prompt: Prompt): ScenarioTurn | undefined =>
    width === "all" || width === "one" ? turns[width][prompt.turn] : dueTurn(paced, width, prompt);
  return (prompt: Prompt) => {
    const isOne = prompt.oneCall && !quirks.has("ignores-parallel-switch");
    const width = isOne ? "one" : (callsPerTurn ?? scenario.callsPerTurn);
    const turn = due(width, prompt);
    if (turn === undefined) return undefined;
    const key = `${width}/${prompt.turn}`;
    const attempt = asked.get(key) ?? 0;
    asked.set(key, attempt + 1);
    return { turn: prompt.thinkFirst ? thinkFirst(turn) : turn, attempt };
  };
}

function outOfTurns({ name }: Scenario, { turn }: Prompt): string {
  return `The scenario "${name}" has no turn ${turn + 1}: this conversation has used up its turns.`;
}

/**
 * Responses of the simulator from memory, so that neither the network nor the simulator is in what is measured. Each protocol's
 * responses are had once, and are the same for all who speak it.
 */
import {
  parseScenario,
  startSimulator,
  type ProtocolName,
  type ScenarioInput,
} from "../../src/simulator/simulator.ts";
import { MODEL } from "./contestant.ts";

/** The bodies of a conversation's responses, in order. */
export type Tape = readonly string[];

/** A `fetch` that plays a tape, and the clock at its two ends. */
export interface Replay {
  readonly fetch: typeof fetch;
  /** Milliseconds from the first response to the second request: what the client does about a turn. */
  turnMs(): number;
}

/** Starts a tape for one conversation after the other. */
export function createReplay(tape: Tape): Replay {
  let requests = 0;
  let answeredAt = NaN;
  let turnMs = NaN;
  return {
    fetch: async () => {
      const index = requests++ % tape.length;
      if (index === 1) turnMs = performance.now() - answeredAt;
      else answeredAt = performance.now();
      return new Response(tape[index], { headers: { "content-type": "application/json" } });
    },
    turnMs: () => turnMs,
  };
}

/** A turn of so many calls of `noop`, then an answer, as the simulator says them. */
export async function recordTape(protocol: ProtocolName, calls: number): Promise<Tape> {
  const noops = Array.from({ length: calls }, (_, i) => ({ name: "noop", input: { id: String(i) } }));
  return [await responseTo(protocol, { calls: noops }), await responseTo(protocol, { text: "Done." })];
}

async function responseTo(protocol: ProtocolName, turn: ScenarioInput["turns"][number]): Promise<string> {
  const scenario = parseScenario({ timeToFirstTokenMs: 0, tokensPerSecond: Infinity, turns: [turn] });
  await using simulator = await startSimulator({ scenario });
  const ask = {
    model: MODEL.name,
    max_tokens: MODEL.maxTokens,
    messages: [{ role: "user", content: "Go." }],
  };
  const [path, body] =
    protocol === "openai-responses"
      ? ["/v1/responses", { model: MODEL.name, input: "Go." }]
      : ["/v1/messages", ask];
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${MODEL.apiKey}`,
    "anthropic-version": "2023-06-01",
  };
  const response = await fetch(simulator.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
  return response.text();
}

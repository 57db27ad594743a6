/** Scenes of turns in which nothing goes wrong: three reads, a heavy tail, a streamed turn, a dependent pair. */
import { createRandom } from "../../src/simulator/seed.ts";
import { CONTESTANTS, tutti } from "./contestants.ts";
import { timedScene } from "./timed-scene.ts";
import { tuttiWith } from "./tutti.ts";

const call = (name: string, id: string) => ({ name, input: { id } });
const ANSWER = { text: "Here is what I have found." };

/** Three reads that have nothing to do with each other: what everybody runs at once. */
export const threeReads = timedScene({
  name: "three-reads",
  title: "Three independent reads",
  about: [
    "One turn with three calls that take 50, 75 and 100 ms, then the answer; responses come whole, 50 ms after the request. All run them at once, so that what differs is what each client does around them.",
  ],
  scenario: {
    timeToFirstTokenMs: 50,
    tokensPerSecond: Infinity,
    turns: [
      { calls: [call("get_profile", "50"), call("get_orders", "75"), call("get_tickets", "100")] },
      ANSWER,
    ],
  },
  stream: false,
  contestants: CONTESTANTS,
  ours: tutti,
  rounds: 8,
  warmUpRounds: 1,
  delayMs: Number,
});

/** The milliseconds of an attempt: Pareto's distribution with a shape of 1.2 from 15 ms, cut at 450 ms. */
function heavyTail(id: string, attempt: number, round: number): number {
  const chance = createRandom(`${round}/${id}/${attempt}`)();
  return Math.min(15 * (1 - chance) ** (-1 / 1.2), 450);
}

const hedging = tuttiWith("Tutti, `hedge: { percentile: 90 }`", {
  tool: { hedge: { percentile: 90 } },
  executor: { concurrency: 16 },
});

/** Eight reads of which any may be slow. */
export const heavyTailed = timedScene({
  name: "heavy-tail",
  title: "Eight calls with a heavy tail",
  about: [
    "One turn with eight calls, then the answer; responses come whole, 20 ms after the request. A call takes 15 ms or more, by Pareto's distribution with a shape of 1.2, cut at 450 ms: half of all take less than 27 ms, one in ten more than 102 ms. The times come from a seed and are the same for all; a second attempt draws anew.",
    "None of the peers has anything against slow calls. Tutti has hedges, for tools that are declared idempotent: they are off unless asked for, so Tutti is here twice. They can take less than the least possible, which has one attempt per call.",
  ],
  scenario: {
    timeToFirstTokenMs: 20,
    tokensPerSecond: Infinity,
    turns: [{ calls: Array.from({ length: 8 }, (_, i) => call("search", `shard ${i}`)) }, ANSWER],
  },
  stream: false,
  contestants: [...CONTESTANTS, hedging],
  ours: hedging,
  rounds: 16,
  warmUpRounds: 3,
  delayMs: heavyTail,
  percentile: 90,
});

/** A slow call comes first, and the model goes on writing. */
export const streamed = timedScene({
  name: "streamed",
  title: "A streamed turn whose first call comes early",
  about: [
    "The model writes at 200 tokens a second: a call that takes 400 ms comes first, three that take 100 ms follow. All are used with their streaming interface; Anthropic's runner is told `runToolsEagerly`, Mastra starts early by itself, the others have nothing of the kind.",
  ],
  scenario: {
    timeToFirstTokenMs: 100,
    tokensPerSecond: 200,
    turns: [
      {
        calls: [
          call("search_archive", "400"),
          call("get_profile", "100"),
          call("get_orders", "100"),
          call("get_tickets", "100"),
        ],
      },
      ANSWER,
    ],
  },
  stream: true,
  contestants: CONTESTANTS,
  ours: tutti,
  rounds: 3,
  warmUpRounds: 1,
  delayMs: Number,
});

const referring = tuttiWith("Tutti, `references: true`", { executor: { references: true } });
const WEATHER = { text: "It is sunny in Oslo, where she lives." };

/** The second call needs what the first one returns. */
export const dependentPair = timedScene({
  name: "dependent-pair",
  title: "A dependent pair",
  about: [
    "The weather where a customer lives: `get_weather` needs what `find_customer` returns. A model of the peers asks for the customer, waits, and asks for the weather in its next turn. With `references: true` it writes both calls in one turn, the second with `$1.city.id`: one request to the model less. The model writes at 200 tokens a second, each call takes 50 ms, and all stream.",
    "The model is scripted here. Whether a real one writes references when it can is a question of the model.",
  ],
  scenario: {
    timeToFirstTokenMs: 150,
    tokensPerSecond: 200,
    turns: [{ calls: [call("find_customer", "1234")] }, { calls: [call("get_weather", "oslo")] }, WEATHER],
  },
  withReferences: {
    timeToFirstTokenMs: 150,
    tokensPerSecond: 200,
    turns: [{ calls: [call("find_customer", "1234"), call("get_weather", "$1.city.id")] }, WEATHER],
  },
  stream: true,
  contestants: [...CONTESTANTS, referring],
  ours: referring,
  rounds: 3,
  warmUpRounds: 1,
  delayMs: () => 50,
  output: (id) => ({ id, city: { id: "oslo", name: "Oslo" } }),
});

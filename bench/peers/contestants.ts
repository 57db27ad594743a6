/** Who takes part, in the order of the tables. */
import { aiSdk } from "./ai-sdk.ts";
import { anthropicRunner } from "./anthropic-runner.ts";
import type { Contestant } from "./contestant.ts";
import { langgraph } from "./langgraph.ts";
import { mastra } from "./mastra.ts";
import { openaiAgents } from "./openai-agents.ts";
import { limited, promiseAll } from "./own-loop.ts";
import { tutti } from "./tutti.ts";

/** All but Tutti. */
export const PEERS: readonly Contestant[] = [
  promiseAll,
  limited,
  aiSdk,
  openaiAgents,
  anthropicRunner,
  langgraph,
  mastra,
];

/** All, as they come. */
export const CONTESTANTS: readonly Contestant[] = [...PEERS, tutti];

export { tutti };

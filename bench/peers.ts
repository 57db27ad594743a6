/** The peers in `bench/peers`, as far as they are installed. */
import { existsSync } from "node:fs";
import type { Contestant, PeerModule } from "./contestant.ts";

/** By the package that a module in `bench/peers` needs. */
const PEERS = new Map([
  ["ai", "ai-sdk.ts"],
  ["@openai/agents", "openai-agents.ts"],
  ["@langchain/langgraph", "langgraph.ts"],
  ["@mastra/core", "mastra.ts"],
]);

/** How to have them. */
export const INSTALL_PEERS = "npm ci --prefix bench/peers";

/** Those that are installed, and the names of those that are not. */
export async function loadPeers(): Promise<{
  readonly contestants: readonly Contestant[];
  readonly missing: readonly string[];
}> {
  const contestants: Contestant[] = [];
  const missing: string[] = [];
  for (const [name, file] of PEERS) {
    if (!existsSync(new URL(`peers/node_modules/${name}/package.json`, import.meta.url))) {
      missing.push(name);
      continue;
    }
    // No literal: the compiler would look for what is not there.
    const module = (await import(new URL(`peers/${file}`, import.meta.url).href)) as PeerModule;
    contestants.push(...module.contestants());
  }
  return { contestants, missing };
}

/** What holds a conversation with a model and runs the tools that it calls: Tutti, a loop of one's own, or a peer. */
import type { ProtocolName } from "../../src/simulator/simulator.ts";
import { z } from "zod";

/** One of them, told how to be at its best: what it is told is in its file. */
export interface Contestant {
  readonly name: string;
  /** The packages that it is made of, for the list of versions. */
  readonly packages: readonly string[];
  /** The module that exports it, for threads. */
  readonly module: string;
  /** What its client speaks. */
  readonly protocol: ProtocolName;
  /** How many calls may run at once. */
  readonly limit: "none" | "none unless told" | "ten unless told";
  /** Whether it can be told how long a call may take. */
  readonly takesTimeout: boolean;
  /** Whether the model's calls may use each other's outputs within a turn. */
  readonly references?: boolean;
  readonly start: (setting: Setting) => Agent;
}

/** Where and with what an agent works. */
export interface Setting {
  /** The simulator's. */
  readonly url: string;
  readonly tools: readonly Tool[];
  /** Whether responses are streamed. */
  readonly stream: boolean;
  /** Instead of the platform's, for the client's requests. */
  readonly fetch?: typeof fetch;
  /** Calls that may run at once. Undefined: as the contestant comes. Those that have no limit go without. */
  readonly atOnce?: number | undefined;
  /** How long a call may take. Those that have no timeout go without. */
  readonly toolTimeoutMs?: number | undefined;
}

/** A tool. All have the same input. */
export interface Tool {
  readonly name: string;
  readonly execute: (input: Input, signal: AbortSignal | null | undefined) => Promise<unknown>;
}

/** What is set up once, for many conversations. */
export interface Agent {
  open(): Talk;
}

/** A conversation that goes on with what was said before. */
export interface Talk {
  /** Resolves when the model has given its last answer; rejects however the contestant does. */
  say(prompt: string, signal: AbortSignal): Promise<unknown>;
}

/** The input of every tool. */
export const inputSchema = z.object({ id: z.string() });

export type Input = z.infer<typeof inputSchema>;

/** What a model reads of every tool. */
export const DESCRIPTION = "Looks something up";

/** What every client asks for. */
export const MODEL = { name: "claude-sonnet-5-5", maxTokens: 8_192, apiKey: "none needed" } as const;

/** Tools whose calls refer to each other, and what they were given. */
import assert from "node:assert/strict";
import {
  createExecutor,
  defineTool,
  type Footprint,
  type Outcome,
  type ReferenceMode,
} from "../../src/index.ts";
import { deferred, VirtualClock } from "../../src/testing.ts";

export const anything = { type: "object" };

/** An executor whose `say` returns its input's `value`, whose `show` returns its input, whose `hold` waits for a promise. */
export function setUp(references: ReferenceMode | boolean = true, output?: unknown) {
  const gates = new Map<string, ReturnType<typeof deferred<void>>>();
  const started: string[] = [];
  const gate = (name: string) => {
    const found = gates.get(name) ?? deferred<void>();
    gates.set(name, found);
    return found;
  };
  const executor = createExecutor({
    references: references === "exact" ? true : references,
    clock: new VirtualClock(),
    tools: [
      defineTool({
        name: "say",
        description: "says",
        input: anything,
        effects: "none",
        execute: ({ value }) => (output === undefined ? value : output),
      }),
      defineTool({
        name: "show",
        description: "shows",
        input: anything,
        effects: "none",
        execute: (input) => input,
      }),
      defineTool({
        name: "hold",
        description: "holds",
        input: anything,
        effects: ({ reads, writes }) => ({ reads, writes }) as Footprint,
        execute: async ({ name, value, fail }) => {
          started.push(name as string);
          await gate(name as string).promise;
          if (fail !== undefined) throw new Error(fail as string);
          return value;
        },
      }),
      defineTool({
        name: "typed",
        description: "takes a number",
        input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
        effects: "none",
        execute: ({ n }) => n,
      }),
    ],
  });
  return { executor, gate, started };
}

export const say = (value: unknown) => ({ name: "say", input: { value } });
export const show = (of: unknown) => ({ name: "show", input: { of } });

/** What `show` was shown. */
export function shown(outcome: Outcome | undefined): unknown {
  assert.ok(outcome?.status === "ok", outcome?.error?.message);
  return (outcome.output as { of: unknown }).of;
}

export function errorOf(outcome: Outcome | undefined): { code: string; message: string } {
  assert.ok(outcome?.error, `it ended ${outcome?.status}`);
  const { code, message } = outcome.error;
  return { code, message };
}

/** Lets everything follow that needs no timer. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

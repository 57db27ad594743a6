/**
 * A model that says what a test wants, when the test wants it: no provider, no network, no time. Each response is a list of
 * steps; a promise among them is awaited, so that a test decides what happens while the model "writes".
 */
import type { CallRequest } from "../core/call.ts";
import type { EncodedResult } from "../core/result.ts";
import type { Model, ModelRequest } from "../model/model.ts";
import type { Progress, StopReason, Turn, Usage } from "../wire/wire.ts";

/** Something that the scripted model does: it says a text, commits a call, waits, or breaks off with an error. */
export type ScriptedStep =
  string | CallRequest | Promise<unknown> | { readonly cutOff: CallRequest } | { readonly breaks: Error };

/** One response. */
export interface ScriptedResponse {
  readonly steps: readonly ScriptedStep[];
  /** @default "calls" if there are calls, else "end" */
  readonly stop?: StopReason | undefined;
  /** @default no tokens */
  readonly usage?: Usage | undefined;
}

/** An entry of the scripted model's history. */
export type ScriptedMessage =
  | { readonly user: string }
  | { readonly text: string; readonly calls: readonly CallRequest[] }
  | { readonly results: readonly EncodedResult[] };

/** A scripted model, and what it was asked. */
export interface ScriptedModel extends Model<ScriptedMessage> {
  readonly requests: readonly ModelRequest<ScriptedMessage>[];
}

/** A model that gives these responses, one per request; a request too many fails. */
export function scriptedModel(responses: readonly ScriptedResponse[]): ScriptedModel {
  const requests: ModelRequest<ScriptedMessage>[] = [];
  return {
    requests,
    wire: {
      name: "scripted",
      user: (user) => ({ user }),
      results: (turn, results) => (turn.calls.length === 0 ? [] : [{ results }]),
      repair: (messages) => messages,
    },
    request: (request) => {
      requests.push(request);
      const response = responses[requests.length - 1] ?? {
        steps: [{ breaks: new Error("the script is over") }],
      };
      return respond(response);
    },
  };
}

function respond({ steps, stop, usage }: ScriptedResponse) {
  let text = "";
  const committed: CallRequest[] = [];
  const cutOff: CallRequest[] = [];
  const turnOf = (calls: readonly CallRequest[]): Turn<ScriptedMessage> => ({
    messages: text === "" && calls.length === 0 ? [] : [{ text, calls }],
    calls,
    text,
    stop: stop ?? (calls.length > 0 ? "calls" : "end"),
    usage: usage ?? { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
  });
  return {
    turn: () => turnOf([...committed, ...cutOff]),
    committed: () => turnOf([...committed]),
    async *[Symbol.asyncIterator](): AsyncGenerator<Progress, void, undefined> {
      yield { committed: [] };
      for (const step of steps) {
        if (typeof step === "string") {
          text += step;
          yield { text: step, committed: [] };
        } else if (step instanceof Promise) await step;
        else if ("breaks" in step) throw step.breaks;
        else if ("cutOff" in step) cutOff.push({ ...step.cutOff, truncated: true });
        else {
          committed.push(step);
          yield { committed: [step] };
        }
      }
    },
  };
}

/**
 * A model that says what a test wants, when the test wants it: no provider, no network, no time. Each response is a list of
 * steps; a promise among them is awaited, so that a test decides what happens while the model "writes".
 */
import type { CallRequest } from "../core/call-request.ts";
import type { EncodedResult } from "../core/result.ts";
import type { Model, ModelRequest } from "../model/model.ts";
import type { PlainMessage } from "../wire/plain-history.ts";
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
  /** What the provider calls the model. @default it does not say */
  readonly model?: string | undefined;
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
      toPlain,
      fromPlain,
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

function toPlain(messages: readonly ScriptedMessage[]): PlainMessage[] {
  return messages.flatMap((message, i): PlainMessage[] => {
    if ("user" in message) return [{ by: "user", parts: [{ type: "text", text: message.user }] }];
    if ("results" in message) return [];
    const next = messages[i + 1];
    const results = next !== undefined && "results" in next ? next.results : [];
    const calls = message.calls.map(({ id = "", name, input }, place) => ({
      id,
      name,
      input: (input ?? {}) as Record<string, unknown>,
      result: results[place] ?? { isError: false, parts: [] },
    }));
    return [{ by: "model", text: message.text, calls }];
  });
}

function fromPlain(history: readonly PlainMessage[]): ScriptedMessage[] {
  return history.flatMap((message): ScriptedMessage[] => {
    if (message.by === "system") return [{ user: message.text }];
    if (message.by === "user") {
      return [
        { user: message.parts.map((part) => (part.type === "text" ? part.text : "(an image)")).join("") },
      ];
    }
    const calls = message.calls.map(({ id, name, input }) => ({ id, name, input }));
    const results = message.calls.map(({ result }) => result);
    return [{ text: message.text, calls }, ...(results.length === 0 ? [] : [{ results }])];
  });
}

function respond({ steps, stop, usage, model }: ScriptedResponse) {
  let text = "";
  const committed: CallRequest[] = [];
  const cutOff: CallRequest[] = [];
  const turnOf = (calls: readonly CallRequest[]): Turn<ScriptedMessage> => ({
    messages: text === "" && calls.length === 0 ? [] : [{ text, calls }],
    calls,
    text,
    stop: stop ?? (calls.length > 0 ? "calls" : "end"),
    usage: usage ?? { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
    ...(model !== undefined && { model }),
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

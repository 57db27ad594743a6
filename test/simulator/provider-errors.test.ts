/**
 * What providers really said no to, against what the referees say to the same histories: status, text, field and code. Each
 * recorded or quoted error is in one of the two tables; a new one that is in neither fails.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Quirk } from "../../src/simulator/protocol.ts";
import { judge, PROTOCOLS, type ProtocolName } from "../../src/simulator/protocols.ts";
import { json, missingRecordings } from "../support/recordings.ts";

type Json = Record<string, unknown>;

interface ProviderError {
  readonly id: string;
  readonly wire: string;
  readonly status: number;
  readonly body: Json | string;
  readonly request?: Json | null;
}

/** A history that an error describes, made with the ids that its text names. */
interface Described {
  readonly body: (error: ProviderError) => unknown;
  readonly path?: string;
  readonly quirks?: readonly Quirk[];
}

const tool = (name: string, schema: Json = { type: "object" }) => ({ name, input_schema: schema });
const anthropic = (...messages: Json[]): Json => ({
  model: "claude-sonnet-4-6",
  max_tokens: 1024,
  tools: [tool("get")],
  messages,
});
const hi = { role: "user", content: "Hi." };
const use = (id: unknown, input: unknown = {}): Json => ({ type: "tool_use", id, name: "get", input });
const block = (id: unknown): Json => ({ type: "tool_result", tool_use_id: id, content: "done" });
const says = (...content: Json[]) => ({ role: "assistant", content });
const answers = (...content: Json[]) => ({ role: "user", content });

const chat = (model: string, ...messages: Json[]): Json => ({ model, messages });
const calls = (...ids: unknown[]): Json => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => ({ id, type: "function", function: { name: "get", arguments: "{}" } })),
});
const toolMessage = (id: unknown, content: unknown = "done"): Json => ({
  role: "tool",
  tool_call_id: id,
  content,
});

const responses = (...input: Json[]): Json => ({ model: "gpt-5.5", input });
const call = (id: unknown): Json => ({ type: "function_call", call_id: id, name: "get", arguments: "{}" });
const output = (id: unknown): Json => ({ type: "function_call_output", call_id: id, output: "done" });

const ask = { role: "user", parts: [{ text: "Hi." }] };
const signed = { functionCall: { name: "get", args: {} }, thoughtSignature: "c2ln" };
const answer = { functionResponse: { name: "get", response: { output: "done" } } };
const newest = "/v1/models/gemini-3.6-flash:generateContent";

/** The last id that a text names. */
function idIn({ body }: ProviderError): string {
  const text = typeof body === "string" ? body : messageOf(body);
  return text.match(/(?:toolu|srvtoolu|call)_(?!id)\w+|Agent:\d+|turn1_0/)?.[0] ?? "call_1";
}

const request: Described = { body: ({ request: sent }) => sent };

const DESCRIBED: Readonly<Record<string, Described>> = {
  "anthropic-unanswered-tool-use": { body: ({ request: sent }) => ({ max_tokens: 1024, ...sent }) },
  "anthropic-orphan-tool-result": { body: ({ request: sent }) => ({ max_tokens: 1024, ...sent }) },
  "anthropic-tool-schema-without-type": { body: () => ({ ...anthropic(hi), tools: [tool("get", {})] }) },
  "anthropic-too-many-strict-tools": {
    body: () => ({
      ...anthropic(hi),
      tools: Array.from({ length: 21 }, (_, i) => ({ ...tool(`t${i}`), strict: true })),
    }),
  },
  "anthropic-unanswered-tool-use-quoted": {
    body: (error) => anthropic(hi, says(use(idIn(error))), answers({ type: "text", text: "Go on." })),
  },
  "anthropic-orphan-tool-result-quoted": { body: (error) => anthropic(answers(block(idIn(error)))) },
  "anthropic-duplicate-tool-use-id": {
    body: () => anthropic(hi, says(use("a"), use("a")), answers(block("a"))),
  },
  "anthropic-id-pattern": { body: () => anthropic(hi, says(use("functions.Bash:0"))) },
  "anthropic-input-not-object": { body: () => anthropic(hi, says(use("a", "{}"))) },
  "anthropic-orphan-server-result": {
    body: (error) =>
      anthropic(hi, says({ type: "advisor_tool_result", tool_use_id: idIn(error), content: [] })),
  },
  "openai-chat-audio-in-tool-message": {
    body: () => chat("gpt-4o", hi, calls("a"), toolMessage("a", [{ type: "input_audio" }])),
  },
  "openai-chat-strict-schema": {
    body: () => ({
      ...chat("gpt-4o", hi),
      tools: [
        {
          type: "function",
          function: { name: "get_current_weather", strict: true, parameters: { type: "object" } },
        },
      ],
    }),
  },
  "deepseek-chat-forced-choice-thinking": request,
  "openai-chat-unanswered-call": { body: (error) => chat("gpt-4o", hi, calls(idIn(error)), hi) },
  "deepseek-chat-unanswered-call": { body: () => chat("deepseek-v4-flash", hi, calls("a"), hi) },
  "qwen-chat-unanswered-call": { body: () => chat("qwen3-max", hi, calls("a"), hi) },
  "kimi-chat-unanswered-call": { body: (error) => chat("kimi-k2", hi, calls(idIn(error)), hi) },
  "openai-chat-orphan-tool-message": { body: () => chat("gpt-4o", hi, toolMessage("a")) },
  "deepseek-chat-orphan-tool-message": { body: () => chat("deepseek-v4-flash", hi, toolMessage("a")) },
  "mistral-count-mismatch": {
    body: () => chat("mistral-large", hi, calls("abcdef123", "abcdef124"), toolMessage("abcdef123")),
    quirks: ["nine-character-ids"],
  },
  "mistral-id-format": {
    body: (error) => chat("mistral-large", hi, calls(idIn(error)), toolMessage(idIn(error))),
    quirks: ["nine-character-ids"],
  },
  "deepseek-responses-interleaved-calls": { ...request, quirks: ["adjacent-results"] },
  "openai-responses-reasoning-without-item": request,
  "openai-responses-unknown-previous-response": request,
  "openai-responses-unanswered-call": { body: (error) => responses(hi, call(idIn(error)), hi) },
  "openai-responses-orphan-output": { body: (error) => responses(hi, output(idIn(error))) },
  "gemini-count-mismatch": {
    body: () => ({
      contents: [ask, { role: "model", parts: [signed, signed] }, { role: "user", parts: [answer] }],
    }),
    path: newest,
  },
  "gemini-call-turn-order": {
    body: () => ({
      contents: [
        { role: "model", parts: [signed] },
        { role: "user", parts: [answer] },
      ],
    }),
    path: newest,
  },
  "gemini-response-turn-order": {
    body: () => ({ contents: [ask, { role: "user", parts: [answer] }] }),
    path: newest,
  },
  "gemini-missing-thought-signature": {
    body: () => {
      const shell = { functionCall: { name: "shell", args: {} } };
      const done = { functionResponse: { name: "shell", response: {} } };
      return { contents: [ask, { role: "model", parts: [shell] }, { role: "user", parts: [done] }] };
    },
    path: newest,
  },
};

/** Errors that no history describes, and why. Where the provider is one that is spoken, it fails in the same words. */
const OTHERS: Readonly<Record<string, string>> = {
  "anthropic-prompt-too-long": "context",
  "anthropic-result-not-first": "an older text: a newer one is recorded of the same mistake",
  "anthropic-429": "rate limit",
  "anthropic-529": "overloaded",
  "anthropic-500-overloaded": "overloaded",
  "openai-responses-context-length": "context",
  "groq-tool-use-failed": "what the model wrote",
  "groq-required-but-no-call": "what the model wrote",
  "llamacpp-tools-without-jinja": "how a server was started",
  "deepseek-chat-context-length": "context",
  "azure-foundry-429": "rate limit",
  "openrouter-429-upstream": "rate limit",
  "openrouter-429-own-limit": "rate limit",
  "anthropic-429-tokens-openai-compatible": "rate limit",
  "openai-429": "rate limit",
  "gemini-429-quota": "rate limit",
  "gemini-429-exhausted": "rate limit",
  "gemini-429-retry-info": "rate limit",
  "vertex-429-quota": "rate limit",
  "vertex-context-length": "context",
  "bedrock-too-many-results": "a protocol that is not spoken",
  "bedrock-missing-results": "a protocol that is not spoken",
};

const errors =
  missingRecordings === false ? (json("provider-errors.json") as { errors: ProviderError[] }).errors : [];

describe("recorded and quoted errors", { skip: missingRecordings }, () => {
  test("each is in one of the tables, and no table is about another", () => {
    const known = [...Object.keys(DESCRIBED), ...Object.keys(OTHERS)];
    assert.deepEqual(known.toSorted(), errors.map(({ id }) => id).toSorted());
  });

  for (const error of errors.filter(({ id }) => id in DESCRIBED)) {
    test(`${error.id} is what the referee answers to the history that it describes`, () => {
      const { body, path, quirks } = DESCRIBED[error.id] as Described;
      const refusal = judge(error.wire as ProtocolName, body(error), {
        ...(path !== undefined && { path }),
        quirks: new Set(quirks),
      });
      assert.ok(refusal !== undefined, "it was accepted");
      assert.equal(refusal.status, error.status);
      if (typeof error.body === "string") assert.ok(messageOf(refusal.body).endsWith(error.body));
      else assert.deepEqual(comparable(refusal.body), comparable(error.body));
    });
  }

  for (const error of errors.filter(({ id }) => id in OTHERS)) {
    const protocol = PROTOCOLS.find(({ name }) => name === error.wire);
    if (protocol === undefined || typeof error.body === "string") continue;
    const { body } = error;
    test(`${error.id} has the form of the provider's failures (${OTHERS[error.id]})`, () => {
      const failed = protocol.fail(error.status, messageOf(body));
      assert.equal(failed.status, error.status);
      assert.equal(messageOf(failed.body), messageOf(body));
    });
  }
});

function messageOf(body: Json): string {
  const { error, message } = body as {
    readonly error?: { readonly message?: unknown };
    readonly message?: unknown;
  };
  return String((error?.message ?? message) as string);
}

/** What a client looks at, without the ids of requests, the positions in a history, and what gateways add. */
function comparable(body: Json): unknown {
  const { error, ...rest } = body as Json & { readonly error?: Json };
  const { errors: _, details: __, ...inner } = error ?? {};
  for (const field of ["request_id", "raw_status_code"]) delete rest[field];
  return JSON.parse(
    JSON.stringify({ ...rest, ...(error !== undefined && { error: inner }) })
      .replace(/messages\.\[?\d+\]?(\.content\.\d+)?/g, "messages.N")
      .replace(/messages?\[\d+\]/g, "messages[N]")
      .replace(/position \d+/g, "position N"),
  );
}

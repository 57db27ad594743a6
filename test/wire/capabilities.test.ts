import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPABILITIES } from "../../src/wire/capability-table.ts";
import { capabilitiesOf } from "../../src/wire/capabilities.ts";
import { CHAT_SERVERS } from "../../src/wire/openai-chat/servers.ts";

test("a model that no row is about gets what is safe anywhere", () => {
  const unknown = capabilitiesOf("acme", "acme-1");
  assert.deepEqual(unknown, {
    parallelCalls: "unknown",
    parallelSwitch: undefined,
    parallelDefault: "auto",
    switchHeeded: "unknown",
    strict: "unknown",
    quirks: [],
    sources: [],
  });
});

test("each row says where it is from and when that was looked up, and is about somebody", () => {
  const known = new Set<string>(["anthropic", "gemini", ...CHAT_SERVERS.map(({ name }) => name)]);
  for (const { providers, source } of CAPABILITIES) {
    assert.match(source.url, /^https:\/\/\S+$/);
    assert.match(source.date, /^2026-\d{2}-\d{2}$/);
    assert.deepEqual(
      providers.filter((provider) => !known.has(provider)),
      [],
    );
  }
});

test("every server of Chat Completions has a row, so that what is not known of it is known not to be", () => {
  const rows = new Set(CAPABILITIES.flatMap(({ providers }) => providers));
  assert.deepEqual(
    CHAT_SERVERS.map(({ name }) => name).filter((name) => !rows.has(name)),
    [],
  );
});

const SWITCHES: readonly (readonly [provider: string, model: string, field: string | undefined])[] = [
  ["anthropic", "claude-sonnet-4-6", "disable_parallel_tool_use"],
  ["anthropic", "anthropic.claude-3-5-sonnet-20240620-v1:0", undefined],
  ["openai", "gpt-5.5", "parallel_tool_calls"],
  ["openai", "gpt-4o-mini", "parallel_tool_calls"],
  ["openai", "o3", undefined],
  ["openai", "o3-mini", undefined],
  ["openai", "o4-mini-2025-04-16", undefined],
  ["openrouter", "openai/o4-mini", undefined],
  ["azure", "my-o3", undefined],
  ["gemini", "gemini-3.6-flash", undefined],
  ["deepseek", "deepseek-v4-flash", undefined],
  ["moonshot", "kimi-k2", "parallel_tool_calls"],
  ["mistral", "mistral-large-latest", "parallel_tool_calls"],
  ["ollama", "qwen3", undefined],
  ["vllm", "Qwen/Qwen3-0.6B", "parallel_tool_calls"],
];

for (const [provider, model, field] of SWITCHES) {
  test(`case 62: ${provider}'s ${model} takes ${field ?? "no switch"}`, () => {
    assert.equal(capabilitiesOf(provider, model).parallelSwitch, field);
  });
}

test("what is known of servers that do not do as they are told", () => {
  assert.equal(capabilitiesOf("moonshot", "kimi-k2").switchHeeded, "no");
  assert.equal(capabilitiesOf("llama-cpp", "any").parallelDefault, "one-at-a-time");
  assert.equal(capabilitiesOf("vllm", "meta-llama/Llama-3.3-70B-Instruct").parallelCalls, "no");
  assert.equal(capabilitiesOf("anthropic", "claude-3-7-sonnet-20250219").parallelCalls, "seldom");
  assert.equal(capabilitiesOf("openai", "ft:gpt-4o-mini:acme").strict, "single-calls");
});

test("quirks and sources of all rows add up, each source once", () => {
  const { quirks, sources } = capabilitiesOf("anthropic", "claude-3-7-sonnet-20250219");
  assert.ok(quirks.length >= 3);
  const urls = sources.map(({ url }) => url);
  assert.equal(new Set(urls).size, urls.length);
});

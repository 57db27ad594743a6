/** The servers that are known, how one is found, and what it is sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHAT_SERVERS, chatServer, UNKNOWN_SERVER } from "../../../src/wire/openai-chat/servers.ts";

const urls: Record<string, string> = {
  "https://api.openai.com/v1": "openai",
  "https://eu.api.openai.com/v1": "openai",
  "https://mine.openai.azure.com/openai/deployments/gpt": "azure",
  "https://mine.services.ai.azure.com/models": "azure",
  "https://api.mistral.ai/v1": "mistral",
  "https://api.x.ai/v1": "xai",
  "https://api.groq.com/openai/v1": "groq",
  "https://api.cerebras.ai/v1": "cerebras",
  "https://api.deepseek.com": "deepseek",
  "https://api.moonshot.cn/v1": "moonshot",
  "https://api.together.xyz/v1": "together",
  "https://api.fireworks.ai/inference/v1": "fireworks",
  "https://api.z.ai/api/paas/v4": "zai",
  "https://openrouter.ai/api/v1": "openrouter",
  "https://ai-gateway.vercel.sh/v1": "vercel",
  "https://generativelanguage.googleapis.com/v1beta/openai/": "gemini",
  "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1": "bedrock",
  "https://bedrock-mantle.eu-central-1.api.aws/v1": "bedrock",
  "https://amazonaws.com/v1": "unknown",
  "http://localhost:11434/v1": "unknown",
  "https://llm.example.com/api.openai.com": "unknown",
  "https://notopenrouter.ai.example.com": "unknown",
  "": "unknown",
};

test("a server is found by the host of a base URL, or by its name", () => {
  for (const [url, name] of Object.entries(urls)) assert.equal(chatServer(url).name, name, url);
  for (const { name } of CHAT_SERVERS) assert.equal(chatServer(name).name, name);
  assert.equal(chatServer("nobody"), UNKNOWN_SERVER);
});

test("each server has a name of its own, and no host is that of two", () => {
  const hosts = CHAT_SERVERS.flatMap((server) => server.hosts);
  assert.equal(new Set(CHAT_SERVERS.map(({ name }) => name)).size, CHAT_SERVERS.length);
  assert.equal(new Set(hosts).size, hosts.length);
});

test("Mistral takes ids of nine letters and digits alone, and OpenAI no more than 40 characters", () => {
  assert.deepEqual(
    takers("abcDEF123"),
    names(() => true),
  );
  const noMistral = (name: string) => name !== "mistral";
  assert.deepEqual(takers("functions.Bash:0"), names(noMistral));
  const short = new Set(["openai", "azure", "openrouter", "vercel", "bedrock"]);
  assert.deepEqual(
    takers("x".repeat(41)),
    names((name) => noMistral(name) && !short.has(name)),
  );
  assert.deepEqual(takers(""), []);
});

test("OpenAI, and who hands its models on, want max_completion_tokens, which others refuse", () => {
  const modern = names((name) => chatServer(name).tokenLimit === "max_completion_tokens");
  assert.deepEqual(modern, ["openai", "azure", "bedrock"]);
  assert.equal(UNKNOWN_SERVER.tokenLimit, "max_tokens");
});

test("Mistral alone refuses stream_options", () => {
  assert.deepEqual(
    names((name) => !chatServer(name).streamUsage),
    ["mistral"],
  );
  assert.equal(UNKNOWN_SERVER.streamUsage, true);
});

test("reasoning goes back where it is wanted or does no harm, and nowhere else", () => {
  const fields = Object.fromEntries(CHAT_SERVERS.map(({ name, reasoning }) => [name, reasoning.join(" ")]));
  const any = "reasoning_content reasoning reasoning_details";
  assert.deepEqual(fields, {
    openai: "",
    azure: "",
    mistral: "",
    xai: "",
    groq: "",
    cerebras: "",
    deepseek: "reasoning_content",
    bedrock: "",
    moonshot: "reasoning_content",
    together: "",
    fireworks: "reasoning_content",
    zai: "reasoning_content",
    openrouter: "reasoning_details",
    vercel: "reasoning_details",
    gemini: "",
    ollama: "reasoning",
    vllm: any,
    sglang: any,
    "llama-cpp": any,
    "lm-studio": any,
  });
});

function names(matches: (name: string) => boolean): string[] {
  return CHAT_SERVERS.map(({ name }) => name).filter(matches);
}

function takers(id: string): string[] {
  return names((name) => chatServer(name).ids.test(id));
}

import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { createExecutor } from "tutti";
import { runAgent } from "tutti/agent";
import { anthropicModel } from "tutti/anthropic";
import { geminiModel } from "tutti/gemini";
import { openaiChatModel } from "tutti/openai-chat";
import { openaiResponsesModel } from "tutti/openai-responses";
import { tools } from "./tools.ts";

const models = {
  anthropic: () => anthropicModel(new Anthropic(), { model: "claude-sonnet-5-5", maxTokens: 1024 }),
  openai: () => openaiChatModel(new OpenAI(), { model: "gpt-5.5" }),
  "openai-responses": () => openaiResponsesModel(new OpenAI(), { model: "gpt-5.5" }),
  gemini: () => geminiModel(new GoogleGenAI({}), { model: "gemini-3.6-flash" }),
};
const name = (process.argv[2] ?? "anthropic") as keyof typeof models;

const run = runAgent<unknown>({
  model: models[name](),
  executor: createExecutor({ tools }),
  prompt: "Give me the full picture on customer 1234",
});
const { status, text, error, metrics } = await run.result;
console.log(`${name}: ${status}, ${metrics.callsPerTurn} calls per turn. ${error?.message ?? text}`);

/**
 * LangGraph with its client for Anthropic: the graph of its documentation, a model and a `ToolNode`, with a checkpointer in
 * memory. It has no limit within a node. A timeout it has for a node only, which is told as `runTimeout` of the tools'.
 */
import { ChatAnthropic } from "@langchain/anthropic";
import { tool } from "@langchain/core/tools";
import { MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { randomUUID } from "node:crypto";
import { DESCRIPTION, inputSchema, MODEL, type Contestant, type Input } from "./contestant.ts";

export const langgraph: Contestant = {
  name: "LangGraph ToolNode",
  packages: ["@langchain/langgraph", "@langchain/core", "@langchain/anthropic"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "none",
  takesTimeout: true,
  start: ({ url, fetch, tools, stream, toolTimeoutMs }) => {
    const ours = tools.map(({ name, execute }) =>
      tool((input: Input, { signal }: { signal?: AbortSignal }) => execute(input, signal), {
        name,
        description: DESCRIPTION,
        schema: inputSchema,
      }),
    );
    const model = new ChatAnthropic({
      model: MODEL.name,
      maxTokens: MODEL.maxTokens,
      apiKey: MODEL.apiKey,
      anthropicApiUrl: url,
      maxRetries: 0,
      streaming: stream,
      ...(fetch && { clientOptions: { fetch } }),
    }).bindTools(ours);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("agent", async ({ messages }, config) => ({
        messages: [await model.invoke(messages, config)],
      }))
      .addNode(
        "tools",
        new ToolNode(ours),
        toolTimeoutMs === undefined ? {} : { timeout: { runTimeout: toolTimeoutMs } },
      )
      .addEdge("__start__", "agent")
      .addConditionalEdges("agent", toolsCondition, ["tools", "__end__"])
      .addEdge("tools", "agent")
      .compile({ checkpointer: new MemorySaver() });
    return {
      open: () => {
        const configurable = { thread_id: randomUUID() };
        return {
          say: (prompt, signal) =>
            graph.invoke({ messages: [{ role: "user", content: prompt }] }, { configurable, signal }),
        };
      },
    };
  },
};

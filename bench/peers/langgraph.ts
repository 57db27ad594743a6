/** LangGraph: its `ToolNode`, given a message with all calls. It has no limit. */
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import type { Contestant } from "../contestant.ts";
import { facts, inputSchema, type Input } from "./tool.ts";

/** As it comes. */
export function contestants(): readonly Contestant[] {
  return [
    {
      name: "@langchain/langgraph, ToolNode",
      run: async (ids, look) => {
        const node = new ToolNode([tool(({ id }: Input) => look(id), { ...facts, schema: inputSchema })]);
        const calls = ids.map((id) => ({ id, name: facts.name, args: { id }, type: "tool_call" as const }));
        await node.invoke({ messages: [new AIMessage({ content: "", tool_calls: calls })] });
      },
    },
  ];
}

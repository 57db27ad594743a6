/** The output items of a response: as each begins, and as it ends. */
import { isWhole, saidOf } from "../pacing.ts";
import type { Reply } from "../protocol.ts";
import type { Block, CallBlock } from "../scenario.ts";
import { encrypt, itemId, reasoningId } from "./reasoning-rules.ts";

/** An output item. */
export type Item = Readonly<Record<string, unknown>> & { readonly type: string };

/** What of a request decides how its response is written. */
export interface Wishes {
  /** Thoughts are wanted in encrypted form as well. */
  readonly encrypted: boolean;
  readonly store: boolean;
  /** The tools that take free text. */
  readonly custom: ReadonlySet<string>;
}

/** The places of the blocks that are items: a server's result is part of its call. */
export function itemBlocks({ timeline }: Reply): number[] {
  return timeline.beats.flatMap((beat) =>
    beat.kind === "block-start" && timeline.blocks[beat.block]?.kind !== "server-result" ? [beat.block] : [],
  );
}

/** An item as it begins. */
export function begunItem(reply: Reply, index: number): Item | undefined {
  const block = reply.timeline.blocks[index];
  switch (block?.kind) {
    case undefined:
    case "server-result":
      return undefined;
    case "thinking":
      return { id: idOf(reply, index), type: "reasoning", summary: [] };
    case "text":
      return {
        id: idOf(reply, index),
        type: "message",
        status: "in_progress",
        content: [],
        role: "assistant",
      };
    case "call":
      return callItem(reply, { block, index, text: "", status: "in_progress" });
    case "server-call":
      return { id: idOf(reply, index), type: `${block.name}_call`, status: "in_progress" };
  }
}

/** An item as it ends, or as far as it came. */
export function endedItem(reply: Reply, index: number): Item | undefined {
  const { timeline } = reply;
  const begun = begunItem(reply, index);
  const block = timeline.blocks[index];
  if (begun === undefined || block === undefined) return undefined;
  const status = statusOf(reply, index);
  switch (block.kind) {
    case "thinking":
      return {
        ...begun,
        summary: [{ type: "summary_text", text: saidOf(timeline, index) }],
        ...(wishesOf(reply).encrypted && { encrypted_content: encrypt(String(begun["id"])) }),
      };
    case "text":
      return { ...begun, status, content: [textPart(saidOf(timeline, index))] };
    case "call":
      return callItem(reply, { block, index, text: argumentsOf(reply, index), status });
    case "server-call":
      return { ...begun, status, action: block.input };
    case "server-result":
      return undefined;
  }
}

/** A part of a message. */
export function textPart(text: string): Record<string, unknown> {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

/** Arguments, or free text, as far as they were said. */
export function argumentsOf(reply: Reply, index: number): string {
  const { timeline, quirks } = reply;
  const block = timeline.blocks[index];
  if (block?.kind === "call" && isCustom(reply, block)) {
    const { input } = block.input;
    return typeof input === "string" ? input : saidOf(timeline, index);
  }
  const said = saidOf(timeline, index);
  return quirks.has("double-encoding") ? JSON.stringify(said) : said;
}

/** Whether a call is one of a tool that takes free text. */
export function isCustom(reply: Reply, { name }: Pick<CallBlock, "name">): boolean {
  return wishesOf(reply).custom.has(name);
}

/** What the request wished for. */
export function wishesOf({ wishes }: Reply): Wishes {
  return (wishes as Wishes | undefined) ?? { encrypted: false, store: true, custom: new Set() };
}

function callItem(
  reply: Reply,
  call: { readonly block: CallBlock; readonly index: number; readonly text: string; readonly status: string },
): Item {
  const { block, index, text, status } = call;
  const id = idOf(reply, index);
  const callId = callIdOf(reply, block);
  const shared = { id, status, ...(callId !== undefined && { call_id: callId }), name: block.name };
  return isCustom(reply, block)
    ? { ...shared, type: "custom_tool_call", input: text }
    : { ...shared, type: "function_call", arguments: text };
}

function callIdOf({ quirks, token, timeline }: Reply, block: CallBlock): string | undefined {
  if (quirks.has("no-ids")) return undefined;
  if (quirks.has("same-ids")) return `call_${token}`;
  // Bedrock counts anew in each response: recorded of gpt-5.6-luna.
  if (quirks.has("counted-ids")) {
    return `call_${timeline.blocks.filter(({ kind }) => kind === "call").indexOf(block)}`;
  }
  return block.id ?? `call_${block.token}`;
}

function statusOf(reply: Reply, index: number): string {
  const isCut = !isWhole(reply.timeline, index) && !reply.quirks.has("hidden-truncation");
  return isCut ? "incomplete" : "completed";
}

function idOf({ timeline, token }: Reply, index: number): string {
  const kinds = timeline.blocks.map(({ kind }) => kind);
  if (kinds[index] === "thinking") return reasoningId(token, index);
  const after = kinds[index - 1] === "thinking" ? index - 1 : undefined;
  return itemId(prefixOf(timeline.blocks[index]), { token, place: index, after });
}

function prefixOf(block: Block | undefined): string {
  switch (block?.kind) {
    case "text":
      return "msg";
    case "call":
      return "fc";
    case "server-call":
      return "ws";
    case "thinking":
    case "server-result":
    case undefined:
      return "item";
  }
}

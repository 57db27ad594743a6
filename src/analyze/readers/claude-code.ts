/**
 * Session logs of Claude Code: a record per line. One response is split over several records that have its message id and
 * repeat its usage; a result is a record of the user's; what a sub-agent does is a side chain, and a session of its own.
 */
import { isObject } from "../../core/is-object.ts";
import type { SessionReader } from "../reader.ts";
import { openCall, SessionBuilder, timeOf, type TurnDraft } from "../session-builder.ts";
import { numberAt, stringOf, textIn } from "./json-fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** A session and what is known of its turns besides. */
interface Thread {
  readonly builder: SessionBuilder;
  /** By the message's id: records of one response need not stand together. */
  readonly turns: Map<string, TurnDraft>;
}

/** Reads session logs of Claude Code. */
export const claudeCodeReader: SessionReader = {
  format: "claude-code",
  describes: "Claude Code session logs",
  read: ({ name, values }) => {
    const records = values.filter(isObject);
    if (!records.some(isRecord)) return undefined;
    const sideChains = new Map<unknown, string>();
    const threads = new Map<string, Thread>();
    for (const record of records.filter((one) => isRecord(one) || queuedIn(one) !== undefined)) {
      const key = threadOf(record, sideChains);
      let thread = threads.get(key);
      if (thread === undefined) {
        threads.set(key, (thread = { builder: new SessionBuilder(), turns: new Map<string, TurnDraft>() }));
      }
      add(thread, record);
    }
    return [...threads].flatMap(([key, { builder }]) => {
      const title = threads.size === 1 ? name : `${name} ${key}`;
      return builder.finish(title, "claude-code") ?? [];
    });
  },
};

function isRecord({ type, message, sessionId, uuid, isSidechain }: Json): boolean {
  const isSaid = (type === "user" || type === "assistant") && isObject(message);
  return isSaid && (sessionId !== undefined || uuid !== undefined || isSidechain !== undefined);
}

/** The session that a record belongs to. A side chain is told by its agent's id, or else by the record that it began with. */
function threadOf({ sessionId, isSidechain, agentId, uuid, parentUuid }: Json, roots: Map<unknown, string>) {
  const session = stringOf(sessionId).slice(0, 8);
  if (isSidechain !== true) return session;
  const root = roots.get(parentUuid) ?? stringOf(agentId ?? uuid).slice(0, 8);
  roots.set(uuid, root);
  return `${session} agent ${root}`;
}

/** What people typed while the model was at work: it is told with the next results. */
function queuedIn({ type, attachment }: Json): string | undefined {
  if (type !== "attachment" || !isObject(attachment) || attachment["type"] !== "queued_command")
    return undefined;
  return textIn(attachment["prompt"]);
}

function add({ builder, turns }: Thread, record: Json): void {
  const { type, message, timestamp, uuid } = record;
  const at = timeOf(timestamp);
  const queued = queuedIn(record);
  if (queued !== undefined) {
    builder.say("user", queued, at);
    return;
  }
  const { content, id, usage } = message as Json;
  const blocks: readonly unknown[] = Array.isArray(content)
    ? content
    : [{ type: "text", text: stringOf(content) }];
  if (type === "user") {
    for (const block of blocks) if (isObject(block)) hear(builder, block, at);
    return;
  }
  const key = stringOf(id ?? uuid);
  let turn = turns.get(key);
  if (turn === undefined) turns.set(key, (turn = builder.open()));
  turn.endedAt = at;
  spend(turn, usage);
  for (const block of blocks) {
    if (!isObject(block)) continue;
    if (block["type"] === "text") turn.text += stringOf(block["text"]);
    if (block["type"] === "thinking") turn.thinking += stringOf(block["thinking"]);
    if (block["type"] !== "tool_use") continue;
    const call = { id: stringOf(block["id"]), name: stringOf(block["name"]), input: block["input"] };
    turn.calls.push(openCall({ ...call, startedAt: at }));
  }
}

function hear(builder: SessionBuilder, block: Json, at: number | undefined): void {
  if (block["type"] === "text") builder.say("user", stringOf(block["text"]), at);
  if (block["type"] !== "tool_result") return;
  const { tool_use_id: id, content, is_error: isError } = block;
  const images = Array.isArray(content)
    ? content.filter((part: unknown) => isObject(part) && part["type"] === "image").length
    : 0;
  builder.answer(stringOf(id), { result: textIn(content), images, isError: isError === true, endedAt: at });
}

/** Each record repeats the usage; the last one has the whole output. */
function spend(turn: TurnDraft, usage: unknown): void {
  const input = numberAt(usage, "input_tokens");
  if (input === undefined) return;
  const cached = numberAt(usage, "cache_read_input_tokens") ?? 0;
  turn.inputTokens = input + cached + (numberAt(usage, "cache_creation_input_tokens") ?? 0);
  turn.cachedInputTokens = cached;
  turn.outputTokens = numberAt(usage, "output_tokens");
}

/**
 * Session logs of Codex: `response_item` records hold what was said, called and answered, `event_msg` records count tokens
 * once per response. What stands between two counts is one response; without counts, a turn ends where results begin.
 */
import { isObject } from "../../core/is-object.ts";
import { plainInput } from "../../wire/plain-history.ts";
import type { SessionReader } from "../reader.ts";
import { openCall, SessionBuilder, timeOf } from "../session-builder.ts";
import { numberAt, stringOf, textIn } from "./json-fields.ts";

type Json = Readonly<Record<string, unknown>>;

const CALLS = new Set<unknown>(["function_call", "custom_tool_call", "local_shell_call"]);
const OUTPUTS = new Set<unknown>(["function_call_output", "custom_tool_call_output"]);

/** Reads session logs of Codex. */
export const codexReader: SessionReader = {
  format: "codex",
  describes: "Codex session logs",
  read: ({ name, values }) => {
    const records = values.filter(isObject);
    if (!records.some(({ type, payload }) => type === "response_item" && isObject(payload))) return undefined;
    const log = new CodexLog(records.some((record) => countOf(record) !== undefined));
    for (const record of records) log.add(record);
    const session = log.builder.finish(name, "codex");
    return session === undefined ? [] : [session];
  },
};

class CodexLog {
  readonly builder = new SessionBuilder();
  readonly #isCounted: boolean;
  #isOpen = false;
  #total: number | undefined;

  constructor(isCounted: boolean) {
    this.#isCounted = isCounted;
  }

  add(record: Json): void {
    const { type, payload, timestamp } = record;
    const at = timeOf(timestamp);
    const count = countOf(record);
    if (count !== undefined) this.#count(count);
    if (!isObject(payload)) return;
    if (type === "session_meta" && isObject(payload["base_instructions"])) {
      this.builder.say("system", textIn([payload["base_instructions"]]));
    }
    if (type === "response_item") this.#item(payload, at);
  }

  /** Counts are written again when nothing but the limits has changed. */
  #count({ total, last }: { readonly total: number; readonly last: Json }): void {
    if (total === this.#total) return;
    this.#total = total;
    this.#isOpen = false;
    const turn = this.builder.current;
    if (turn === undefined || turn.inputTokens !== undefined) return;
    turn.inputTokens = numberAt(last, "input_tokens");
    turn.cachedInputTokens = numberAt(last, "cached_input_tokens");
    turn.outputTokens = numberAt(last, "output_tokens");
  }

  #item(item: Json, at: number | undefined): void {
    if (item["type"] === "message" && item["role"] !== "assistant") {
      this.#isOpen = false;
      this.builder.say(item["role"] === "user" ? "user" : "system", textIn(item["content"]), at);
    } else if (OUTPUTS.has(item["type"])) {
      if (!this.#isCounted) this.#isOpen = false;
      const result = outputText(item["output"]);
      this.builder.answer(stringOf(item["call_id"]), { result, isError: failed(result), endedAt: at });
    } else if (item["type"] === "message" || item["type"] === "reasoning" || CALLS.has(item["type"])) {
      const turn = this.#isOpen ? this.builder.current : undefined;
      const open = turn ?? this.builder.open();
      this.#isOpen = true;
      open.endedAt = at;
      if (item["type"] === "message") open.text += textIn(item["content"]);
      if (item["type"] === "reasoning")
        open.thinking += `${textIn(item["summary"])}\n${textIn(item["content"])}`.trim();
      if (CALLS.has(item["type"])) open.calls.push(callOf(item, at));
    }
  }
}

function callOf(
  { type, call_id: id, name, arguments: text, input, action }: Json,
  startedAt: number | undefined,
) {
  const called = { id: stringOf(id), name: stringOf(name ?? "local_shell"), startedAt };
  if (type === "local_shell_call") return openCall({ ...called, input: action });
  const isCustom = type === "custom_tool_call";
  return openCall({ ...called, input: plainInput(stringOf(isCustom ? input : text), isCustom) });
}

function countOf({ type, payload }: Json): { readonly total: number; readonly last: Json } | undefined {
  if (type !== "event_msg" || !isObject(payload) || payload["type"] !== "token_count") return undefined;
  const info = payload["info"];
  if (!isObject(info) || !isObject(info["last_token_usage"])) return undefined;
  return { total: numberAt(info["total_token_usage"], "total_tokens") ?? -1, last: info["last_token_usage"] };
}

/** Older logs have JSON here: `{ output, metadata: { exit_code } }`. */
function outputText(output: unknown): string {
  if (isObject(output)) return stringOf(output["content"]) || JSON.stringify(output);
  return typeof output === "string" ? output : textIn(output);
}

function failed(text: string): boolean {
  return /^Process exited with code [1-9]/m.test(text) || /"exit_code":\s*[1-9]/.test(text);
}

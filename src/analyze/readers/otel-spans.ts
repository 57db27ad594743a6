/**
 * Spans of OpenTelemetry's GenAI conventions: `chat` spans are turns, `execute_tool` spans are the calls of the turn before
 * them. What was said is recorded only where people have opted in; without it calls are counted and not judged. Calls that a
 * tool makes inside itself are not the model's; those of a list or a plan are, and what holds them is not.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
import { isObject } from "../../core/is-object.ts";
import type { SessionReader } from "../reader.ts";
import type { Session } from "../session.ts";
import { openCall, SessionBuilder } from "../session-builder.ts";
import { numberAt, stringOf, textIn } from "./json-fields.ts";
import { spansIn, type Span } from "./otel-attributes.ts";
import { recorded } from "./recorded.ts";

/** What was said to a model, and by whom. */
type Heard = readonly [by: "user" | "system", text: string];

const CHAT = new Set<unknown>(["chat", "generate_content", "text_completion"]);

/** Reads spans of agents. */
export const otelSpansReader: SessionReader = {
  format: "otel-spans",
  describes: "OpenTelemetry GenAI spans as JSON",
  read: ({ name, values }) => {
    const spans = spansIn(values);
    if (!spans.some(({ attributes }) => operationOf(attributes) !== undefined)) return undefined;
    const tree = new SpanTree(spans);
    const groups = Map.groupBy(spans, (span) => conversationOf(tree.above(span)));
    return [...groups].flatMap(([key, group], _, all) => {
      const title = all.length === 1 ? name : `${name} ${key.slice(0, 16)}`;
      return sessionOf(group, tree, title) ?? [];
    });
  },
};

/** Spans and what is above them. */
class SpanTree {
  readonly #byId: ReadonlyMap<string, Span>;
  readonly #wrappers: ReadonlySet<Span>;

  constructor(spans: readonly Span[]) {
    this.#byId = new Map(spans.map((span) => [span.spanId, span]));
    this.#wrappers = new Set(spans.flatMap((span) => this.wrapperOf(span) ?? []));
  }

  /** A span, and those above it, from the inside out. */
  above(span: Span): Span[] {
    const above = [span];
    for (let at = this.#parentOf(span); at !== undefined && above.length < 64; at = this.#parentOf(at))
      above.push(at);
    return above;
  }

  /** Whether a call is one that the model asked for. */
  isModelsOwn(call: Span): boolean {
    if (this.#wrappers.has(call)) return false;
    const around = this.above(this.wrapperOf(call) ?? call)
      .slice(1)
      .find(({ attributes }) => /^(execute_tool|invoke_agent)$/.test(String(operationOf(attributes))));
    return around === undefined || operationOf(around.attributes) === "invoke_agent";
  }

  /** The list or plan that holds a call, of which Tutti's spans tell: its key begins with that of what holds it. */
  wrapperOf(call: Span): Span | undefined {
    const parent = this.#parentOf(call);
    const keys = [call, parent].map((span) => span?.attributes["tutti.call"]);
    return String(keys[0]).startsWith(`${String(keys[1])}.`) ? parent : undefined;
  }

  #parentOf({ parentId }: Span): Span | undefined {
    return this.#byId.get(parentId);
  }
}

/**
 * Spans of one agent belong together: of the nearest span above that invokes an agent, or else of the trace. A conversation
 * that goes over several traces is one.
 */
function conversationOf(above: readonly Span[]): string {
  const agent = above.find((one) => operationOf(one.attributes) === "invoke_agent");
  const id = above.map((one) => one.attributes["gen_ai.conversation.id"]).find((one) => one !== undefined);
  const nested = above.filter((one) => operationOf(one.attributes) === "invoke_agent").length > 1;
  if (nested && agent !== undefined) return `agent ${agent.spanId}`;
  return typeof id === "string" ? id : (above[0]?.traceId ?? "");
}

function sessionOf(spans: readonly Span[], tree: SpanTree, name: string): Session | undefined {
  const builder = new SessionBuilder();
  let heard: readonly Heard[] = [];
  // What came of a response that broke off is void.
  let isVoid = false;
  for (const span of inOrder(spans, tree)) {
    if (isChat(span)) isVoid = span.isError;
    if (isVoid) continue;
    if (isChat(span)) heard = addTurn(builder, span, heard);
    else if (operationOf(span.attributes) === "execute_tool" && tree.isModelsOwn(span))
      addCall(builder, span);
  }
  return builder.finish(name, "otel-spans");
}

/** By their start; but a call whose turn has a span around it and its one chat comes behind that chat. */
function inOrder(spans: readonly Span[], tree: SpanTree): Span[] {
  const byStart = spans.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  const chats = byStart.filter(isChat);
  const chatsIn = Map.groupBy(chats, ({ parentId }) => parentId);
  const callsOf = Map.groupBy(byStart, (span) => {
    const { parentId } = tree.wrapperOf(span) ?? span;
    const [chat, another] = isChat(span) || parentId === "" ? [] : (chatsIn.get(parentId) ?? []);
    return another === undefined ? chat : undefined;
  });
  return (callsOf.get(undefined) ?? []).flatMap((span) => [span, ...(callsOf.get(span) ?? [])]);
}

function isChat({ attributes }: Span): boolean {
  return CHAT.has(operationOf(attributes));
}

function addTurn(
  builder: SessionBuilder,
  { attributes, startedAt, endedAt }: Span,
  heard: readonly Heard[],
): readonly Heard[] {
  const system = contentText(attributes["gen_ai.system_instructions"]);
  const all = [["system", system] as const, ...messagesIn(attributes["gen_ai.input.messages"])];
  // Each span repeats the history: what goes on behind what the last one had is new, be it the same words again.
  const isNew = all.findIndex(([by, text], i) => heard[i]?.[0] !== by || heard[i][1] !== text);
  for (const [by, text] of isNew === -1 ? [] : all.slice(isNew)) if (text !== "") builder.say(by, text);
  const turn = builder.open();
  turn.startedAt = startedAt;
  turn.endedAt = endedAt;
  turn.text = contentText(attributes["gen_ai.output.messages"]);
  turn.thinking = contentText(attributes["gen_ai.output.messages"], /^(reasoning|thinking)$/);
  turn.inputTokens = numberAt(attributes, "gen_ai.usage.input_tokens");
  turn.cachedInputTokens = numberAt(attributes, "gen_ai.usage.cache_read.input_tokens");
  turn.outputTokens = numberAt(attributes, "gen_ai.usage.output_tokens");
  return all.length < heard.length && isNew === -1 ? heard : all;
}

function addCall(builder: SessionBuilder, { attributes, startedAt, endedAt, isError, spanId }: Span): void {
  const turn = builder.current ?? builder.open();
  const id = stringOf(attributes["gen_ai.tool.call.id"] ?? spanId);
  const input = recorded(parsed(attributes["gen_ai.tool.call.arguments"]));
  turn.calls.push(openCall({ id, name: stringOf(attributes["gen_ai.tool.name"]), input, startedAt }));
  const result = recorded(attributes["gen_ai.tool.call.result"]);
  const text = typeof result === "string" || result === undefined ? result : JSON.stringify(result);
  builder.answer(id, { result: text, isError, endedAt });
}

function operationOf(attributes: Readonly<Record<string, unknown>>): unknown {
  return attributes["gen_ai.operation.name"];
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The messages of users and systems in `gen_ai.input.messages`. */
function messagesIn(value: unknown): readonly Heard[] {
  const messages = parsed(value);
  if (!Array.isArray(messages)) return [];
  return messages.filter(isObject).flatMap((message) => {
    const { role } = message;
    return role === "user" || role === "system" ? [[role, contentText([message])] as const] : [];
  });
}

/** The texts of messages: `parts` with `content`, as the conventions have it, or `content` alone. */
function contentText(value: unknown, kind = /^text$/): string {
  const found = parsed(value);
  if (typeof found === "string") return kind.test("text") ? found : "";
  if (!Array.isArray(found)) return "";
  return found
    .filter(isObject)
    .map(({ parts, content, type, text }) => {
      if (parts !== undefined) return contentText(parts, kind);
      return kind.test(stringOf(type ?? "text")) ? textIn(content) || textIn(text) : "";
    })
    .filter((one) => one !== "")
    .join("\n");
}

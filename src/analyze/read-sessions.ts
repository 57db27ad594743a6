/** Reads a file's text, whatever format it is in. */
import { isObject } from "../core/is-object.ts";
import { TuttiError } from "../core/errors.ts";
import { parseContent, withoutStrangers, type Content } from "./content.ts";
import type { SessionReader } from "./reader.ts";
import { anthropicMessagesReader } from "./readers/anthropic-messages.ts";
import { claudeCodeReader } from "./readers/claude-code.ts";
import { codexReader } from "./readers/codex.ts";
import { geminiReader } from "./readers/gemini.ts";
import { openaiChatReader } from "./readers/openai-chat.ts";
import { openaiResponsesReader } from "./readers/openai-responses.ts";
import { otelSpansReader } from "./readers/otel-spans.ts";
import { tuttiTraceReader } from "./readers/tutti-trace.ts";
import type { Session } from "./session.ts";

/** The formats that are read, the one that knows its own best first: the first reader that takes a file reads it. */
export const SESSION_READERS: readonly SessionReader[] = Object.freeze([
  claudeCodeReader,
  codexReader,
  otelSpansReader,
  tuttiTraceReader,
  geminiReader,
  anthropicMessagesReader,
  openaiResponsesReader,
  openaiChatReader,
]);

/** What was read from a file. */
export interface Reading {
  readonly format: string;
  readonly sessions: readonly Session[];
  /** What the reader of a report should know: `the last line is cut off and was left out`. */
  readonly notes: readonly string[];
}

/** How a text is read. */
export interface ReadSessionsOptions {
  /** The name of its sessions. @default "session" */
  readonly name?: string | undefined;
  /** @default SESSION_READERS */
  readonly readers?: readonly SessionReader[] | undefined;
}

/**
 * Reads the sessions in a file's text. The format is told by the content.
 *
 * @throws TuttiError `invalid-file` for an empty text, one without JSON, and a format that is not known: it says what the
 *   text looked like, and what would be read
 */
export function readSessions(text: string, options: ReadSessionsOptions = {}): Reading {
  const { name = "session", readers = SESSION_READERS } = options;
  if (text.trim() === "") throw unreadable(name, "is empty");
  const content = parseContent(name, text);
  const known = `formats read: ${readers.map(({ describes }) => describes).join(", ")}`;
  if (content === undefined) throw unreadable(name, `is neither JSON nor JSONL; ${known}`);
  const found = readWith(readers, content);
  if (found !== undefined) return { ...found, notes: notesOn(content) };
  const most = withoutStrangers(content);
  const read = most && readWith(readers, most.content);
  if (most !== undefined && read !== undefined) return { ...read, notes: notesOn(content, most.left) };
  if (content.values.every(isEmptyHistory)) throw unreadable(name, "has no message in it");
  throw unreadable(name, `looks like ${describeContent(content)}, which is no history; ${known}`);
}

function readWith(readers: readonly SessionReader[], content: Content): Omit<Reading, "notes"> | undefined {
  for (const reader of readers) {
    const sessions = attempt(() => reader.read(content));
    if (sessions !== undefined) return { format: reader.format, sessions };
  }
  return undefined;
}

/** A list that only looked like a history is none. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function unreadable(name: string, what: string): TuttiError {
  return new TuttiError("invalid-file", `${name} ${what}`);
}

function notesOn({ badLines, cutLine }: Content, strangers: readonly number[] = []): string[] {
  return [
    ...(badLines.length === 0 ? [] : [`lines that are no JSON were left out: ${someOf(badLines)}`]),
    ...(strangers.length === 0
      ? []
      : [`lines that are no part of a history were left out: ${someOf(strangers)}`]),
    ...(cutLine === undefined ? [] : [`the last line (${cutLine}) is cut off, and was left out`]),
  ];
}

function someOf(lines: readonly number[]): string {
  const more = lines.length - 5;
  return lines.slice(0, 5).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function isEmptyHistory(value: unknown): boolean {
  const list = isObject(value) ? (value["messages"] ?? value["input"] ?? value["contents"]) : undefined;
  return Array.isArray(list) && list.length === 0;
}

function describeContent({ values, isLines }: Content): string {
  const [first] = values;
  if (isLines) return `${values.length} lines of JSON, the first ${describeValue(first)}`;
  return describeValue(first);
}

function describeValue(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : `a list of ${describeValue(value[0])}`;
  if (!isObject(value)) return value === null ? "null" : `a ${typeof value}`;
  const keys = Object.keys(value).slice(0, 6).join(", ");
  return keys === "" ? "an empty object" : `an object with ${keys}`;
}

/**
 * The beginning of a JSON text as JSON: cut between values where that keeps at least half of it, else inside a string, which
 * is then ended; what is open is closed, and a marker says where something is missing.
 *
 * It reads no further than the cut, so it sees only what is wrong before it: whoever needs to know parses the outcome.
 */
import { pairBoundary } from "./boundary.ts";

const LEFT_OUT = "[Left out]";

/** A beginning of a JSON text, closed. */
export interface JsonPrefix {
  readonly text: string;
  /** How much of the original stands in it, in characters. */
  readonly end: number;
}

/** A list or an object that is open. */
interface Level {
  readonly closer: "]" | "}";
  readonly outer: Level | undefined;
}

/** A place between two values. */
interface Gap {
  readonly end: number;
  readonly level: Level;
  /** Whether nothing stands before it in its list or object. */
  readonly first: boolean;
}

/** Whether a text is a list or an object in JSON, as far as its first `reach` characters tell. */
export function beginsAsJson(text: string, reach: number): boolean {
  const prefix = jsonPrefix(text, Math.min(reach, text.trimEnd().length - 1));
  try {
    return prefix !== undefined && JSON.parse(prefix.text) !== undefined;
  } catch {
    return false;
  }
}

/** The beginning of a list or object, up to `limit` characters; undefined if it is neither, or ends before. */
export function jsonPrefix(text: string, limit: number): JsonPrefix | undefined {
  const scan = new Scan(text);
  while (scan.at < limit) if (!scan.step()) return undefined;
  const { gap } = scan;
  if (gap === undefined) return undefined;
  if (gap.end * 2 >= limit) return closeAtGap(text, gap);
  return closeInString(text, scan, limit) ?? closeAtGap(text, gap);
}

class Scan {
  readonly #text: string;
  at = 0;
  level: Level | undefined = undefined;
  gap: Gap | undefined = undefined;
  /** Where the string began that `at` is in. */
  stringAt: number | undefined = undefined;
  /** Where the last escape in it began. */
  escapeAt = -1;
  isKey = false;
  #keyIsNext = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads on by a character, or an escape; false if this can be no JSON. */
  step(): boolean {
    const character = this.#text[this.at++] as string;
    if (this.stringAt !== undefined) return this.#inString(character);
    switch (character) {
      case "{":
      case "[":
        return this.#open(character === "{" ? "}" : "]");
      case "}":
      case "]":
        return this.#close(character);
      case ",":
        return this.#comma();
      case '"':
        this.stringAt = this.at - 1;
        this.isKey = this.#keyIsNext;
        return this.level !== undefined;
      case ":":
        this.#keyIsNext = false;
        return this.level !== undefined;
      case " ":
      case "\n":
      case "\r":
      case "\t":
        return true;
      default:
        return this.level !== undefined;
    }
  }

  #inString(character: string): boolean {
    if (character === '"') this.stringAt = undefined;
    if (character === "\\") {
      this.escapeAt = this.at - 1;
      this.at += this.#text[this.at] === "u" ? 5 : 1;
    }
    return true;
  }

  #open(closer: "]" | "}"): boolean {
    this.level = { closer, outer: this.level };
    this.gap = { end: this.at, level: this.level, first: true };
    this.#keyIsNext = closer === "}";
    return true;
  }

  #close(closer: string): boolean {
    if (this.level?.closer !== closer) return false;
    this.level = this.level.outer;
    // What ends has no beginning to show.
    if (this.level === undefined) return false;
    this.gap = { end: this.at, level: this.level, first: false };
    return true;
  }

  #comma(): boolean {
    if (this.level === undefined) return false;
    this.gap = { end: this.at - 1, level: this.level, first: false };
    this.#keyIsNext = this.level.closer === "}";
    return true;
  }
}

function closeAtGap(text: string, { end, level, first }: Gap): JsonPrefix {
  const marker = level.closer === "}" ? `"...":"${LEFT_OUT}"` : `"${LEFT_OUT}"`;
  return { text: `${text.slice(0, end)}${first ? "" : ","}${marker}${closers(level)}`, end };
}

function closeInString(text: string, scan: Scan, limit: number): JsonPrefix | undefined {
  const { stringAt, escapeAt, isKey, level } = scan;
  if (stringAt === undefined || isKey || level === undefined) return undefined;
  const end = outsideEscape(text, { escapeAt, end: Math.min(scan.at, limit) });
  return { text: `${text.slice(0, end)} ${LEFT_OUT}"${closers(level)}`, end };
}

/** Neither inside an escape nor behind the first half of an escaped pair. */
function outsideEscape(text: string, { escapeAt, end }: { escapeAt: number; end: number }): number {
  const escape = /^\\(?:u[0-9a-fA-F]{4}|[^u])/.exec(text.slice(escapeAt, escapeAt + 6))?.[0] ?? "";
  if (escapeAt < 0) return pairBoundary(text, end);
  const isInside = end < escapeAt + escape.length || escape === "";
  const isHalf = end === escapeAt + 6 && /^\\u[dD][89abAB]/.test(escape);
  return isInside || isHalf ? Math.min(end, escapeAt) : pairBoundary(text, end);
}

function closers(level: Level): string {
  let text = "";
  for (let open: Level | undefined = level; open !== undefined; open = open.outer) text += open.closer;
  return text;
}

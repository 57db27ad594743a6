/**
 * What becomes of content in a trace: what the model wrote, tools were given and returned, and people typed. The structure (which
 * calls there were, when, why they waited, how they ended) stays whatever is said here.
 */
import { toText } from "../results/text.ts";
import { oneOf, show } from "../core/options.ts";
import { sha256 } from "./sha-256.ts";

/** Where content stands. */
export interface ContentPlace {
  /** `error` is a message that may hold a tool's or a user's words; `resource` is the path of a lock, or the name of a pool that a tool computed. */
  readonly what: "input" | "output" | "answer" | "progress" | "text" | "error" | "resource";
  /** The key of the call, if it is of one. */
  readonly call?: string | undefined;
  /** The tool, where the event or one before it told. */
  readonly tool?: string | undefined;
}

/**
 * What becomes of content: it stays (`full`), goes (`none`), is replaced by a hash of its text, so that what was the same can still be
 * seen to be (`hash`), or by what a function returns. The function must not change what it is given; where it throws,
 * the content goes.
 */
export type TraceContent = "full" | "none" | "hash" | ((value: unknown, where: ContentPlace) => unknown);

/** Replaces content. It never throws. */
export type Redact = (value: unknown, where: ContentPlace) => unknown;

/** Stands for content that is gone. */
export const REMOVED = "[removed]";

/**
 * What replaces content; undefined if it stays.
 *
 * @throws TypeError for what is no `TraceContent`
 */
export function createRedact(content: TraceContent): Redact | undefined {
  if (typeof content === "function") return guarded(content);
  if (typeof content !== "string")
    throw new TypeError(`\`content\` must be "full", "none", "hash" or a function, got ${show(content)}`);
  switch (oneOf("content", ["full", "none", "hash"], content)) {
    case "full":
      return undefined;
    case "none":
      return (_value, { what }) => (what === "text" ? "" : REMOVED);
    case "hash":
      // A model's text comes in pieces, cut anywhere: their hashes would say nothing.
      return (value, { what }) => (what === "text" ? "" : hashOf(value));
  }
}

/** 64 bits of the SHA-256 of a value's text. */
export function hashOf(value: unknown): string {
  return `[sha256 ${sha256(toText(value)).slice(0, 16)}]`;
}

/** Whether a value is what stands for content that was removed, or hashed. */
export function isRemoved(value: unknown): boolean {
  return typeof value === "string" && (value === REMOVED || /^\[sha256 [0-9a-f]{16}\]$/.test(value));
}

function guarded(replace: Redact): Redact {
  return (value, where) => {
    try {
      return replace(value, where);
    } catch {
      return REMOVED;
    }
  };
}

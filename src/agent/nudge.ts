/**
 * Words that have a model make its calls together. All are optional; each has a version, so that figures can be compared,
 * and is sent byte for byte the same each time: a text that changes would empty the provider's prompt cache.
 *
 * Those per turn stand behind the results of each turn, where the protocol lets a user speak; what was said once is never
 * rewritten.
 */

import type { ReferenceMode } from "../core/reference.ts";

/** How a model is nudged: in a sentence of the system prompt, in a passage of it, or again behind the results of each turn. */
export type Nudge = "mild" | "strong" | "per-turn";

/** All of them. */
export const NUDGES: readonly Nudge[] = ["mild", "strong", "per-turn"];

/** A text, and what it is called where figures are kept: `anthropic-messages/strong/1`. */
export interface NudgeText {
  readonly id: string;
  readonly text: string;
}

interface Versioned {
  readonly version: number;
  readonly text: string;
  /** What of it is untrue where the model may write references, and what is said instead. */
  readonly unlessReferences?: readonly [says: string, instead: string];
}

type Texts = Readonly<Record<Nudge, Versioned>>;

/**
 * What goes everywhere. That calls which depend on each other are kept apart, and that no parameter is made up, is part of
 * each passage: wider turns are no gain where the model guesses.
 */
const ANY: Texts = {
  mild: {
    version: 1,
    text: "When you need several tool calls that do not depend on one another's results, make them all in one response.",
  },
  strong: {
    version: 1,
    text:
      "Tool calls\n" +
      "- Before you call a tool, work out everything that you will need next.\n" +
      "- Make all calls that do not depend on one another's results in one response: to read three files, make three calls in " +
      "one response, not one call in each of three.\n" +
      "- Wait for a result only if the next call cannot be written without it. Never guess a parameter, and use no placeholder.\n" +
      "- Do not change the same thing twice in one response.",
    unlessReferences: [
      "cannot be written without it. Never guess a parameter, and use no placeholder.",
      "cannot be written without it, not even with a reference. Never guess a parameter.",
    ],
  },
  "per-turn": {
    version: 1,
    text:
      "First list for yourself what you need next; then make every call that does not depend on another's result in this one " +
      "response.",
  },
};

/** What a protocol's models are told in other words; keyed by the name of the wire. */
const OWN: Readonly<Record<string, Partial<Texts>>> = {
  // A tagged passage with an example is the form that Anthropic's own guide recommends.
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/parallel-tool-use
  "anthropic-messages": {
    strong: {
      version: 1,
      text:
        "<parallel_tool_calls>\n" +
        "Whenever you need several things that do not depend on one another, make all the calls for them in one response. To " +
        "read three files, make three calls in one response, not one call in each of three.\n" +
        "Reads, searches and listings nearly always go together; rather make too many calls at once than too few.\n" +
        "If a call needs the result of another, wait for that result: never guess a parameter, and use no placeholder.\n" +
        "</parallel_tool_calls>",
      unlessReferences: [
        "If a call needs the result of another, wait for that result: never guess a parameter, and use no placeholder.",
        "If a call needs the result of another, write a reference to it; only where that is not enough, wait for that result. " +
          "Never guess a parameter.",
      ],
    },
  },
  // "Think first, decide all files, batch everything" is what OpenAI tells its own coding models, which also have a wrapper
  // tool that others do not: it is not named here. https://developers.openai.com/cookbook/examples/gpt-5/codex_prompting_guide
  "openai-responses": {
    strong: {
      version: 1,
      text:
        "# Tool calls\n\n" +
        "Think first: before any tool call, decide on all the files and facts that you will need.\n" +
        "Batch everything: make all calls that do not depend on one another's results in one response.\n" +
        "Only make calls one after the other if the next one cannot be written without a result. Never guess a parameter.\n" +
        "Then: plan what is needed, make one batch of calls, look at the results, and repeat only if something new turned up.",
    },
  },
};

/**
 * The text of a nudge for the models behind a wire; in a version of its own where they are told of references, if it would
 * contradict that.
 */
export function nudgeText(
  wire: string,
  nudge: Nudge,
  { references }: { readonly references?: ReferenceMode | undefined } = {},
): NudgeText {
  const own = OWN[wire]?.[nudge];
  const { version, text, unlessReferences } = own ?? ANY[nudge];
  const id = (name: string) => `${own === undefined ? "any" : wire}/${name}/${version}`;
  if (references === undefined || unlessReferences === undefined) return { id: id(nudge), text };
  return { id: id(`${nudge}+references`), text: text.replace(...unlessReferences) };
}

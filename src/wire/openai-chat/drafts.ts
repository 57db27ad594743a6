/**
 * The calls of one answer while they come in fragments. Servers leave out what tells fragments apart, so which call a
 * fragment belongs to is told from whatever there is:
 *
 * 1. An index or an id of its own begins a call; one that is known goes on with it. Ollama gives every call the index 0
 *    (https://github.com/ollama/ollama/issues/15457), Mistral may give none.
 * 2. Where neither helps, a name begins a call if the one before it is whole.
 * 3. A call that has been settled takes nothing any more but what it has said already (G9).
 */
import { TuttiError } from "../../core/errors.ts";
import { isObjectText } from "../arguments-text.ts";
import type { ChatCallFragment } from "./protocol.ts";

/** A call that is being put together. */
export interface Draft {
  /** The server's id; empty if none came. */
  id: string;
  name: string;
  /** All fragments of the arguments, one behind the other. */
  text: string;
  /** The last fragment, as long as each held all of the one before it: some servers repeat what they have said. */
  snapshot: string | undefined;
  /** The name came once more, without arguments: what comes next may be another call of the same tool. */
  namedAgain: boolean;
  /** A tool whose input is free text. */
  readonly custom: boolean;
  /** What else came with the call, such as a signature. */
  extra: Record<string, unknown> | undefined;
  /** The arguments, once they are final. */
  final: string | undefined;
}

const KNOWN = new Set(["index", "id", "type", "function", "custom"]);

/** The calls of one answer. */
export class Drafts {
  readonly #all: Draft[] = [];
  readonly #byIndex = new Map<number, Draft>();
  readonly #byId = new Map<string, Draft>();

  /** The calls so far, in order. */
  get all(): readonly Draft[] {
    return this.#all;
  }

  /** Adds a fragment of a streamed call. */
  add(fragment: ChatCallFragment): void {
    const known = this.#find(fragment);
    const draft = known === undefined || isAnother(fragment, known) ? this.#begin(fragment, known) : known;
    extend(draft, fragment);
    if (draft.id !== "") this.#byId.set(draft.id, draft);
  }

  /** Adds a call that came whole. */
  addWhole(call: ChatCallFragment): void {
    extend(this.#begin(call), call);
  }

  #begin(fragment: ChatCallFragment, before?: Draft): Draft {
    const { index, type, custom } = fragment;
    const id = fragment.id ?? "";
    // A fragment without a name begins a call only where the name came before it.
    const like = before?.namedAgain === true && id === "" && nameOf(fragment) === "" ? before : undefined;
    const draft: Draft = {
      id: like?.id ?? id,
      name: like?.name ?? "",
      text: "",
      snapshot: undefined,
      namedAgain: false,
      custom: like?.custom ?? (type === "custom" || ((type ?? "") === "" && (custom?.name ?? "") !== "")),
      extra: undefined,
      final: undefined,
    };
    this.#all.push(draft);
    if (typeof index === "number") this.#byIndex.set(index, draft);
    return draft;
  }

  /** The call that a fragment goes on with, as far as its index and its id tell. */
  #find(fragment: ChatCallFragment): Draft | undefined {
    const { index } = fragment;
    const id = fragment.id ?? "";
    if (typeof index === "number") {
      const known = this.#byIndex.get(index);
      // What has neither a name nor an id begins nothing.
      return known ?? (id === "" && nameOf(fragment) === "" ? this.#all.at(-1) : undefined);
    }
    return (id === "" ? undefined : this.#byId.get(id)) ?? this.#all.at(-1);
  }
}

/** The arguments of a draft: its fragments one behind the other, unless that makes no sense and another reading does. */
export function argumentsOf({ final, text, snapshot, custom }: Draft): string {
  if (final !== undefined) return final;
  if (custom || snapshot === text || isObjectText(text)) return text;
  if (snapshot !== undefined && isObjectText(snapshot)) return snapshot;
  // Gemini's endpoint has sent an empty object first: https://github.com/microsoft/autogen/pull/7549
  const rest = text.startsWith("{}") ? text.slice(2) : "";
  return isObjectText(rest) ? rest : text;
}

/** Whether a fragment that could go on with a call is a call of its own. */
function isAnother(fragment: ChatCallFragment, draft: Draft): boolean {
  const id = fragment.id ?? "";
  const name = nameOf(fragment);
  const text = textOf(fragment);
  // A call begins with its name, or behind it.
  if (name === "") return draft.namedAgain && beginsArguments(text) && isWhole(draft);
  const hasOwnId = id !== "" && draft.id !== "" && id !== draft.id;
  if (draft.name === "") return hasOwnId;
  if (name !== draft.name) return true;
  // vLLM has given each fragment an id of its own: https://github.com/vllm-project/vllm/pull/23522
  const mayGoOn = typeof fragment.index === "number" && text !== "" && draft.text !== "";
  if (hasOwnId) return draft.custom || !mayGoOn || isWhole(draft);
  // Now the name is all there is: it tells two calls of one tool apart where the first is whole.
  if (!beginsArguments(text) || !isWhole(draft)) return false;
  // Said once more: an echo if the fragment names the call by its id, or if the server has echoed before.
  const said = draft.snapshot ?? draft.text;
  if (id !== "" && said === "{}") return false;
  return !text.startsWith(said) || (id === "" && draft.snapshot === draft.text);
}

function beginsArguments(text: string): boolean {
  return /^\s*[{"]/.test(text);
}

/** Of free text nothing tells. */
function isWhole({ custom, text, snapshot }: Draft): boolean {
  return !custom && isObjectText(snapshot ?? text);
}

function extend(draft: Draft, fragment: ChatCallFragment): void {
  for (const field in fragment) {
    if (KNOWN.has(field)) continue;
    draft.extra = { ...draft.extra, [field]: fragment[field as keyof ChatCallFragment] };
  }
  const text = textOf(fragment);
  if (draft.final !== undefined) return mustBeEcho(draft, text);
  if (draft.id === "") draft.id = fragment.id ?? "";
  const name = nameOf(fragment);
  if (draft.name === "") draft.name = name;
  if (text === "") {
    draft.namedAgain ||= name !== "" && draft.text !== "";
    return;
  }
  draft.namedAgain = false;
  // The whole once more, behind its fragments.
  if (text === draft.text && isObjectText(text)) return;
  const grows = draft.text === "" || (draft.snapshot !== undefined && text.startsWith(draft.snapshot));
  draft.snapshot = grows ? text : undefined;
  draft.text += text;
}

/** The call may be running by now: it must not become another. */
function mustBeEcho({ name, final }: Draft, text: string): void {
  if (text.trim() === "" || text === final) return;
  throw new TuttiError("model-failed", `the arguments of a call of ${name} went on after they were whole`);
}

function nameOf({ function: called, custom }: Pick<ChatCallFragment, "function" | "custom">): string {
  return (called?.name ?? "") || (custom?.name ?? "");
}

/** What a fragment adds to the arguments. Some servers send them as an object. */
function textOf({ function: called, custom }: ChatCallFragment): string {
  const text = called?.arguments ?? custom?.input ?? "";
  return typeof text === "string" ? text : JSON.stringify(text);
}

/**
 * The calls of one answer while they come in fragments. Servers leave out what tells fragments apart, so which call a
 * fragment belongs to is told from whatever there is:
 *
 * 1. An index or an id of its own begins a call; one that is known goes on with it.
 * 2. Where neither helps (no index, always index 0, no ids), a name begins a call if the one before it is whole.
 * 3. A call is final once the model has moved on and the arguments are a whole object: fragments of calls may interleave.
 */
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
  /** A tool whose input is free text. */
  custom: boolean;
  /** What else came with the call, such as a signature. */
  extra: Record<string, unknown> | undefined;
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
    const draft = this.#find(fragment) ?? this.#begin(fragment);
    extend(draft, fragment);
    if (draft.id !== "") this.#byId.set(draft.id, draft);
  }

  /** Adds a call that came whole. */
  addWhole(call: ChatCallFragment): void {
    extend(this.#begin(call), call);
  }

  #begin({ index, id, type, custom }: ChatCallFragment): Draft {
    const draft: Draft = {
      id: id ?? "",
      name: "",
      text: "",
      snapshot: undefined,
      custom: type === "custom" || ((type ?? "") === "" && (custom?.name ?? "") !== ""),
      extra: undefined,
    };
    this.#all.push(draft);
    if (typeof index === "number") this.#byIndex.set(index, draft);
    return draft;
  }

  /** The call that a fragment goes on with. */
  #find(fragment: ChatCallFragment): Draft | undefined {
    const id = fragment.id ?? "";
    const hasIndex = typeof fragment.index === "number";
    const known = hasIndex || id === "" ? undefined : this.#byId.get(id);
    const candidate = known ?? (hasIndex ? this.#byIndex.get(fragment.index as number) : this.#all.at(-1));
    if (candidate === undefined) return undefined;
    const isAnother = id !== "" && candidate.id !== "" && candidate.id !== id;
    return isAnother || beginsAnother(fragment, candidate) ? undefined : candidate;
  }
}

/** Whether a fragment that could go on with a call is another call that nothing else tells apart. */
function beginsAnother(fragment: ChatCallFragment, draft: Draft): boolean {
  const name = nameOf(fragment);
  if (name === "" || draft.name === "") return false;
  if (name !== draft.name) return true;
  if (draft.text === "") return false;
  const said = draft.snapshot ?? draft.text;
  if (!draft.custom && !isObjectText(said)) return false;
  // Said once more: an echo if the fragment names the call by its id, or if the server has echoed before.
  const text = textOf(fragment);
  const echoes = (fragment.id ?? "") !== "" || draft.snapshot !== draft.text;
  return text !== "" && !(echoes && text.startsWith(said));
}

function extend(draft: Draft, fragment: ChatCallFragment): void {
  if (draft.id === "") draft.id = fragment.id ?? "";
  if (draft.name === "") draft.name = nameOf(fragment);
  const text = textOf(fragment);
  if (text !== "") {
    const grows = draft.text === "" || (draft.snapshot !== undefined && text.startsWith(draft.snapshot));
    draft.snapshot = grows ? text : undefined;
    draft.text += text;
  }
  for (const field in fragment) {
    if (!KNOWN.has(field))
      draft.extra = { ...draft.extra, [field]: fragment[field as keyof ChatCallFragment] };
  }
}

function nameOf({ function: called, custom }: ChatCallFragment): string {
  return (called?.name ?? "") || (custom?.name ?? "");
}

/** What a fragment adds to the arguments. Some servers send them as an object. */
function textOf({ function: called, custom }: ChatCallFragment): string {
  const text = called?.arguments ?? custom?.input ?? "";
  return typeof text === "string" ? text : JSON.stringify(text);
}

/**
 * A result as one text, in which an image is a note: what is kept of a result that is cut, what its characters are counted
 * in, and what is shown of it.
 *
 * 1. Images are shown whole, first ones first, as far as they take no more than half of the budget, or than the text leaves.
 * 2. Of the text the beginning is shown: JSON as JSON, anything else up to the end of a line or a character.
 */
import type { ImagePart, ResultPart } from "../core/result.ts";
import { readableBoundary } from "./boundary.ts";
import type { Budget, Showable } from "./fit.ts";
import { beginsAsJson, jsonPrefix } from "./json-prefix.ts";
import { cutNote, SHORTEST_NOTE, type Whereabouts } from "./note.ts";
import { IMAGE_TOKENS } from "./tokens.ts";

/** The tokens of a budget are never more characters than this many each. */
const REACH = 32;

/** A result's parts as one text. */
export interface Document {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** A part, and where its text stands in the document. */
interface Piece {
  readonly text: string;
  readonly start: number;
  /** The image that the text stands for. */
  readonly image: ImagePart | undefined;
}

/** The document of a result. `noteOn` gives what stands for an image. */
export function toDocument(parts: readonly ResultPart[], noteOn: (image: ImagePart) => string): Document {
  const pieces: Piece[] = [];
  let start = 0;
  for (const part of parts) {
    const text = part.type === "text" ? part.text : noteOn(part);
    pieces.push({ text, start, image: part.type === "image" ? part : undefined });
    start += text.length + 1;
  }
  return { text: pieces.map(({ text }) => text).join("\n"), pieces };
}

/** How the note on a cut is worded. */
export type NoteLength = "full" | "shortest";

/** A document as it is shown within a budget. */
export class ShownDocument implements Showable {
  readonly #document: Document;
  readonly #images: ReadonlySet<Piece>;
  readonly #isJson = new Map<Piece, boolean>();
  readonly #reach: number;
  readonly #note: (shown: number) => string;

  constructor(
    document: Document,
    options: Budget & { readonly whole: Whereabouts; readonly note: NoteLength },
  ) {
    const { tokens, note, whole } = options;
    this.#document = document;
    this.#images = shownImages(document, options);
    this.#reach = tokens * REACH;
    const total = document.text.length;
    this.#note = note === "full" ? (shown) => cutNote({ shown, total }, whole) : () => SHORTEST_NOTE;
  }

  get size(): number {
    return this.#document.text.length;
  }

  show(amount: number): ResultPart[] {
    const parts: ResultPart[] = [];
    let shown = this.size;
    for (const piece of this.#document.pieces) {
      const { text, start, image } = piece;
      if (image !== undefined && this.#images.has(piece)) {
        parts.push(image);
      } else if (start + text.length <= amount) {
        parts.push({ type: "text", text });
      } else if (shown === this.size) {
        // The first one that is not whole; those behind it are left out.
        const cut = image === undefined ? this.#cut(piece, amount - start) : { text: "", end: 0 };
        if (cut.text !== "") parts.push({ type: "text", text: cut.text });
        shown = Math.max(0, start + cut.end);
      }
    }
    return shown === this.size ? parts : withNote(parts, this.#note(shown));
  }

  #cut(piece: Piece, limit: number): { readonly text: string; readonly end: number } {
    const { text } = piece;
    if (limit <= 0) return { text: "", end: limit };
    const isJson = this.#isJson.get(piece) ?? beginsAsJson(text, this.#reach);
    this.#isJson.set(piece, isJson);
    const prefix = isJson ? jsonPrefix(text, limit) : undefined;
    if (prefix !== undefined) return prefix;
    const end = readableBoundary(text, limit);
    return { text: text.slice(0, end), end };
  }
}

/** The images that are shown: see invariant 1. */
function shownImages({ pieces }: Document, { tokens, meter }: Budget): ReadonlySet<Piece> {
  const texts = pieces.flatMap(({ text, image }): ResultPart[] =>
    image === undefined ? [{ type: "text", text }] : [],
  );
  const room = Math.max(tokens / 2, tokens - meter.upTo(texts, tokens));
  const images = pieces.filter(({ image }) => image !== undefined);
  return new Set(images.slice(0, Math.floor(room / IMAGE_TOKENS)));
}

/** The note goes right behind a text, in a part of its own behind an image. */
function withNote(parts: readonly ResultPart[], note: string): ResultPart[] {
  const last = parts.at(-1);
  if (last?.type !== "text") return [...parts, { type: "text", text: note }];
  return [...parts.slice(0, -1), { type: "text", text: `${last.text}\n${note}` }];
}

/** The model's reasoning, for which servers have fields of their own: kept only to go back, where the server wants it. */

/** An entry of `reasoning_details`. */
interface Detail {
  readonly type?: unknown;
  readonly index?: unknown;
  readonly [field: string]: unknown;
}

/** The fields of `reasoning_details` that come in fragments. */
const TEXTS = ["text", "summary", "data"];

/** Puts the reasoning of one answer together. */
export class Reasoning {
  readonly #fields: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #details: Detail[] = [];

  /** `fields` are those that go back. */
  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  /** Takes what a message, or an addition to it, holds. */
  add(delta: object): void {
    for (const field of this.#fields) {
      const value = (delta as Record<string, unknown>)[field];
      if (typeof value === "string") this.#texts.set(field, (this.#texts.get(field) ?? "") + value);
      else if (Array.isArray(value)) for (const detail of value) this.#addDetail(detail as Detail);
    }
  }

  /** The fields as they go back; none if nothing came. */
  fields(): Record<string, unknown> {
    const texts = [...this.#texts].filter(([, text]) => text !== "");
    return {
      ...Object.fromEntries(texts),
      ...(this.#details.length > 0 && { reasoning_details: [...this.#details] }),
    };
  }

  /** A fragment goes on with the last entry of its type and index; what it adds beside text, such as a signature, is set. */
  #addDetail(detail: Detail): void {
    const last = this.#details.at(-1);
    if (last === undefined || last.type !== detail.type || last.index !== detail.index) {
      this.#details.push(detail);
      return;
    }
    const joined: Record<string, unknown> = { ...last, ...detail };
    for (const field of TEXTS) {
      if (typeof last[field] === "string" && typeof detail[field] === "string") {
        joined[field] = last[field] + detail[field];
      }
    }
    this.#details[this.#details.length - 1] = joined;
  }
}

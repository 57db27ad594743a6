/** The calls of one answer, for those that a proxy says twice. */

/** A call as it was said. */
export interface SaidCall {
  /** The provider's id; without one nothing tells a repetition from a second call. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Remembers calls. */
export class SaidCalls {
  readonly #byId = new Map<string, SaidCall[]>();

  /** Notes a call; says whether it was said before, word for word and under the same id. */
  has(call: SaidCall): boolean {
    if (call.id === "") return false;
    const before = this.#byId.get(call.id);
    if (before === undefined) this.#byId.set(call.id, [call]);
    else if (before.some(({ name, text }) => name === call.name && text === call.text)) return true;
    else before.push(call);
    return false;
  }
}

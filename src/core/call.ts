/** A call, as it is known outside. Its way to an outcome is in `live-call.ts`. */

/** A call of a batch. */
export interface Call {
  /** Tutti's own key, unique in the executor: the batch's key and the call's place in it. */
  readonly key: string;
  /** The provider's id, as it came. */
  readonly id: string | undefined;
  readonly name: string;
  /** The arguments as the model gave them, before validation. */
  readonly input: unknown;
  /** The place in the model's order, from 0; of a call in a list or a plan, its place there. */
  readonly index: number;
  /** What a plan calls it. */
  readonly node?: string;
}

/** A call in words, as the model knows it. */
export function nameOf({ name, index, node }: Call): string {
  return node === undefined ? `call ${index + 1} (${name})` : `"${node}" (${name})`;
}

/** A call, as it comes in and as it is known outside. Its way to an outcome is in `live-call.ts`. */

/** A tool call as a wire, or a caller with a loop of their own, hands it in. */
export interface CallRequest {
  /** The provider's id of the call. It need not be unique, nor be there at all. */
  readonly id?: string | undefined;
  /** The name of the tool that the model asked for. */
  readonly name: string;
  /** The arguments, parsed. None at all stand for `{}`. */
  readonly input?: unknown;
  /** The arguments as the model wrote them; parsed strictly. It wins over `input`; an empty text stands for `{}`. */
  readonly inputText?: string | undefined;
  /** The arguments were cut off: the call is answered `truncated` and never runs (G9). */
  readonly truncated?: boolean | undefined;
}

/** A call of a batch. */
export interface Call {
  /** Tutti's own key, unique in the executor: the batch's key and the call's place in it. */
  readonly key: string;
  /** The provider's id, as it came. */
  readonly id: string | undefined;
  readonly name: string;
  /** The arguments as the model gave them, before validation. */
  readonly input: unknown;
  /** The place in the model's order, from 0. */
  readonly index: number;
}

/** A call, as it comes in. */
import { show } from "./options.ts";
import { checkOutcome, type Outcome } from "./outcome.ts";

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
  /** The call has been run before, with this outcome: it is answered so, and not run again. */
  readonly outcome?: Outcome | undefined;
}

/**
 * Checks that something is a call at all. A name that is no tool's is the model's mistake, and is answered.
 *
 * @throws TypeError
 */
export function checkRequest(request: unknown): void {
  if (typeof request !== "object" || request === null)
    throw new TypeError(`a call must be an object, got ${show(request)}`);
  const { outcome } = request as CallRequest;
  if (outcome !== undefined) checkOutcome(outcome);
}

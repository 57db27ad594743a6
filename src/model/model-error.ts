/** What a provider's client threw, in one line. */
import { TuttiError } from "../core/errors.ts";

/** What the clients' errors have in common: Anthropic's and OpenAI's come from the same generator. */
interface ClientError {
  readonly message?: unknown;
  readonly status?: unknown;
  /** The body of the response, with the error inside it for one client and without it for the other. */
  readonly error?: Body;
}

interface Body {
  readonly type?: unknown;
  /** Google's word for the type. */
  readonly status?: unknown;
  readonly message?: unknown;
  readonly error?: Body;
}

/** A client's error as a `TuttiError` `model-failed`, with the error as its cause. One that is a `TuttiError` stays as it is. */
export function toModelError(error: unknown): TuttiError {
  if (error instanceof TuttiError) return error;
  return new TuttiError("model-failed", messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { status, message } = error as ClientError;
  const body = (error as ClientError).error ?? bodyIn(message);
  const detail = body?.error ?? body;
  const reason =
    typeof detail?.message === "string"
      ? [detail.type ?? detail.status, detail.message].filter((part) => typeof part === "string").join(": ")
      : typeof message === "string"
        ? message
        : "the request failed";
  const text = typeof status === "number" && !reason.startsWith(`${status}`) ? `${status} ${reason}` : reason;
  return text.replace(/\s*\n\s*/g, " ");
}

/** Google's client has the body as JSON for its message; of an error inside a stream, behind "got status: UNAVAILABLE. ". */
function bodyIn(message: unknown): Body | undefined {
  if (typeof message !== "string" || !/^(got status: \w+\. )?\{/.test(message)) return undefined;
  try {
    return JSON.parse(message.slice(message.indexOf("{"))) as Body;
  } catch {
    return undefined;
  }
}

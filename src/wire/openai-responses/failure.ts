/** A response that failed, as an error. */
import { TuttiError } from "../../core/errors.ts";
import type { ResponsesEventFields, ResponsesFailure } from "./protocol.ts";

/** The error of a response whose status says that it did not come about. */
export function failedResponse(
  error: ResponsesFailure | null | undefined,
  status: string | null | undefined,
): TuttiError {
  return toError(error, `the response ${status === "cancelled" ? "was cancelled" : "failed"}`, error);
}

/** The error of an event that says so: `response.failed`, or `error`, with the error in it or around it. */
export function failedEvent(event: ResponsesEventFields): TuttiError {
  return toError(event.response?.error ?? event.error ?? event, "the response failed", event);
}

function toError(error: ResponsesFailure | null | undefined, otherwise: string, cause: unknown): TuttiError {
  const said = [error?.code, error?.message].filter((part) => typeof part === "string" && part !== "");
  return new TuttiError("model-failed", said.length === 0 ? otherwise : said.join(": "), { cause });
}

/** How Google says no. */
import type { Refusal } from "../protocol.ts";

/** The provider's own words for a status. */
const FAILURES: Readonly<Record<number, readonly [status: string, message: string]>> = {
  401: ["UNAUTHENTICATED", "API key not valid. Please pass a valid API key."],
  403: [
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  ],
  404: ["NOT_FOUND", "Requested entity was not found."],
  405: ["INVALID_ARGUMENT", "Request contains an invalid argument."],
  // Recorded of shared capacity; where it is a quota, details say how long to wait.
  429: [
    "RESOURCE_EXHAUSTED",
    "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
  ],
  500: [
    "INTERNAL",
    "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
  ],
  503: ["UNAVAILABLE", "The model is overloaded. Please try again later."],
  504: ["DEADLINE_EXCEEDED", "The request timed out. Please try again."],
};

/** A refusal because of the request. */
export function refuse(message: string): Refusal {
  return refusal(400, "INVALID_ARGUMENT", message);
}

/** A refusal because of the provider's state, or of who asks. */
export function fail(status: number, message?: string): Refusal {
  const [word, text] =
    FAILURES[status] ??
    (status < 500
      ? ["INVALID_ARGUMENT", "Request contains an invalid argument."]
      : ["INTERNAL", "Internal error encountered."]);
  return refusal(status, word, message ?? text);
}

function refusal(code: number, status: string, message: string): Refusal {
  return { status: code, body: { error: { code, message, status } } };
}

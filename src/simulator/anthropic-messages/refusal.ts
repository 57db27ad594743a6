/** How Anthropic says no. The bodies are the recorded ones; the request's id is put in by who sends them. */
import type { Refusal } from "../protocol.ts";

/** The provider's own words for a status. */
const FAILURES: Record<number, readonly [type: string, message: string]> = {
  401: ["authentication_error", "invalid x-api-key"],
  403: ["permission_error", "Your API key does not have permission to use the specified resource."],
  404: ["not_found_error", "Not Found"],
  405: ["invalid_request_error", "Method Not Allowed"],
  413: ["request_too_large", "Request exceeds the maximum size"],
  429: ["rate_limit_error", "This request would exceed your account's rate limit. Please try again later."],
  500: ["api_error", "Internal server error"],
  529: ["overloaded_error", "Overloaded"],
};

/** A refusal because of the request. */
export function refuse(message: string): Refusal {
  return refusal(400, "invalid_request_error", message);
}

/** A refusal because of the provider's state, or of who asks. */
export function fail(status: number, message?: string): Refusal {
  const [type, text] =
    FAILURES[status] ??
    (status < 500 ? ["invalid_request_error", "Bad Request"] : ["api_error", "Internal server error"]);
  return refusal(status, type, message ?? text);
}

function refusal(status: number, type: string, message: string): Refusal {
  return { status, body: { type: "error", error: { type, message } } };
}

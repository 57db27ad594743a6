/** How OpenAI says no, on all of its APIs. */
import type { Refusal } from "../protocol.ts";
import type { Fault } from "./fault.ts";

/** The provider's own words for a status: type, code, message. */
const FAILURES: Readonly<Record<number, readonly [type: string, code: string | null, message: string]>> = {
  401: [
    "invalid_request_error",
    null,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",
  ],
  404: ["invalid_request_error", "unknown_url", "Invalid URL"],
  405: ["invalid_request_error", "method_not_supported", "Not allowed to use this method on this URL."],
  // Recorded of tokens per minute; the organisation and the numbers differ.
  429: [
    "tokens",
    "rate_limit_exceeded",
    "Rate limit reached for gpt-4.1 in organization org-simulated on tokens per min (TPM): Limit 30000, Used 30000, Requested 1000. Please try again in 2s. Visit https://platform.openai.com/account/rate-limits to learn more.",
  ],
  500: ["server_error", null, "The server had an error while processing your request. Sorry about that!"],
  503: ["service_unavailable_error", null, "The engine is currently overloaded, please try again later"],
};

/** A refusal because of the request. */
export function refuse(message: string): Refusal {
  return refuseFault({ message });
}

/** A refusal with the field that is wrong, and the code for it. */
export function refuseFault({
  message,
  param = null,
  code = null,
  type = "invalid_request_error",
}: Fault): Refusal {
  return { status: 400, body: { error: { message, type, param, code } } };
}

/** A refusal because of the provider's state, or of who asks. */
export function fail(status: number, message?: string): Refusal {
  const [type, code, text] =
    FAILURES[status] ??
    (status < 500
      ? ["invalid_request_error", null, "Bad Request"]
      : ["server_error", null, "The server had an error while processing your request. Sorry about that!"]);
  return { status, body: { error: { message: message ?? text, type, param: null, code } } };
}

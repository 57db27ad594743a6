/** The headers of requests and responses, the same on all of OpenAI's APIs. */
import type { Refusal } from "../protocol.ts";
import { fail } from "./refusal.ts";

/** Whether the headers let a request in. */
export function authenticate(headers: Headers): Refusal | undefined {
  return headers.has("authorization") ? undefined : fail(401);
}

/** The rate limit headers as recorded; only after a 429 is anything used up. */
export function headers(requestId: string, status: number): Record<string, string> {
  return {
    "x-request-id": requestId,
    "openai-processing-ms": "100",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-remaining-requests": status === 429 ? "0" : "9999",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-limit-tokens": "30000000",
    "x-ratelimit-remaining-tokens": status === 429 ? "0" : "29999000",
    "x-ratelimit-reset-tokens": "2ms",
  };
}

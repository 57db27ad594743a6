/** How Mistral says no: its errors have no object around them. */
import type { Fault } from "../openai/fault.ts";
import type { Refusal } from "../protocol.ts";

/** A refusal because of the request. */
export function refuseFlat({
  message,
  param = null,
  code = null,
  type = "invalid_request_error",
}: Fault): Refusal {
  return { status: 400, body: { object: "error", message, type, param, code } };
}

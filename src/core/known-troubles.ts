/**
 * What the statuses of HTTP and gRPC, and the codes of failed connections, say about a back-end.
 *
 * Where a standard and its use part ways, the more careful reading counts: proxies answer 503 also for a request that they had
 * passed on when the connection broke, so only statuses by which a server refuses to begin say that nothing happened.
 */
import { fieldOf } from "./thrown.ts";

/** What is true of an error; what is not named is not known. */
export interface KnownTrouble {
  readonly retryable?: true;
  readonly nothingHappened?: true;
  readonly overloaded?: true;
  readonly outage?: true;
}

const NOTHING: KnownTrouble = {};
const OUTAGE: KnownTrouble = { retryable: true, outage: true };
const UNREACHED: KnownTrouble = { ...OUTAGE, nothingHappened: true };
const OVERLOADED: KnownTrouble = { ...OUTAGE, overloaded: true };

const STATUSES = new Map<number, KnownTrouble>([
  // No whole request came in time (RFC 9110 §15.5.9); also sent by servers that took too long themselves.
  [408, OUTAGE],
  // "Unwilling to risk processing a request that might be replayed" (RFC 8470 §5.2).
  [425, { retryable: true, nothingHappened: true }],
  // Refused for their number (RFC 6585 §4).
  [429, { retryable: true, nothingHappened: true, overloaded: true }],
  // "Currently unable to handle the request" (RFC 9110 §15.6.4).
  [503, OVERLOADED],
  // In no standard; "overloaded" to the APIs that send it.
  [529, OVERLOADED],
  // The server is well, and will not do this next time either.
  ...[501, 505, 506, 508, 510, 511].map((status): [number, KnownTrouble] => [status, NOTHING]),
]);

/** What a status from 400 to 599 says. */
export function statusTrouble(status: number): KnownTrouble {
  return STATUSES.get(status) ?? (status >= 500 ? OUTAGE : NOTHING);
}

const UNREACHED_CODES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_SOCKET_CONNECTION_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const BROKEN_CODES = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETRESET",
  "ENETUNREACH",
  "EPIPE",
  "ERR_NETWORK",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ESOCKETTIMEDOUT",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/** There was no connection, so no request was sent. */
export function unreached(thrown: unknown): KnownTrouble | undefined {
  const code = fieldOf(thrown, "code");
  if (typeof code !== "string") return undefined;
  if (UNREACHED_CODES.has(code)) return UNREACHED;
  // A connection that stood can report these too; only the system call tells.
  return BROKEN_CODES.has(code) && fieldOf(thrown, "syscall") === "connect" ? UNREACHED : undefined;
}

/** The connection broke, or nothing came over it in time: what became of the request is not known. */
export function brokenConnection(thrown: unknown): KnownTrouble | undefined {
  const code = fieldOf(thrown, "code");
  return typeof code === "string" && BROKEN_CODES.has(code) ? OUTAGE : undefined;
}

/**
 * An error that calls itself a timeout; some classes leave `name` as it was. An `AbortError` says nothing of a back-end: somebody
 * wanted it.
 */
export function timeout(thrown: unknown): KnownTrouble | undefined {
  const names = [fieldOf(thrown, "name"), fieldOf(fieldOf(thrown, "constructor"), "name")];
  return names.some((name) => typeof name === "string" && name.endsWith("TimeoutError")) ? OUTAGE : undefined;
}

/**
 * gRPC's statuses, which are small numbers: only where `metadata` and `details` stand beside them. None of these says that nothing
 * happened: by gRPC's own words it is not always safe to repeat an UNAVAILABLE, and a reply that is too large is RESOURCE_EXHAUSTED.
 */
const RPC_STATUSES = new Map<unknown, KnownTrouble>([
  [4, OUTAGE], // DEADLINE_EXCEEDED
  [8, { retryable: true, overloaded: true }], // RESOURCE_EXHAUSTED
  [14, OUTAGE], // UNAVAILABLE
]);

/** What an error of gRPC says. */
export function rpcTrouble(thrown: unknown): KnownTrouble | undefined {
  const details = fieldOf(thrown, "details");
  const isRpc = typeof details === "string" || Array.isArray(details);
  if (!isRpc || typeof fieldOf(thrown, "metadata") !== "object") return undefined;
  return RPC_STATUSES.get(fieldOf(thrown, "code"));
}

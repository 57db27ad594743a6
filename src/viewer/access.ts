/**
 * Who may read a trace: who has the link, from a page that this server served. A trace holds what tools were given and
 * returned, and any page that a user has open can send requests to loopback.
 *
 * 1. Without the token nothing of a trace is told, nor how many there are.
 * 2. A name that is not this server's own is refused, whatever the token: it may have been pointed here (DNS rebinding).
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

/** Decides on requests. */
export interface Access {
  /** What the link carries: 256 random bits. */
  readonly token: string;
  /** Whether a request's `Host` header names this server. */
  allowsHost(header: string | undefined): boolean;
  /** Whether this is the token; takes the same time for any that is wrong. */
  allowsToken(token: string | undefined): boolean;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Makes a token, and the rules for a server that listens on a host. */
export function createAccess(host: string): Access {
  const token = randomBytes(32).toString("base64url");
  const expected = digest(token);
  return {
    token,
    allowsHost: (header) => {
      const name = header?.replace(/:\d+$/, "").toLowerCase();
      if (name === undefined) return false;
      if (LOOPBACK.has(name) || name === bracketed(host.toLowerCase())) return true;
      // Told to listen everywhere, it may be asked by any address; a name could be anybody's.
      return isEverywhere(host) && isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
    },
    allowsToken: (given) => given !== undefined && timingSafeEqual(digest(given), expected),
  };
}

/** A host as it stands in a URL. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether a host means all of the machine's addresses. */
export function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Of equal length for any text, as `timingSafeEqual` asks. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

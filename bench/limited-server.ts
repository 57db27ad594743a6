/**
 * A back-end on the loopback interface that bears so much and no more, as the APIs do that tools call.
 *
 * 1. At most `atOnce` requests at once, each of which takes `ms`.
 * 2. At most `perSecond` a second, as a bucket of `burst` that fills at that rate (the generic cell rate algorithm, which is
 *    how API gateways count): within any time t it serves at most `burst` + `perSecond` · t.
 * 3. What is beyond either is refused at once by a 429, with the time after which to come again. HTTP's own `Retry-After` is
 *    in whole seconds (RFC 9110 §10.2.3), longer than a whole batch takes here; so `retry-after-ms` is sent beside it, as
 *    OpenAI and Azure do, and clients may take either.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the back-end bears. */
export interface ServerLimits {
  readonly atOnce: number;
  readonly perSecond: number;
  readonly burst: number;
  readonly ms: number;
}

/** What came, since it was last asked for. */
export interface Tally {
  readonly requests: number;
  readonly refused: number;
  /** Paths that were served, each once. */
  readonly served: number;
}

/** The back-end, and its address. */
export interface LimitedServer extends AsyncDisposable {
  readonly url: string;
  /** Counts from zero afterwards. */
  tally(): Tally;
}

/** Milliseconds until a request that arrives at `now` would be within the rate; if that is 0, it is counted. */
export function createBucket({ perSecond, burst }: ServerLimits): (now: number) => number {
  const interval = 1_000 / perSecond;
  /** When the bucket is full again: the theoretical arrival time of the algorithm. */
  let fullAt = -Infinity;
  return (now) => {
    const wait = fullAt - (burst - 1) * interval - now;
    if (wait > 0) return wait;
    fullAt = Math.max(fullAt, now) + interval;
    return 0;
  };
}

/** The shortest time for so many calls: as the limit of requests at once has it, or the rate, whichever is longer. */
export function theoryMs(calls: number, { atOnce, perSecond, burst, ms }: ServerLimits): number {
  const rounds = Math.ceil(calls / atOnce) * ms;
  return Math.max(rounds, (Math.max(0, calls - burst) * 1_000) / perSecond + ms);
}

/** Asks for something. It rejects with an error whose cause is the `Response` if the back-end refuses. */
export async function look(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`the back-end said ${response.status}: ${text}`, { cause: response });
  return text;
}

/** Starts one. */
export async function startLimitedServer(limits: ServerLimits): Promise<LimitedServer> {
  const { atOnce, ms } = limits;
  const waitMs = createBucket(limits);
  let running = 0;
  let requests = 0;
  let refused = 0;
  let served = new Set<string>();
  const server = createServer((request, response) => {
    requests++;
    // Whoever comes while there is no room waits for as long as a request takes.
    const wait = running >= atOnce ? ms : waitMs(performance.now());
    if (wait > 0) {
      refused++;
      const headers = {
        "retry-after": String(Math.ceil(wait / 1_000)),
        "retry-after-ms": String(Math.ceil(wait)),
      };
      response.writeHead(429, headers).end("too many requests");
      return;
    }
    running++;
    setTimeout(() => {
      running--;
      served.add(request.url ?? "");
      response.end("well");
    }, ms);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tally: () => {
      const tally = { requests, refused, served: served.size };
      requests = refused = 0;
      served = new Set();
      return tally;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

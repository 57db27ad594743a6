/** A back-end on the loopback interface that fails as it is told: by its paths. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A back-end and its address. */
export interface BackEnd extends AsyncDisposable {
  readonly url: string;
  /** How many requests have come. */
  readonly requests: number;
}

/**
 * Answers `/…/429…` with that status, and with a `Retry-After` of two seconds where the status may have one. `/hang…` gets no
 * answer, and any other path has its connection reset.
 */
export async function startBackEnd(): Promise<BackEnd> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    if (request.url?.startsWith("/hang")) return;
    const status = Number(/\d{3}/.exec(request.url ?? "")?.[0] ?? 0);
    if (status === 0) {
      request.socket.resetAndDestroy();
      return;
    }
    const wait = status === 429 || status === 503 ? { "retry-after": "2" } : {};
    response.writeHead(status, { "content-type": "application/json", ...wait });
    response.end(JSON.stringify({ error: { code: status, message: `as told: ${status}`, status: "TOLD" } }));
  });
  const url = await listen(server);
  return {
    url,
    get requests() {
      return requests;
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** An address at which nobody listens. */
export async function closedAddress(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  await close(server);
  return url;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

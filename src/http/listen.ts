/** An HTTP server on this machine, from the moment it listens to the moment nothing of it is left. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { TuttiError } from "../core/errors.ts";

/** So long a connection may go on sending what was written. */
const GRACE_MS = 50;

/** What is served, and where. */
export interface ListenRequest {
  readonly fetch: Parameters<typeof createAdaptorServer>[0]["fetch"];
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  /** Called before connections are cut: what is under way is to end. */
  readonly onClose: () => void;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Resolves when nothing listens, and no connection is open. It may be called again. */
  readonly close: () => Promise<void>;
}

/**
 * Listens.
 *
 * @throws TuttiError `unreachable` if the address cannot be had
 */
export async function listen({ fetch, port, host, onClose }: ListenRequest): Promise<Listening> {
  const server = createAdaptorServer({ fetch });
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new TuttiError("unreachable", `cannot listen on ${host}:${port}`, { cause: error });
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      onClose();
      if (!server.listening) return;
      const closed = once(server, "close");
      // Idle connections go at once; one whose response has just ended may have the last of it to send.
      server.close();
      await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

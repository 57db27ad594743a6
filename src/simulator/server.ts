/**
 * A provider's server for development, tests and demos: it answers with a scenario, at the pace of a model, and refuses
 * what the provider would refuse. It listens on the loopback interface only, unless it is told otherwise.
 */
import type { ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context } from "hono";
import { systemClock, type Clock } from "../core/clock.ts";
import { listen } from "../http/listen.ts";
import type { Protocol, Quirk } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";
import { createRequestLog, type RequestRecord } from "./request-log.ts";
import { createResponder, type Responder } from "./responder.ts";
import type { CallsPerTurn, Pacing, Scenario } from "./scenario.ts";

/** What `startSimulator` takes. */
export interface SimulatorOptions {
  /** What the model says; see `parseScenario`. */
  readonly scenario: Scenario;
  /**
   * The port, 0 for any that is free.
   *
   * @default 0
   */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /**
   * Whether a turn's calls come in one response or in one response each.
   *
   * @default the scenario's
   */
  readonly callsPerTurn?: CallsPerTurn;
  /** A pace for every turn, instead of the scenario's. */
  readonly pacing?: Partial<Pacing>;
  /**
   * How the server departs from the provider's protocol; see `QUIRKS`.
   *
   * @default none
   */
  readonly quirks?: readonly Quirk[];
  /** @default the platform's */
  readonly clock?: Clock;
  /** Told of each request when it is over. It must not throw. */
  readonly onRequest?: ((request: RequestRecord) => void) | undefined;
}

/** A running simulator. */
export interface Simulator {
  /** The base URL for the provider's client. */
  readonly url: string;
  /** What has come so far, in order of arrival. */
  readonly requests: readonly RequestRecord[];
  /** Stops: running responses are cut off, and nothing is left. Calling it again is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a simulator.
 *
 * @throws TuttiError `unreachable` if the port cannot be had
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { scenario, port = 0, host = "127.0.0.1", clock = systemClock, ...rest } = options;
  const { callsPerTurn, pacing, onRequest } = rest;
  const quirks = new Set(rest.quirks);
  const log = createRequestLog(clock);
  const responder = createResponder({ scenario, callsPerTurn, pacing, quirks, clock, log, onRequest });
  const { fetch } = createApp(responder);
  const listening = await listen({ fetch, port, host, onClose: () => responder.abort() });
  return {
    url: `http://${host}:${listening.port}`,
    requests: log.records,
    close: listening.close,
    [Symbol.asyncDispose]: listening.close,
  };
}

function createApp(responder: Responder) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const answer =
    (protocol: Protocol, status?: number) => async (context: Context<{ Bindings: HttpBindings }>) => {
      const { req, env } = context;
      await responder.respond({
        protocol,
        method: req.method,
        path: req.path,
        query: new URL(req.url).searchParams,
        headers: req.raw.headers,
        outgoing: env.outgoing as ServerResponse,
        text: () => req.text(),
        ...(status === undefined ? {} : { refusal: protocol.fail(status) }),
      });
      return RESPONSE_ALREADY_SENT;
    };
  app.get("/", (context) => context.text("A simulated provider, by Tutti.\n"));
  for (const protocol of PROTOCOLS) {
    for (const path of protocol.paths) {
      app.post(path, answer(protocol));
      app.all(path, answer(protocol, 405));
    }
  }
  app.notFound(answer(PROTOCOLS[0], 404));
  app.onError((error, context) => context.json(PROTOCOLS[0].fail(500, error.message).body, 500));
  return app;
}

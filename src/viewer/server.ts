/**
 * The viewer's server: the app's files for anybody who can reach it, and traces for who has the link. It listens on the
 * loopback interface only, unless it is told otherwise.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { listen } from "../http/listen.ts";
import { bracketed, createAccess, isEverywhere, type Access } from "./access.ts";
import { readApp, type AppFile } from "./app-files.ts";
import { streamSource } from "./event-stream.ts";
import type { TraceSource } from "./trace-source.ts";

/** Where a viewer listens. */
export interface ListenOptions {
  /**
   * The port, 0 for any that is free.
   *
   * @default 0
   */
  readonly port?: number | undefined;
  /**
   * The address to listen on. Who can reach it and has the link can read what tools were given and returned.
   *
   * @default "127.0.0.1"
   */
  readonly host?: string | undefined;
}

/** A running viewer. */
export interface Viewer {
  /** The link to open. It holds a token: who has it can read the trace. */
  readonly url: string;
  /** Stops: pages that are open keep what they have, and nothing is left. Calling it again is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A viewer, and how its pages are told what is left. */
export interface Served extends Viewer {
  /** Resolves when all that follow sources which have ended were told of it; soon at the latest. */
  drain(): Promise<void>;
}

/** So long a page may take to hear the last of a source. */
const DRAIN_MS = 500;

/** Sent with everything. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  // The link holds the token.
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

const REFUSED = "This link is not, or no longer, valid. Open the one that Tutti printed.\n";

/**
 * Starts a server of one or more traces.
 *
 * @throws TuttiError `unreachable` if the port cannot be had, `missing-dependency` if the app was not built
 */
export async function serve(
  sources: readonly TraceSource[],
  { port = 0, host = "127.0.0.1" }: ListenOptions,
): Promise<Served> {
  const access = createAccess(host);
  const closing = new AbortController();
  const streams = new Set<Promise<void>>();
  const app = createApp({ sources, files: await readApp(), access, streams, signal: closing.signal });
  const listening = await listen({ fetch: app.fetch, port, host, onClose: () => closing.abort() });
  const name = isEverywhere(host) ? "127.0.0.1" : bracketed(host);
  return {
    url: `http://${name}:${listening.port}/?token=${access.token}`,
    close: listening.close,
    drain: async () => {
      const late = sleep(DRAIN_MS, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      await Promise.race([Promise.allSettled(streams), late]);
    },
    [Symbol.asyncDispose]: listening.close,
  };
}

interface AppParts {
  readonly sources: readonly TraceSource[];
  readonly files: ReadonlyMap<string, AppFile>;
  readonly access: Access;
  /** Those that are being written. */
  readonly streams: Set<Promise<void>>;
  readonly signal: AbortSignal;
}

function createApp({ sources, files, access, streams, signal }: AppParts) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (!access.allowsHost(context.req.header("host")))
      return context.text("Not a name of this server.\n", 421);
    const isAsset = context.req.path !== "/" && files.has(context.req.path);
    if (!isAsset && !access.allowsToken(context.req.query("token"))) return context.text(REFUSED, 403);
    return next();
  });
  for (const [path, { bytes, contentType }] of files)
    app.get(path, (context) => context.body(bytes, 200, { "content-type": contentType }));
  app.get("/traces", (context) => context.json(sources.map(({ name, kind }) => ({ name, kind }))));
  app.get("/traces/:index{\\d+}", (context) => {
    const source = sources[Number(context.req.param("index"))];
    if (source === undefined) return context.notFound();
    // A browser that asks again by itself says in the header what it had since the page asked.
    const after = context.req.header("last-event-id") ?? context.req.query("after");
    return streamSSE(context, (stream) => {
      const written = streamSource(stream, source, { after, signal });
      streams.add(written);
      return written.finally(() => streams.delete(written));
    });
  });
  return app;
}

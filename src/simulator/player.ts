/**
 * Plays a script to a client: every event at its moment, counted from the request, so that delays never add up. It stops,
 * and leaves no timer, as soon as its signal aborts.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { Protocol } from "./protocol.ts";
import type { Script } from "./script.ts";
import { waitUntil } from "./wait.ts";

/** Where a script is played. */
export interface Stage {
  readonly protocol: Protocol;
  readonly outgoing: ServerResponse;
  readonly clock: Clock;
  /** When the request came, on that clock. */
  readonly startMs: number;
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Called when the first byte goes out. */
  onFirstByte(): void;
}

/**
 * Plays a script to its end.
 *
 * @throws the signal's reason when it aborts
 */
export async function play(script: Script, stage: Stage): Promise<void> {
  switch (script.kind) {
    case "refuse":
      return sendRefusal(script, stage);
    case "message":
      await waitUntil(stage.startMs + script.atMs, stage.clock, stage.signal);
      return sendJson({ status: 200, body: script.message }, stage);
    case "hang-up":
      await waitUntil(stage.startMs + script.atMs, stage.clock, stage.signal);
      stage.outgoing.destroy();
      return;
    case "stream":
      return playStream(script, stage);
  }
}

function sendRefusal(
  { refusal, retryAfterSeconds }: Extract<Script, { kind: "refuse" }>,
  stage: Stage,
): void {
  const retry = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  sendJson(stage.protocol.identify(stage.requestId, refusal), stage, retry);
}

async function playStream(script: Extract<Script, { kind: "stream" }>, stage: Stage): Promise<void> {
  const { outgoing, protocol } = stage;
  for (const { atMs, event } of script.events) {
    await waitUntil(stage.startMs + atMs, stage.clock, stage.signal);
    if (!outgoing.headersSent) sendHead(stage);
    await write(outgoing, protocol.frame(event));
    stage.signal.throwIfAborted();
  }
  if (!outgoing.headersSent) sendHead(stage);
  if (script.end === "cut") outgoing.destroy();
  else outgoing.end();
}

function sendHead(stage: Stage): void {
  stage.outgoing.writeHead(200, {
    ...headersOf(stage, 200),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  stage.outgoing.flushHeaders();
  stage.onFirstByte();
}

function sendJson(
  { status, body }: { readonly status: number; readonly body: unknown },
  stage: Stage,
  more: Record<string, string> = {},
): void {
  stage.onFirstByte();
  stage.outgoing.writeHead(status, {
    ...headersOf(stage, status),
    ...more,
    "content-type": "application/json",
  });
  stage.outgoing.end(JSON.stringify(body));
}

function headersOf({ protocol, requestId }: Stage, status: number): Record<string, string> {
  return protocol.headers(requestId, status, Date.now());
}

/** Resolves when the bytes have left this process: a socket that is destroyed earlier takes them with it. */
function write(outgoing: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    outgoing.write(text, () => resolve());
  });
}

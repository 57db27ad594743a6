/** Answers made by hand, or recorded, in place of a server's: through the `fetch` that the official clients take. */

/** A request as the server got it. */
export interface Sent<Body> {
  readonly url: string;
  readonly body: Body;
  readonly signal: AbortSignal | undefined;
}

/** An answer as the server gives it. */
export interface Answer {
  readonly status?: number;
  readonly type: "text/event-stream" | "application/json";
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A `fetch` that gives these answers one behind the other, and what was asked. */
export function cannedFetch<Body = Record<string, unknown>>(answers: readonly Answer[]) {
  const requests: Sent<Body>[] = [];
  const fetch = async (url: unknown, { body, signal }: RequestInit = {}) => {
    const answer = answers[requests.length];
    requests.push({
      url: String(url),
      body: JSON.parse(body as string) as Body,
      signal: signal ?? undefined,
    });
    if (answer === undefined) throw new Error("there are no more answers");
    const headers = { "content-type": answer.type };
    return new Response(answer.body, { status: answer.status ?? 200, headers });
  };
  return { fetch, requests };
}

/** An answer that comes whole. */
export function json(body: object, status = 200): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}

/** A body that comes in these chunks. */
export function inChunks(chunks: readonly Uint8Array<ArrayBuffer>[]): Answer["body"] {
  const rest = chunks.values();
  return new ReadableStream({
    pull: (controller) => {
      const { value, done } = rest.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

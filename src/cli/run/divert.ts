/** Takes over what is written to a stream, by whomever: tools print, too, and know of no question. */

type Chunk = Parameters<NodeJS.WriteStream["write"]>[0];

/** Offers `take` all that is written to the stream, until what it returns is called. What `take` refuses is written. */
export function divert(stream: NodeJS.WritableStream, take: (text: string) => boolean): () => void {
  const write = stream.write.bind(stream) as (...written: unknown[]) => boolean;
  const own = Object.getOwnPropertyDescriptor(stream, "write");
  stream.write = (chunk: Chunk, ...more: unknown[]): boolean => {
    if (!take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString()))
      return write(chunk, ...more);
    const done = more.find((value) => typeof value === "function");
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  };
  return () => {
    if (own === undefined) Reflect.deleteProperty(stream, "write");
    else Object.defineProperty(stream, "write", own);
  };
}

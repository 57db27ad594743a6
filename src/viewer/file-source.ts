/**
 * A trace file as a source, read by each follower for itself: what is kept is in the file. It may grow while it is looked at;
 * a last line that is torn is told when it is whole. A file that was written anew begins again.
 */
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SourceMessage, TraceSource } from "./trace-source.ts";

/** How often a file is looked at again. Its file system may not be one that tells of changes. */
const LOOK_AGAIN_MS = 400;

/** How much is told at a time: more would keep the page from drawing between. */
const CHUNK_BYTES = 64 * 1024;
const LINE_BREAK = 0x0a;

/** Makes a source of a file; nothing is read before it is followed. */
export function createFileSource(path: string): TraceSource {
  return {
    name: basename(path),
    kind: "file",
    follow: (after, signal) => follow(path, after, signal),
  };
}

async function* follow(
  path: string,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  const reader = new LineReader(path, after);
  while (!signal.aborted) {
    // One look at a time: between two messages the file is not kept open.
    const message = await reader.next();
    if (message !== undefined) yield message;
    else await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

class LineReader {
  readonly #path: string;
  #inode: number | undefined = undefined;
  /** Where the next line begins. */
  #offset = 0;
  /** What was read of it so far. */
  #torn = Buffer.alloc(0);

  constructor(path: string, after: string | undefined) {
    this.#path = path;
    const [, inode, offset] = /^(\d+):(\d+)$/.exec(after ?? "") ?? [];
    if (inode === undefined) return;
    this.#inode = Number(inode);
    this.#offset = Number(offset);
  }

  /** The next lines; undefined if there are none for now. */
  async next(): Promise<SourceMessage | undefined> {
    const file = await openUnlessGone(this.#path);
    try {
      return file === undefined ? undefined : await this.#read(file);
    } finally {
      await file?.close();
    }
  }

  async #read(file: FileHandle): Promise<SourceMessage | undefined> {
    const { ino, size } = await file.stat();
    const isAnother = this.#inode !== undefined && (ino !== this.#inode || size < this.#offset);
    this.#inode = ino;
    if (isAnother) {
      this.#offset = 0;
      this.#torn = Buffer.alloc(0);
      return { type: "reset" };
    }
    for (;;) {
      const position = this.#offset + this.#torn.length;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), { position });
      if (bytesRead === 0) return undefined;
      const read = Buffer.concat([this.#torn, buffer.subarray(0, bytesRead)]);
      const end = read.lastIndexOf(LINE_BREAK) + 1;
      this.#torn = read.subarray(end);
      this.#offset += end;
      if (end === 0) continue;
      const lines = read.toString("utf8", 0, end - 1).split("\n");
      return { type: "events", id: `${ino}:${this.#offset}`, lines };
    }
  }
}

async function openUnlessGone(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch {
    return undefined;
  }
}

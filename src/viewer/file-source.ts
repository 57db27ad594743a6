/**
 * A trace file as a source, read by each follower for itself: what is kept is in the file. It may grow while it is looked at.
 *
 * 1. A line is told when it is whole: when its line break is there, or at the end of the file when it lacks nothing else.
 * 2. No line is told twice, and none of a file behind lines of another: a file that was written anew, or that was not there
 *    for a while, begins again.
 */
import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SourceMessage, TraceSource } from "./trace-source.ts";

/** How often a file is looked at again. Its file system may not be one that tells of changes. */
const LOOK_AGAIN_MS = 400;

/** How much is told at a time: more would keep the page from drawing between. */
const CHUNK_BYTES = 64 * 1024;
/** By so much of its beginning a file is known again: a trace's first line tells when it was begun, to the millisecond. */
const BEGINNING_BYTES = 256;
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
  #isMissing = false;
  /** What the file is known by, as far as it was told. */
  #mark: string | undefined = undefined;
  /** Where the next line begins. */
  #offset = 0;
  /** Where the file ended when there was no more to tell. */
  #end = 0;

  constructor(path: string, after: string | undefined) {
    this.#path = path;
    const [, mark, offset] = /^([\w-]+):(\d+)$/.exec(after ?? "") ?? [];
    this.#mark = mark;
    this.#offset = Number(offset ?? 0);
  }

  /** The next lines, or what became of the file; undefined if there is no news. */
  async next(): Promise<SourceMessage | undefined> {
    const file = await openUnlessMissing(this.#path);
    if (file === undefined) return this.#miss();
    try {
      return await this.#read(file);
    } finally {
      await file.close();
    }
  }

  #miss(): SourceMessage | undefined {
    if (this.#isMissing) return undefined;
    this.#isMissing = true;
    return { type: "missing" };
  }

  async #read(file: FileHandle): Promise<SourceMessage | undefined> {
    const { ino, size } = await file.stat();
    const beginning = await readAt(file, 0, Math.min(BEGINNING_BYTES, this.#offset));
    const isOther = this.#offset > 0 && (size < this.#offset || markOf(ino, beginning) !== this.#mark);
    if (this.#isMissing || isOther) {
      this.#isMissing = false;
      this.#offset = 0;
      this.#end = 0;
      return { type: "reset" };
    }
    if (size === this.#end) return undefined;
    const read = await this.#readLines(file);
    if (read === undefined) return undefined;
    this.#offset += read.length;
    this.#mark = markOf(ino, Buffer.concat([beginning, read]).subarray(0, BEGINNING_BYTES));
    return { type: "events", id: `${this.#mark}:${this.#offset}`, lines: linesOf(read) };
  }

  /** Some whole lines; undefined if there are none for now. */
  async #readLines(file: FileHandle): Promise<Buffer | undefined> {
    let torn = Buffer.alloc(0);
    for (;;) {
      // Twice as much each time: a line may be long.
      const read = await readAt(file, this.#offset + torn.length, CHUNK_BYTES + torn.length);
      const end = read.lastIndexOf(LINE_BREAK) + 1;
      if (end > 0) return Buffer.concat([torn, read.subarray(0, end)]);
      torn = Buffer.concat([torn, read]);
      if (read.length > 0) continue;
      this.#end = this.#offset + torn.length;
      return isWhole(torn.toString()) ? torn : undefined;
    }
  }
}

async function openUnlessMissing(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch {
    return undefined;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), { position });
  return buffer.subarray(0, bytesRead);
}

function markOf(inode: number, beginning: Buffer): string {
  return createHash("sha256").update(`${inode} `).update(beginning).digest("base64url");
}

function linesOf(read: Buffer): string[] {
  const lines = read.toString().split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Whether a line without a line break lacks nothing else: nothing that may follow an object makes it another one. */
function isWhole(rest: string): boolean {
  if (!rest.endsWith("}")) return false;
  try {
    JSON.parse(rest);
    return true;
  } catch {
    return false;
  }
}

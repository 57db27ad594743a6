/** The files that are analysed: found, and read one after the other, so that no two texts are held at once. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { readSessions, type Reading } from "../../analyze/read-sessions.ts";
import type { Session } from "../../analyze/session.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/** What was read, and what could not be. */
export interface Histories {
  readonly sessions: readonly Session[];
  readonly notes: readonly string[];
}

/** No text is longer in Node. */
const MAX_BYTES = 512 * 1024 * 1024;
/** Files that cannot be read are named so far. */
const MAX_NAMED = 10;

/**
 * Reads files, the files of folders, and for `-` what is piped in.
 *
 * @throws UsageError where none of them can be read: it says of the first why
 */
export async function readHistories(paths: readonly string[]): Promise<Histories> {
  const files = await filesOf(paths);
  const names = namesOf(files);
  const sessions: Session[] = [];
  const notes: string[] = [];
  const failures: string[] = [];
  for (const file of files) {
    const name = names.get(file) ?? file;
    try {
      const reading = await readOne(file, name);
      sessions.push(...reading.sessions);
      notes.push(...reading.notes.map((note) => `${name}: ${note}`));
    } catch (error) {
      failures.push(firstLine(error));
    }
  }
  if (failures.length === files.length) throw new UsageError(withMore(failures, 1));
  const unread = failures.slice(0, MAX_NAMED).map((failure) => `left out: ${failure}`);
  const rest = failures.length - unread.length;
  return { sessions, notes: [...notes, ...unread, ...(rest > 0 ? [`left out: ${rest} more files`] : [])] };
}

function withMore(failures: readonly string[], shown: number): string {
  const rest = failures.length - shown;
  return `${failures[0] ?? "no file"}${rest > 0 ? `; ${rest} more can't be read either` : ""}`;
}

async function readOne(file: string, name: string): Promise<Reading> {
  if (file === "-") return readSessions(await textOf(process.stdin), { name });
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      throw new UsageError(
        `${file} has ${Math.round(size / 1024 / 1024)} MB: more than 512 are not read, split it`,
      );
    }
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`${file}: no such file`, { cause: error });
    throw new UsageError(`${file} can't be read: ${firstLine(error)}`, { cause: error });
  }
  return readSessions(text, { name });
}

/** Each file once, whatever it is called. */
async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const path of paths) {
    for (const file of await filesIn(path)) {
      const real = file === "-" ? file : await realpath(file).catch(() => file);
      if (!found.has(real)) found.set(real, file);
    }
  }
  return [...found.values()];
}

async function filesIn(path: string): Promise<string[]> {
  const isFolder = path !== "-" && (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(json|jsonl|ndjson)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new UsageError(`${path} is a folder without a .json or .jsonl file`);
  return files.toSorted();
}

/** A file's name without its folders, unless two have the same. */
function namesOf(files: readonly string[]): Map<string, string> {
  const short = files.map((file) => (file === "-" ? "standard input" : basename(file)));
  return new Map(
    files.map((file, i) => {
      const name = short[i] ?? file;
      return [file, short.indexOf(name) === short.lastIndexOf(name) ? name : file];
    }),
  );
}

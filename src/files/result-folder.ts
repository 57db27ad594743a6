/**
 * A folder of results that were cut: a file each, named by its id, which outlasts the process. Nothing is ever deleted from it;
 * its files may be at any time.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ResultStore } from "../core/result.ts";
import { nonEmptyString, show } from "../core/options.ts";

/** Names that are safe on every file system; ids come from the model, too. */
const NAME = /^[a-z0-9_]{1,64}$/;

/**
 * A store of results in a folder, which is made when it is first needed. A file is there whole or not at all: it is written
 * under another name, and renamed.
 *
 * @param path the folder; a relative one starts from the working directory at the time of this call
 * @throws TypeError when the path is no text
 */
export function resultFolder(path: string) {
  const folder = resolve(nonEmptyString("path", path));
  return {
    async put(id: string, text: string): Promise<void> {
      if (!NAME.test(id))
        throw new TypeError(`\`id\` must be 1 to 64 letters, digits or "_", got ${show(id)}`);
      const file = join(folder, `${id}.txt`);
      // An id stands for one text. To replace a file that somebody reads fails on Windows.
      if (await exists(file)) return;
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.${randomUUID()}.tmp`);
      try {
        await writeFile(temporary, text);
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async get(id: string): Promise<string | undefined> {
      if (!NAME.test(id)) return undefined;
      try {
        return await readFile(join(folder, `${id}.txt`), "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
  } satisfies ResultStore;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

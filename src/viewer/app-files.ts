/** The app's static files, read once: what a viewer serves stays the same for as long as it lives. */
import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { TuttiError } from "../core/errors.ts";

/** A file of the app. */
export interface AppFile {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Beside this file in the package; in a clone, where the build puts it. */
const PLACES = [new URL("./app/", import.meta.url), new URL("../../dist/viewer/app/", import.meta.url)];

/**
 * Reads the app, by the paths at which it is served.
 *
 * @throws TuttiError `missing-dependency` in a clone in which it was not built
 */
export async function readApp(): Promise<ReadonlyMap<string, AppFile>> {
  for (const place of PLACES) {
    const files = await readFolder(place);
    if (files.has("/")) return files;
  }
  throw new TuttiError("missing-dependency", "the viewer is not built; `npm run build:viewer` builds it");
}

async function readFolder(folder: URL): Promise<Map<string, AppFile>> {
  const files = new Map<string, AppFile>();
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return files;
  }
  for (const name of names) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) continue;
    const bytes = new Uint8Array(await readFile(new URL(name, folder)));
    files.set(name === "index.html" ? "/" : `/${name}`, { contentType, bytes });
  }
  return files;
}

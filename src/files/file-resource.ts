/**
 * The resource of a file: one spelling per file, so that two calls that name it differently still conflict (G3).
 *
 * Two spellings too many for one file are unsafe, two files too many under one spelling are only slow: where it is not
 * certain what the file system does, the coarser way is taken.
 */
import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { knownKeys, show } from "../core/options.ts";
import type { Resource } from "../core/resource.ts";

/** What `fileResource` takes beside the path. */
export interface FileResourceOptions {
  /**
   * What a relative path starts from.
   *
   * @default the working directory of the process
   */
  readonly cwd?: string | undefined;
  /**
   * Whether symbolic links are followed: a path through one is then the path that it leads to. It asks the file system,
   * synchronously. Of a file that is not there yet, the deepest folder that is there counts.
   *
   * @default false
   */
  readonly followSymlinks?: boolean | undefined;
  /**
   * Whether spellings that differ in case alone, or in how an accented letter is put together in Unicode, are one file. Say it
   * for a volume that is otherwise than the platform is by default.
   *
   * @default true on macOS and Windows, else false
   */
  readonly ignoreCase?: boolean | undefined;
}

/**
 * The resource of a file or folder, for `effects`; a folder covers all that is in it. The path is taken as `node:fs` takes
 * it: by the platform's separators; a `~` or the `file:` of a URL is part of a name. Files that tools share need the same
 * options in each of them.
 *
 * @throws TypeError when the path is no string, or for an option that there is not
 */
export function fileResource(path: string, options: FileResourceOptions = {}): Resource {
  if (typeof path !== "string")
    throw new TypeError(`the path of \`fileResource\` must be a string, got ${show(path)}`);
  knownKeys("fileResource", options, ["cwd", "followSymlinks", "ignoreCase"]);
  const { cwd = ".", followSymlinks = false, ignoreCase = IGNORES_CASE.has(process.platform) } = options;
  const absolute = resolve(cwd, path);
  // Not `absolute`: to the system, `link/..` is the parent of what the link leads to.
  const real = followSymlinks ? realPath(isAbsolute(path) ? path : resolve(cwd) + sep + path) : absolute;
  const spelling = ignoreCase ? foldCase(real) : real;
  return ["file", ...spelling.split(sep).filter((segment) => segment !== "")];
}

/** The platforms whose file systems ignore case unless they are made otherwise. */
const IGNORES_CASE: ReadonlySet<string> = new Set(["darwin", "win32"]);

/**
 * Coarser than one case alone, as it is not known which table a file system has: `ß` and `ſ` are `ss` and `s` in upper case, `ẞ` is
 * `ß` in lower case. In one form of `é`, since APFS takes both for one name.
 */
function foldCase(path: string): string {
  return path.normalize("NFD").toLowerCase().toUpperCase().toLowerCase().normalize("NFC");
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    // To write through a link that leads nowhere yet makes the file that it leads to.
    const target = isMissing ? linkTarget(path) : undefined;
    if (target !== undefined) return realPath(resolve(dirname(path), target));
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The resource of a file: one spelling per file, so that two calls that name it differently still conflict (G3).
 *
 * Case is kept as it is written: where a file system ignores it, `A.txt` and `a.txt` are two resources.
 */
import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
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
}

/**
 * The resource of a file or folder, for `effects`; a folder covers all that is in it.
 *
 * @throws TypeError when the path is no string
 */
export function fileResource(path: string, options: FileResourceOptions = {}): Resource {
  const { cwd = ".", followSymlinks = false } = options;
  const absolute = resolve(cwd, path);
  // Not `absolute`: to the system, `link/..` is the parent of what the link leads to.
  const real = followSymlinks ? realPath(isAbsolute(path) ? path : resolve(cwd) + sep + path) : absolute;
  return ["file", ...real.split(sep).filter((segment) => segment !== "")];
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

/** Trace files for tests, in a folder that goes with them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for traces. */
export interface TraceFolder {
  /** Writes a file, and gives its path. */
  write(name: string, text: string): string;
  remove(): void;
}

/** Makes a folder. */
export function traceFolder(): TraceFolder {
  const folder = mkdtempSync(join(tmpdir(), "tutti-viewer-"));
  return {
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

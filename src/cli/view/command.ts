/** `tutti view`. */
import { open } from "node:fs/promises";
import { parseTrace } from "../../trace/parse-trace.ts";
import type { ListenOptions } from "../../viewer/server.ts";
import { serveTrace } from "../../viewer/viewer.ts";
import { listening } from "../listening.ts";
import { untilInterrupted } from "../run/interrupt.ts";
import { createScreen } from "../screen.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/** What the command line says. */
export interface ViewFlags {
  readonly port: number;
  readonly host?: string;
}

/** So much of a file is looked at to tell whether it is a trace. */
const BEGINNING_BYTES = 256 * 1024;

/** Serves one trace, or two side by side, until it is interrupted. */
export async function view(path: string, other: string | undefined, flags: ViewFlags): Promise<void> {
  const screen = createScreen(process.stdout);
  for (const file of other === undefined ? [path] : [path, other]) await checkTrace(file);
  const listen: ListenOptions = { port: flags.port, host: flags.host };
  const viewer = await listening(flags.port, () => serveTrace(path, { ...listen, compareWith: other }));
  try {
    screen.print(screen.colours.bold(viewer.url), screen.colours.dim("Ctrl-C stops it."));
    await untilInterrupted();
  } finally {
    await viewer.close();
  }
}

/** A file that is empty may become a trace. */
async function checkTrace(path: string): Promise<void> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), { position: 0 });
      parseTrace(buffer.toString("utf8", 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const known: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder; name the file in it",
    };
    const reason = known[code ?? ""] ?? firstLine(error);
    throw new UsageError(`trace ${path}: ${reason}`, { cause: error });
  }
}

/** Servers that a command starts: a port that cannot be had is the user's to put right. */
import { TuttiError } from "../core/errors.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Starts a server on a port.
 *
 * @throws UsageError if the port cannot be had
 */
export async function listening<Server>(port: number, start: () => Promise<Server>): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof TuttiError) || error.code !== "unreachable") throw error;
    const { code } = error.cause as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? `port ${port} is in use` : `${error.message} (${code})`;
    throw new UsageError(`${reason}; choose another with --port, or leave it out`, { cause: error });
  }
}

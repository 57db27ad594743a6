/** What a user can put right: told in one line that says what to do. */

/** A mistake in how the command line was used. It ends the command with exit code 2. */
export class UsageError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "UsageError";
  }
}

/** What anything that was thrown says, in one line. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split(/\s*\n/, 1)[0] || "unknown error";
}

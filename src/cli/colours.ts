/** Colours, where there is a terminal that has them. */
import pc from "picocolors";

/** Paints text, or leaves it as it is. */
export type Colours = ReturnType<typeof pc.createColors>;

/** Colours for a stream: none unless it is a terminal that has them and `NO_COLOR` is not set. */
export function coloursFor(stream: NodeJS.WriteStream): Colours {
  return pc.createColors(isTerminal(stream) && pc.isColorSupported);
}

/** Whether a stream is a terminal. A pipe has no `isTTY` at all, whatever its type says. */
export function isTerminal(stream: NodeJS.WriteStream): boolean {
  return Boolean(stream.isTTY);
}

/** Where the command line writes to: a terminal that can be drawn over, or plain text without a control character. */
import { createLogUpdate } from "log-update";
import pc from "picocolors";

/** Paints text, or leaves it as it is. */
export type Colours = ReturnType<typeof pc.createColors>;

/** A place to write to. */
export interface Screen {
  /** Whether `draw` shows anything. */
  readonly isLive: boolean;
  /** Columns to fill. */
  readonly width: number;
  readonly colours: Colours;
  print(...lines: string[]): void;
  /** Shows lines in place of those drawn before. */
  draw(lines: readonly string[]): void;
  /** Prints lines in place of those drawn before. */
  keep(lines: readonly string[]): void;
}

const MIN_WIDTH = 60;
/** Wider lines are harder to follow with the eye. */
const MAX_WIDTH = 110;
/** What a pipe is given. */
const PIPE_WIDTH = 80;

/** Colours for a stream: none unless it is a terminal that has them and `NO_COLOR` is not set. */
export function coloursFor(stream: NodeJS.WriteStream): Colours {
  return pc.createColors(stream.isTTY && pc.isColorSupported);
}

/** The screen of a stream. */
export function createScreen(stream: NodeJS.WriteStream): Screen {
  const isLive = stream.isTTY && process.env["TERM"] !== "dumb";
  const log = createLogUpdate(stream);
  const print = (...lines: string[]) => {
    for (const line of lines) stream.write(`${line}\n`);
  };
  return {
    isLive,
    get width() {
      return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, stream.isTTY ? stream.columns : PIPE_WIDTH));
    },
    colours: coloursFor(stream),
    print,
    draw: (lines) => {
      if (isLive) log(lines.join("\n"));
    },
    keep: (lines) => {
      if (isLive) {
        log.clear();
        log.done();
      }
      print(...lines);
    },
  };
}

/** Where the command line writes to: a terminal that can be drawn over, or plain text without a control character. */
import { createLogUpdate } from "log-update";
import { coloursFor, isTerminal, type Colours } from "./colours.ts";

/** A place to write to. */
export interface Screen {
  /** Whether `draw` shows anything. */
  readonly isLive: boolean;
  /** Columns to fill. */
  readonly width: number;
  /** Rows that can be drawn over. */
  readonly height: number;
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

/** The screen of a stream. */
export function createScreen(stream: NodeJS.WriteStream): Screen {
  const isLive = isTerminal(stream) && process.env["TERM"] !== "dumb";
  const log = createLogUpdate(stream);
  const print = (...lines: string[]) => {
    for (const line of lines) stream.write(`${line}\n`);
  };
  return {
    isLive,
    get width() {
      return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, isTerminal(stream) ? stream.columns : PIPE_WIDTH));
    },
    get height() {
      return isTerminal(stream) ? stream.rows : Infinity;
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

/** The seam between a format and the analysis: who wants another format read adds a reader to the list. */
import type { Content } from "./content.ts";
import type { Session } from "./session.ts";

/** Reads one format. Pure. */
export interface SessionReader {
  /** What it is called in reports: `claude-code`. */
  readonly format: string;
  /** What it is, for the people whose file is none of them. */
  readonly describes: string;
  /** The sessions of a content; undefined if it is not of this format. */
  read(content: Content): readonly Session[] | undefined;
}

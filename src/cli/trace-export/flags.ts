/** What can be said of an export, and of the content of a trace. */

/** What a trace can be exported to. */
export const EXPORTS = ["chrome", "otlp"] as const;

/** What becomes of inputs, outputs and messages, where a word says it. */
export const CONTENTS = ["full", "none", "hash"] as const;

/** One of these words. */
export type ExportContent = (typeof CONTENTS)[number];

/** What the command line says. */
export interface ExportFlags {
  readonly to: (typeof EXPORTS)[number];
  readonly output?: string;
  readonly content?: ExportContent;
}

/** The recorded provider responses beside the repository; see their README for what the fields mean. */
import { existsSync, readFileSync } from "node:fs";
import { readSse } from "./sse.ts";

const folder = new URL("../../../shared/recordings/", import.meta.url);

/** A call that a recording holds. */
export interface RecordedCall {
  readonly id: string | null;
  readonly name: string;
  readonly input?: unknown;
  readonly rawInput?: string;
}

/** One recorded response. */
export interface Recording {
  readonly file: string;
  readonly wire: string;
  readonly kind: "json" | "sse" | "json-array";
  readonly stop: string;
  readonly calls: readonly RecordedCall[];
  readonly notes: readonly string[];
  readonly nextRequest?: { readonly file: string };
}

/** Why tests of recordings are skipped; false where there are recordings. */
export const missingRecordings: string | false = existsSync(folder)
  ? false
  : "the recordings are not here: expected ../shared/recordings beside the repository";

/** The recordings of a wire; none where they are absent. */
export function recordings(wire: string): Recording[] {
  if (missingRecordings !== false) return [];
  const index = json("index.json") as { recordings: Recording[] } | Recording[];
  return (Array.isArray(index) ? index : index.recordings).filter((recording) => recording.wire === wire);
}

/** The bytes of a file of the recordings. */
export function bytes(file: string): Uint8Array {
  return readFileSync(new URL(file, folder));
}

/** A file of the recordings, parsed. */
export function json(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8"));
}

/** The events of a recorded stream, as the official clients hand them on. */
export function events(recording: Recording): unknown[] {
  if (recording.kind === "json-array") return json(recording.file) as unknown[];
  const data = [...readSse([bytes(recording.file)])];
  // What OpenAI's protocol ends a stream with is no event.
  return data.filter((text) => text !== "[DONE]").map((text) => JSON.parse(text) as unknown);
}

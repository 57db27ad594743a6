/** What came to a simulator and what became of it, for tests and for whoever watches. */
import type { Clock } from "../core/clock.ts";
import type { Refusal, Warning } from "./protocol.ts";
import type { Failure } from "./scenario.ts";

/** What became of a request. */
export type Verdict =
  | { readonly kind: "pending" }
  /** The turn went out to its end. */
  | { readonly kind: "answered" }
  /** The referee, or the server before it, said no. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The scenario wanted it to fail. A turn that met its token limit counts as `answered`. */
  | { readonly kind: "failed"; readonly failure: Exclude<Failure["kind"], "token-limit"> }
  /** The client went away, or the simulator was closed. */
  | { readonly kind: "aborted" };

/** One request. Times are milliseconds since the simulator's start; the record is filled in as things happen. */
export interface RequestRecord {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** The body as JSON, or undefined if it was none. */
  readonly body: unknown;
  /** The number of the turn that was asked for, from 0, once the request was accepted. */
  readonly turn: number | undefined;
  readonly verdict: Verdict;
  readonly warnings: readonly Warning[];
  readonly receivedMs: number;
  readonly firstByteMs: number | undefined;
  readonly endedMs: number | undefined;
}

/** The log's own view of a record. */
export type OpenRecord = { -readonly [Field in keyof RequestRecord]: RequestRecord[Field] };

/** A log and its one way in. */
export interface RequestLog {
  readonly records: readonly RequestRecord[];
  /** Milliseconds since the start. */
  now(): number;
  /** Starts the record of a request that has come. */
  open(request: Pick<RequestRecord, "id" | "method" | "path">): OpenRecord;
}

/** Starts an empty log. */
export function createRequestLog(clock: Clock): RequestLog {
  const startMs = clock.now();
  const records: RequestRecord[] = [];
  const now = () => clock.now() - startMs;
  return {
    records,
    now,
    open: (request) => {
      const record: OpenRecord = {
        ...request,
        body: undefined,
        turn: undefined,
        verdict: { kind: "pending" },
        warnings: [],
        receivedMs: now(),
        firstByteMs: undefined,
        endedMs: undefined,
      };
      records.push(record);
      return record;
    },
  };
}

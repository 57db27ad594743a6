/**
 * What providers really sent, byte by byte, through their official clients: what a turn comes to does not depend on how the
 * network cuts it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cannedFetch, inChunks, type Answer } from "../support/canned-fetch.ts";
import { bytes, missingRecordings, recordings, type Recording } from "../support/recordings.ts";
import { WIRES, type WireUnderTest } from "../support/wires.ts";

/** Beyond this, cutting a file in two at every byte takes too long. */
const SMALL = 2_500;

/** The first that is not empty. */
const NAMED = /"(?:model|modelVersion)": ?"([^"]+)"/;

type Bytes = Uint8Array<ArrayBuffer>;

/** What a body is read to: the turn, the calls that were committed meanwhile, and why it failed, if it did. */
async function read(wire: WireUnderTest, type: Answer["type"], body: Answer["body"]) {
  const { fetch } = cannedFetch([{ type, body }]);
  const stream = type === "text/event-stream";
  const model = wire.model("http://127.0.0.1", { stream, fetch });
  const response = model.request({
    messages: [wire.wire.user("Go.")],
    tools: [],
    signal: new AbortController().signal,
  });
  const committed = [];
  let error: unknown;
  try {
    for await (const progress of response) committed.push(...progress.committed);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return { committed, turn: response.turn(), error };
}

/** Some streams end without a word of the provider's: they may have been cut. */
function breaksOff({ kind, stop }: Recording): boolean {
  return kind === "sse" && stop === null;
}

describe("recordings through the official clients", { skip: missingRecordings }, () => {
  for (const wire of WIRES) {
    for (const recording of recordings(wire.name)) {
      const { file, kind, calls } = recording;
      // Google's array of chunks is what REST gives without `alt=sse`; no client asks for it.
      if (kind === "json-array") continue;
      const type = kind === "sse" ? "text/event-stream" : "application/json";
      const whole = new Uint8Array(bytes(file));

      test(`${file} says which model answered`, async () => {
        const { turn } = await read(wire, type, whole);
        assert.equal(turn.model, NAMED.exec(new TextDecoder().decode(whole))?.[1]);
      });

      test(`${file} is read to its calls`, async () => {
        const { turn, error } = await read(wire, type, whole);
        assert.equal(error !== undefined, breaksOff(recording), String(error));
        assert.deepEqual(
          turn.calls.map(({ name }) => name),
          calls.map(({ name }) => name),
        );
      });

      if (kind !== "sse") continue;

      test(`${file} comes to the same byte by byte`, async () => {
        const single = Array.from(whole, (_, i): Bytes => whole.slice(i, i + 1));
        assert.deepEqual(await read(wire, type, inChunks(single)), await read(wire, type, whole));
      });

      if (whole.length > SMALL) continue;

      test(`${file} comes to the same wherever it is cut in two`, async () => {
        const expected = await read(wire, type, whole);
        for (let cut = 1; cut < whole.length; cut++) {
          const halves = [whole.slice(0, cut), whole.slice(cut)];
          assert.deepEqual(await read(wire, type, inChunks(halves)), expected, `cut at byte ${cut}`);
        }
      });
    }
  }
});

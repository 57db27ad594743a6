/** Bytes, images, several parts, MCP results, and outcomes that are not `ok`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ErrorOutcome } from "../../src/core/outcome.ts";
import { image } from "../../src/results/image.ts";
import { encodeOutcome } from "../../src/results/encode.ts";
import { notOk, ok } from "../support/outcomes.ts";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUg==", "base64");
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
const GIF = Buffer.from("GIF89a\u0001");
const WEBP = Buffer.from("RIFF\u0001\u0002\u0003\u0004WEBPVP8 ");
const IMAGE = { type: "image", mediaType: "image/png", data: PNG.toString("base64") };

for (const [mediaType, bytes] of [
  ["image/png", PNG],
  ["image/jpeg", JPEG],
  ["image/gif", GIF],
  ["image/webp", WEBP],
] as const) {
  test(`bytes that are ${mediaType} are an image`, () => {
    const part = { type: "image", mediaType, data: Buffer.from(bytes).toString("base64") };
    assert.deepEqual(parts(bytes), [part]);
    assert.deepEqual(parts(image(bytes)), [part]);
    assert.deepEqual(parts(image(part.data)), [part]);
    assert.deepEqual(parts(image(`data:${mediaType};base64,${part.data}`)), [part]);
  });
}

test("bytes that are UTF-8 are text, whatever holds them", () => {
  const bytes = new TextEncoder().encode("grüße, 東京");
  for (const value of [bytes, Buffer.from(bytes), bytes.buffer, new DataView(bytes.buffer)]) {
    assert.deepEqual(parts(value), [text("grüße, 東京")]);
  }
  assert.deepEqual(parts({ file: Buffer.from("inside") }), [text('{"file":"inside"}')]);
  assert.deepEqual(parts(new Uint8Array()), [text("(empty)")]);
});

test("other bytes are a short note, however many they are", () => {
  assert.deepEqual(parts(Buffer.alloc(10_485_760)), [text("(binary data, 10485760 bytes)")]);
  assert.deepEqual(parts(Buffer.from([0xc3, 0x28])), [text("(binary data, 2 bytes)")]);
  assert.deepEqual(parts({ icon: PNG }), [text('{"icon":"(image/png, 16 bytes)"}')]);
});

test("a large image is encoded whole", () => {
  const large = Buffer.alloc(1_000_003, 7);
  PNG.copy(large);
  assert.deepEqual(parts(new Uint8Array(large)), [{ ...IMAGE, data: large.toString("base64") }]);
});

test("an array that holds an image is several parts, in order", () => {
  assert.deepEqual(parts(["The chart:", image(PNG), { rows: 3 }, "", JPEG]), [
    text("The chart:"),
    IMAGE,
    text('{"rows":3}'),
    text("(empty)"),
    { type: "image", mediaType: "image/jpeg", data: "/9j/4A==" },
  ]);
  assert.deepEqual(parts([image(PNG), , 1]).length, 3); // eslint-disable-line no-sparse-arrays
});

test("an array without one is data", () => {
  assert.deepEqual(parts(["a", "b"]), [text('["a","b"]')]);
  assert.deepEqual(parts([{ type: "text", text: "a" }]), [text('[{"type":"text","text":"a"}]')]);
});

test("an image survives being written as JSON and read again", () => {
  assert.deepEqual(parts(JSON.parse(JSON.stringify(["a", image(PNG)]))), [text("a"), IMAGE]);
});

test("image() refuses what no provider would take", () => {
  for (const data of ["", "not base64!", "aGVsbG8=", Buffer.from("<svg/>")]) {
    assert.throws(() => image(data), {
      name: "TypeError",
      message: "`data` must be a PNG, JPEG, GIF or WebP image, as bytes or as base64",
    });
  }
});

test("data that only looks like an image stays data", () => {
  const value = { type: "image", mediaType: "image/png", data: "aGVsbG8=" };
  assert.deepEqual(parts(value), [text(JSON.stringify(value))]);
});

test("an MCP result is its content, item by item", () => {
  const output = {
    content: [
      { type: "text", text: "a" },
      { type: "text", text: "" },
      // The declared type is wrong: what the bytes say wins.
      { type: "image", data: IMAGE.data, mimeType: "image/gif" },
      { type: "image", data: "PHN2Zy8+", mimeType: "image/svg+xml" },
      { type: "audio", data: "AAAA", mimeType: "audio/wav" },
      { type: "resource", resource: { uri: "file:///a", text: "the file" } },
      { type: "resource", resource: { uri: "file:///b", blob: "AAA=" } },
      { type: "resource_link", uri: "file:///c", name: "c" },
    ],
    structuredContent: { a: 1 },
  };
  assert.deepEqual(parts(output), [
    text("a"),
    text("(empty)"),
    IMAGE,
    text("(image/svg+xml, 6 bytes)"),
    text("(audio/wav, 3 bytes)"),
    text("the file"),
    text("(binary data, 2 bytes)"),
    text('{"type":"resource_link","uri":"file:///c","name":"c"}'),
  ]);
  assert.equal(encodeOutcome(ok(output)).isError, false);
});

test("an MCP result that says it is an error is one", () => {
  const output = { content: [{ type: "text", text: "no such file" }], isError: true };
  assert.deepEqual(encodeOutcome(ok(output)), { isError: true, parts: [text("no such file")] });
});

test("a document with a content is data, not an MCP result", () => {
  for (const value of [
    { id: 1, content: [{ type: "text", text: "a" }] },
    { content: [{ type: "paragraph", text: "a" }] },
    { content: [] },
    { content: "a" },
  ]) {
    assert.deepEqual(parts(value), [text(JSON.stringify(value))]);
  }
});

test("G7: an outcome that is not ok is one JSON object, its keys in one order, flagged as an error", () => {
  const outcome = notOk("timed-out", {
    mayHaveTakenEffect: true,
    retryable: false,
    message: 'gave up after "60" s',
    code: "timeout",
    cause: new Error("secret"),
  });
  assert.deepEqual(encodeOutcome(outcome), {
    isError: true,
    parts: [
      text(
        '{"error":{"code":"timeout","message":"gave up after \\"60\\" s","retryable":false,"mayHaveTakenEffect":true}}',
      ),
    ],
  });
});

test("any error is flagged, well-formed and valid JSON", () => {
  const status = fc.constantFrom("failed", "timed-out", "cancelled", "skipped", "denied");
  fc.assert(
    fc.property(status, fc.string({ unit: "binary" }), fc.anything(), (status, message, cause) => {
      const outcome: ErrorOutcome = notOk(status as ErrorOutcome["status"], { message, cause });
      const { isError, parts } = encodeOutcome(outcome);
      const [part] = parts;
      assert.ok(isError && parts.length === 1 && part?.type === "text" && part.text.isWellFormed());
      assert.deepEqual(JSON.parse(part.text), {
        error: {
          code: "tool-error",
          message: message.toWellFormed(),
          retryable: false,
          mayHaveTakenEffect: false,
        },
      });
    }),
  );
});

function parts(output: unknown) {
  return encodeOutcome(ok(output)).parts;
}

function text(text: string) {
  return { type: "text", text };
}

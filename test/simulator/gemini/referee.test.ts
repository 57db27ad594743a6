/** What Gemini's generateContent refuses, rule by rule; and what it takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signCall } from "../../../src/simulator/gemini/signature-rules.ts";
import { judge, warn } from "../../../src/simulator/gemini/referee.ts";

type Json = Record<string, unknown>;

const NEW = "/v1/models/gemini-3.6-flash:generateContent";
const OLD = "/v1/models/gemini-2.5-flash:generateContent";

const user = (...parts: Json[]): Json => ({ role: "user", parts });
const model = (...parts: Json[]): Json => ({ role: "model", parts });
const hi = user({ text: "Hi." });
const call = (id?: string, more: Json = {}): Json => ({
  functionCall: { ...(id !== undefined && { id }), name: "get", args: {} },
  ...more,
});
const signed = (id?: string) => call(id, { thoughtSignature: "c2ln" });
const answer = (id?: string, more: Json = {}): Json => ({
  functionResponse: { ...(id !== undefined && { id }), name: "get", response: { output: "done" }, ...more },
});
const declared = (...names: string[]): Json => ({
  tools: [{ functionDeclarations: names.map((name) => ({ name })) }],
});

function refusal(body: unknown, path = NEW): string | undefined {
  const { message } = (judge(body, { path })?.body["error"] ?? {}) as { readonly message?: string };
  return message;
}

const REFUSED: Readonly<Record<string, readonly [contents: unknown, says: RegExp, path?: string]>> = {
  "no contents": [[], /contents is not specified/],
  "a role that there is not": [[{ role: "assistant", parts: [{ text: "" }] }], /valid role: user, model/],
  "a content without parts": [[user()], /parts must not be empty/],
  "a part of nothing": [[user({ thought: true })], /required oneof field 'data'/],
  "fewer results than calls (G2)": [
    [hi, model(signed("a"), call("b")), user(answer("a"))],
    /number of function response parts is equal/,
  ],
  "results in two contents (G2)": [
    [hi, model(signed("a"), call("b")), user(answer("a")), user(answer("b"))],
    /number of function response parts is equal/,
  ],
  "a part beside the results (G2)": [
    [hi, model(signed("a")), user(answer("a"), { text: "So." })],
    /number of function response parts/,
  ],
  "a call between calls and results (G3)": [
    [
      hi,
      model(signed("a")),
      user(answer("a")),
      model(signed("b")),
      model(call("c")),
      user(answer("b"), answer("c")),
    ],
    /number of function response parts is equal/,
  ],
  "a call that opens the history": [
    [model(signed("a")), user(answer("a"))],
    /function call turn comes immediately after a user turn/,
  ],
  "a result without a call": [
    [hi, user(answer("a"))],
    /function response turn comes immediately after a function call turn/,
  ],
  "a result of another name (G4)": [
    [hi, model(signed("a")), user(answer("a", { name: "put" }))],
    /name "put" matches the function call name "get"/,
  ],
  "an id that does not come back (G4, G5)": [
    [hi, model(signed("a")), user(answer())],
    /ids of function response parts/,
  ],
  "a first call without its signature (G6)": [
    [hi, model(call("a"), call("b")), user(answer("a"), answer("b"))],
    /missing a thought_signature.*`default_api:get`/,
  ],
  "a later step without its signature (G6)": [
    [hi, model(signed("a")), user(answer("a")), model(call("b")), user(answer("b"))],
    /missing a thought_signature/,
  ],
  "a signature of another call (G7)": [
    [hi, model(call("a", { thoughtSignature: signCall({ name: "put", args: {} }) })), user(answer("a"))],
    /Corrupted thought signature/,
  ],
  "an image in a result, before Gemini 3": [
    [
      hi,
      model(signed()),
      user(answer(undefined, { parts: [{ inlineData: { mimeType: "image/png", data: "aGk=" } }] })),
    ],
    /not supported for this model/,
    OLD,
  ],
};

for (const [what, [contents, says, path]] of Object.entries(REFUSED)) {
  test(`${what} is refused`, () => {
    assert.match(refusal({ contents }, path) ?? "it was accepted", says);
    assert.equal(judge({ contents }, { path: path ?? NEW })?.status, 400);
  });
}

const ACCEPTED: Readonly<Record<string, readonly [contents: unknown, path?: string]>> = {
  "results in any order where there are ids (G4)": [
    [hi, model(signed("a"), call("b")), user(answer("b"), answer("a"))],
  ],
  "calls without ids": [[hi, model(signed(), call()), user(answer(), answer())]],
  "no signature, before Gemini 3": [[hi, model(call()), user(answer())], OLD],
  "no signature before the user's last word (G6)": [[hi, model(call("a")), user(answer("a")), hi]],
  "the signature that stands for another model's (G8)": [
    [hi, model(call("a", { thoughtSignature: "skip_thought_signature_validator" })), user(answer("a"))],
  ],
  "a signature on an empty text (G9)": [
    [hi, model({ text: "So." }, { text: "", thoughtSignature: "c2ln" }), hi],
  ],
  "a call's own signature": [
    [hi, model(call("a", { thoughtSignature: signCall({ name: "get", args: {} }) })), user(answer("a"))],
  ],
};

for (const [what, [contents, path]] of Object.entries(ACCEPTED)) {
  test(`${what} is accepted`, () => assert.equal(refusal({ contents }, path), undefined));
}

test("an endpoint that knows no ids says so (G5)", () => {
  const contents = [hi, model(signed("a")), user(answer("a"))];
  const quirks = new Set(["refuses-ids"] as const);
  const refused = judge({ contents }, { path: NEW, quirks });
  assert.match(
    JSON.stringify(refused?.body),
    /Unknown name \\"id\\" at 'contents\[1\]\.parts\[0\]\.function_call'/,
  );
});

test("tools and their choice are checked", () => {
  const contents = [hi];
  assert.match(refusal({ contents, ...declared("2nd") }) ?? "", /Must start with a letter or an underscore/);
  assert.match(refusal({ contents, ...declared("a", "a") }) ?? "", /Duplicate function declaration found: a/);
  const mode = (word: string): Json => ({ toolConfig: { functionCallingConfig: { mode: word } } });
  assert.match(
    refusal({ contents, ...declared("a"), ...mode("SOME") }) ?? "",
    /function_calling_config\.mode/,
  );
  assert.match(refusal({ contents, ...mode("ANY") }) ?? "", /without function_declarations/);
  assert.equal(refusal({ contents, ...declared("a"), ...mode("ANY") }), undefined);
});

test("results out of order, and parts that were signed elsewhere, are warned of", () => {
  const contents = [hi, model(signed("a"), call("b")), user(answer("b"), answer("a"))];
  assert.deepEqual(
    warn({ contents } as never).map(({ code }) => code),
    ["results-out-of-order", "signature-unchecked"],
  );
});

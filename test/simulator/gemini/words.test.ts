/** What Google says no to, word for word, as far as it was quoted; and what looks odd and is taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, warn } from "../../../src/simulator/gemini/referee.ts";
import { signCall } from "../../../src/simulator/gemini/signature-rules.ts";
import {
  call,
  model,
  pathOf,
  refusalOf,
  refusalTo,
  request,
  result,
  signed,
  tool,
  user,
  type Asked,
} from "../../support/gemini-request.ts";

const COUNT =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
const CALL_ORDER =
  "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
const RESULT_ORDER =
  "Please ensure that function response turn comes immediately after a function call turn.";
const unsigned = (name: string, position: number) =>
  `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\` , position ${position}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`;
const validator = (at: string, text: string) => `* GenerateContentRequest.${at}: ${text}\n`;

const hi = user("Hi.");
const two = model("Let me look.", signed("read"), call("write"));
const both = user(result("read"), result("write"));
const image = (mimeType: string) => ({ inlineData: { mimeType, data: "aGk=" } });
const declares = (...functionDeclarations: unknown[]) => ({ tools: [{ functionDeclarations }] });
const mode = (functionCallingConfig: unknown) => ({ toolConfig: { functionCallingConfig } });
const older: Asked = { model: "gemini-2.5-flash" };

const accepted: Record<string, readonly [body: unknown, asked?: Asked]> = {
  "a question without tools": [request([hi], { tools: undefined })],
  "a content without a role": [request([{ parts: [{ text: "Hi." }] }])],
  "a user who speaks after the results, in a content of their own": [
    request([hi, two, both, user("And now?")]),
  ],
  "several contents of the user in a row": [request([hi, user("Are you there?")])],
  "the next step after the results": [request([hi, two, both, model(signed()), user(result())])],
  "the same call made twice": [request([hi, model(signed(), call()), user(result(), result())])],
  "text between calls": [request([hi, model(signed(), "and", call("write")), both])],
  "ids that a client made up for an older model (recorded)": [
    request([hi, model(call("read", { id: "1" })), user(result("read", { id: "1" }))]),
    older,
  ],
  "one id for two calls, as some proxies have it": [
    request([
      hi,
      model(signed("read", { id: "a" }), call("write", { id: "a" })),
      user(result("read", { id: "a" }), result("write", { id: "a" })),
    ]),
  ],
  "the other dummy signature (G8)": [
    request([
      hi,
      model(signed("read", { signature: "context_engineering_is_the_way_to_go" })),
      user(result()),
    ]),
  ],
  "a signature on a later call too (G7)": [request([hi, model(signed("read"), signed("write")), both])],
  "an unsigned call of an older model": [request([hi, model(call(), call("write")), both]), older],
  "an empty text beside a call, as it comes (recorded)": [
    request([hi, model(signed(), { text: "" }), user(result())]),
  ],
  "an image in a result, since Gemini 3": [
    request([
      hi,
      model(signed()),
      user({ functionResponse: { name: "read", response: {}, parts: [image("image/png")] } }),
    ]),
  ],
  "thoughts that went back": [request([hi, model({ text: "Hm.", thought: true }, "Hi."), user("Bye.")])],
  "a tool without parameters": [request([hi], declares({ name: "now", description: "The time." }))],
  "a tool of the provider's own": [request([hi], { tools: [{ googleSearch: {} }] })],
  "code that the provider ran": [
    request([
      hi,
      model(
        { executableCode: { language: "PYTHON", code: "print(1)" } },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n" } },
        "1",
      ),
      user("Thanks."),
    ]),
  ],
  ...Object.fromEntries(
    ["AUTO", "ANY", "NONE", "VALIDATED"].map((word) => [
      `the mode ${word}`,
      [request([hi], mode({ mode: word }))] as const,
    ]),
  ),
  "a choice of one tool": [request([hi], mode({ mode: "ANY", allowedFunctionNames: ["read"] }))],
};

for (const [name, [body, asked]] of Object.entries(accepted)) {
  test(`the referee takes ${name}`, () => assert.equal(refusalOf(body, asked), undefined));
}

const refused: Record<string, readonly [body: unknown, message: string, asked?: Asked]> = {
  "a result too many (G2)": [request([hi, two, user(result(), result("write"), result())]), COUNT],
  "a part beside the results of parallel calls (G2)": [
    request([hi, two, user(result(), result("write"), image("image/png"))]),
    COUNT,
  ],
  "a part beside the results on older models (G2)": [
    request([hi, model(call(), call("write")), user(result(), result("write"), image("image/png"))]),
    COUNT,
    older,
  ],
  "calls that the next content ignores": [request([hi, two, user("Well?")]), COUNT],
  "a conversation that ends in a call": [request([hi, two]), COUNT],
  "calls after a content of the model's": [
    request([hi, model("Hm."), model(signed()), user(result())]),
    CALL_ORDER,
  ],
  "a result whose call is gone": [request([hi, model("Done."), user(result())]), RESULT_ORDER],
  "a result after somebody spoke in between": [
    request([hi, model(signed()), user("Wait."), user(result())]),
    COUNT,
  ],
  "a second content of results": [
    request([hi, model(signed()), user(result()), user(result())]),
    RESULT_ORDER,
  ],
  "calls and results in one content": [
    request([hi, model(signed(), result())]),
    "Please ensure that function call turn contains at least one function_call part which can not be mixed with function_response parts.",
  ],
  "a call without its signature (G6)": [request([hi, model(call()), user(result())]), unsigned("read", 2)],
  "a signature on the second call alone (G6)": [
    request([hi, model(call(), signed("write")), both]),
    unsigned("read", 2),
  ],
  "an unsigned call of a model that nobody knows": [
    request([hi, model(call()), user(result())]),
    unsigned("read", 2),
    { model: "something-else" },
  ],
  "a signature that is no bytes": [
    request([hi, model(signed("read", { signature: "no signature!" })), user(result())]),
    "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed for \"no signature!\"",
  ],
  "an id that is another's (G5)": [
    request([hi, model(signed("read", { id: "a" })), user(result("read", { id: "b" }))]),
    "Please ensure that the ids of function response parts are those of the function call parts of the function call turn.",
  ],
  "an id where ids are not known (G5)": [
    request([hi, model(call("read", { id: "a" })), user(result("read", { id: "a" }))]),
    "Invalid JSON payload received. Unknown name \"id\" at 'contents[1].parts[0].function_call': Cannot find field.\nInvalid JSON payload received. Unknown name \"id\" at 'contents[2].parts[0].function_response': Cannot find field.",
    { ...older, quirks: ["refuses-ids"] },
  ],
  "a result that is no object": [
    request([hi, model(signed()), user(result("read", { response: "done" }))]),
    "Invalid value at 'contents[2].parts[0].function_response.response' (type.googleapis.com/google.protobuf.Struct)",
  ],
  "arguments that are a list": [
    request([hi, model(signed("read", { args: [] })), user(result())]),
    "Invalid value at 'contents[1].parts[0].function_call.args' (type.googleapis.com/google.protobuf.Struct)",
  ],
  "a result without a name": [
    request([hi, model(signed()), user(result(""))]),
    validator("contents[2].parts[0].function_response.name", "Name cannot be empty."),
  ],
  "an image in a result, before Gemini 3": [
    request([
      hi,
      model(call()),
      user({ functionResponse: { name: "read", response: {}, parts: [image("image/png")] } }),
    ]),
    "Unable to submit request because `function_response.parts` is not supported for this model. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling",
    older,
  ],
  "an image of a kind that it does not read": [
    request([
      hi,
      model(signed()),
      user({ functionResponse: { name: "read", response: {}, parts: [image("image/gif")] } }),
    ]),
    "MIME type must be image/png, image/jpeg, image/webp, image/heic, or image/heif.",
  ],
  "no contents": [request([]), validator("contents", "contents is not specified")],
  "missing contents": [request(undefined), validator("contents", "contents is not specified")],
  "a content without parts": [
    request([hi, model(), user("Bye.")]),
    validator("contents[1].parts", "contents.parts must not be empty."),
  ],
  "a part with nothing in it": [
    request([user({})]),
    validator("contents[0].parts[0].data", "required oneof field 'data' must have one initialized field"),
  ],
  "an empty text": [
    request([user("")]),
    "Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
  ],
  "an unknown role": [
    request([{ role: "tool", parts: [{ text: "5" }] }]),
    "Please use a valid role: user, model.",
  ],
  "a tool name that begins with a digit": [
    request([hi], declares(tool("2read"))),
    validator(
      "tools[0].function_declarations[0].name",
      "Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.",
    ),
  ],
  "two tools of one name in two lists": [
    request([hi], { tools: [...declares(tool("read")).tools, ...declares(tool("read")).tools] }),
    "Duplicate function declaration found: read",
  ],
  "parameters without any": [
    request([hi], declares({ name: "now", parameters: { type: "OBJECT", properties: {} } })),
    validator(
      "tools[0].function_declarations[0].parameters.properties",
      "should be non-empty for OBJECT type",
    ),
  ],
  "a mode that there is not": [
    request([hi], mode({ mode: "REQUIRED" })),
    "Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), \"REQUIRED\"",
  ],
  "a mode without tools of the client's": [
    request([hi], { tools: [{ googleSearch: {} }], ...mode({ mode: "AUTO" }) }),
    "Function calling config is set without function_declarations.",
  ],
};

for (const [name, [body, message, asked]] of Object.entries(refused)) {
  test(`the referee refuses ${name}`, () => {
    const error = { code: 400, message, status: "INVALID_ARGUMENT" };
    assert.deepEqual(refusalTo(body, asked), { status: 400, body: { error } });
  });
}

test("parameters without any are taken by Vertex (recorded)", () => {
  const body = request([hi], declares({ name: "now", parameters: { type: "OBJECT", properties: {} } }));
  const path = "/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent";
  assert.equal(judge(body, { path }), undefined);
});

test("arguments may come back in another order, and not with other values", () => {
  const signature = signCall({ name: "read", args: { path: "a", at: { line: 1, column: 2 } } });
  const asked = (args: unknown) =>
    refusalOf(request([hi, model(signed("read", { signature, args })), user(result())]));
  assert.equal(asked({ at: { column: 2, line: 1 }, path: "a" }), undefined);
  assert.equal(asked({ at: { column: 2, line: 9 }, path: "a" }), "Corrupted thought signature.");
});

test("a method that there is not is not found", () => {
  const refusal = judge(request([hi]), { path: pathOf("gemini-3.6-flash", "countTokens") });
  assert.equal(refusal?.status, 404);
  assert.deepEqual(refusal.body, {
    error: {
      code: 404,
      message:
        "models/gemini-3.6-flash is not found for API version v1beta, or is not supported for countTokens. Call ListModels to see the list of available models and their supported methods.",
      status: "NOT_FOUND",
    },
  });
});

test("the dummy signatures are not warned of, nor is a well-formed request", () => {
  const { contents } = request([hi, two, both]);
  assert.deepEqual(warn({ contents } as never), []);
});

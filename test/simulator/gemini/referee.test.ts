import assert from "node:assert/strict";
import { test } from "node:test";
import { warn } from "../../../src/simulator/gemini/referee.ts";
import {
  call,
  model,
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
  "a question": [request([hi])],
  "a question without tools": [request([hi], { tools: undefined })],
  "a content without a role": [request([{ parts: [{ text: "Hi." }] }])],
  "every call answered, in order": [request([hi, two, both])],
  "a user who speaks after the results, in a content of their own": [request([hi, two, both, user("And now?")])],
  "several contents of the user in a row": [request([hi, user("Are you there?")])],
  "the next step after the results": [request([hi, two, both, model(signed()), user(result())])],
  "the same call made twice": [request([hi, model(signed(), call()), user(result(), result())])],
  "text between calls": [request([hi, model(signed(), "and", call("write")), both])],
  "ids that came and went back": [
    request([
      hi,
      model(signed("read", { id: "a" }), call("read", { id: "b" })),
      user(result("read", { id: "a" }), result("read", { id: "b" })),
    ]),
  ],
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
  "a signature on a later call too (G7)": [
    request([hi, model(signed("read"), signed("write")), both]),
  ],
  "an unsigned call before the last question (G6)": [
    request([hi, model(call()), user(result()), model("Done."), user("Thanks.")]),
  ],
  "an unsigned call of an older model": [request([hi, model(call(), call("write")), both]), older],
  "an unsigned call of Gemini 2.5 (G6)": [request([hi, model(call()), user(result())]), { model: "gemini-2.5-pro" }],
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

const refused: Record<string, readonly [body: unknown, message: string | RegExp, asked?: Asked]> = {
  "a call without a result (G2)": [request([hi, two, user(result())]), COUNT],
  "a result too many (G2)": [request([hi, two, user(result(), result("write"), result())]), COUNT],
  "results over two contents (G2)": [request([hi, two, user(result()), user(result("write"))]), COUNT],
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
  "calls at the beginning": [request([two, both]), CALL_ORDER],
  "calls after a content of the model's": [request([hi, model("Hm."), model(signed()), user(result())]), CALL_ORDER],
  "a result at the beginning": [request([user(result())]), RESULT_ORDER],
  "a result whose call is gone": [request([hi, model("Done."), user(result())]), RESULT_ORDER],
  "a result after somebody spoke in between": [
    request([hi, model(signed()), user("Wait."), user(result())]),
    COUNT,
  ],
  "a second content of results": [request([hi, model(signed()), user(result()), user(result())]), RESULT_ORDER],
  "calls and results in one content": [
    request([hi, model(signed(), result())]),
    /can not be mixed with function_response parts/,
  ],
  "one turn split into steps (G3)": [
    request([hi, model(signed()), user(result()), model(call("write")), user(result("write"))]),
    unsigned("write", 4),
  ],
  "a call without its signature (G6)": [request([hi, model(call()), user(result())]), unsigned("read", 2)],
  "a signature on the second call alone (G6)": [
    request([hi, model(call(), signed("write")), both]),
    unsigned("read", 2),
  ],
  "a call without its signature in an earlier step of the turn (G6)": [
    request([hi, model(call()), user(result()), model(signed()), user(result())]),
    unsigned("read", 2),
  ],
  "an unsigned call of a model that nobody knows": [
    request([hi, model(call()), user(result())]),
    unsigned("read", 2),
    { model: "something-else" },
  ],
  "a signature that is no bytes": [
    request([hi, model(signed("read", { signature: "no signature!" })), user(result())]),
    /Invalid value at 'contents\[1\]\.parts\[0\]\.thought_signature' \(TYPE_BYTES\)/,
  ],
  "a result for another tool": [request([hi, model(signed("read")), user(result("write"))]), /name/],
  "an id that is another's (G5)": [
    request([hi, model(signed("read", { id: "a" })), user(result("read", { id: "b" }))]),
    /id/,
  ],
  "an id that did not go back (G5)": [
    request([hi, model(signed("read", { id: "a" })), user(result("read"))]),
    /id/,
  ],
  "an id where ids are not known (G5)": [
    request([hi, model(call("read", { id: "a" })), user(result("read", { id: "a" }))]),
    "Invalid JSON payload received. Unknown name \"id\" at 'contents[1].parts[0].function_call': Cannot find field.\nInvalid JSON payload received. Unknown name \"id\" at 'contents[2].parts[0].function_response': Cannot find field.",
    { ...older, quirks: ["refuses-ids"] },
  ],
  "a result that is no object": [
    request([hi, model(signed()), user(result("read", { response: "done" }))]),
    /Invalid value at 'contents\[2\]\.parts\[0\]\.function_response\.response' \(type\.googleapis\.com\/google\.protobuf\.Struct\)/,
  ],
  "arguments that are a list": [
    request([hi, model(signed("read", { args: [] })), user(result())]),
    /at 'contents\[1\]\.parts\[0\]\.function_call/,
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
    /`function_response.parts` is not supported for this model/,
    older,
  ],
  "an image of a kind that it does not read": [
    request([
      hi,
      model(signed()),
      user({ functionResponse: { name: "read", response: {}, parts: [image("image/gif")] } }),
    ]),
    /MIME type/,
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
  "an empty text (recorded nowhere as taken)": [request([user("")]), /empty text parameter/],
  "an unknown role": [request([{ role: "tool", parts: [{ text: "5" }] }]), "Please use a valid role: user, model."],
  "a tool name with other characters": [request([hi], declares(tool("read file"))), /Invalid function name/],
  "a tool name that begins with a digit": [request([hi], declares(tool("2read"))), /Invalid function name/],
  "two tools of one name": [
    request([hi], declares(tool("read"), tool("read"))),
    "Duplicate function declaration found: read",
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
  "a mode that there is not": [request([hi], mode({ mode: "REQUIRED" })), /mode/],
  "a mode without tools": [
    request([hi], { tools: undefined, ...mode({ mode: "ANY" }) }),
    "Function calling config is set without function_declarations.",
  ],
  "a choice of a tool that is not there": [
    request([hi], mode({ mode: "ANY", allowedFunctionNames: ["delete"] })),
    /allowed_function_names|delete/,
  ],
  "a choice of tools where nothing is forced": [
    request([hi], mode({ mode: "AUTO", allowedFunctionNames: ["read"] })),
    /allowed_function_names/,
  ],
};

for (const [name, [body, message, asked]] of Object.entries(refused)) {
  test(`the referee refuses ${name}`, () => {
    if (typeof message === "string") assert.equal(refusalOf(body, asked), message);
    else assert.match(refusalOf(body, asked) ?? "", message);
    const { status, body: answer } = refusalTo(body, asked) ?? {};
    assert.equal(status, 400);
    const { code, status: word } = answer?.["error"] as Record<string, unknown>;
    assert.deepEqual([code, word], [400, "INVALID_ARGUMENT"]);
  });
}

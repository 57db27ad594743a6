import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { answered, ask, simulate } from "../support/simulators.ts";

const turns = [{ calls: [{ name: "get_profile" }, { name: "get_orders" }] }, { text: "Done." }];
const headers = { "x-api-key": "x", "anthropic-version": "2023-06-01" };

test("a missing result is refused in the client's hands, with the provider's words and an id", async (context) => {
  const { client, simulator } = await simulate(context, turns);
  const first = await client.messages.create(ask());
  const [assistant] = answered(first);
  assert.ok(assistant);
  await assert.rejects(client.messages.create(ask(assistant)), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /messages\.1: `tool_use` ids were found without `tool_result` blocks/);
    assert.match(error.requestID ?? "", /^req_/);
    return true;
  });
  assert.equal(simulator.requests[1]?.verdict.kind, "refused");
});

test("a refused request does not use up a failure of the scenario", async (context) => {
  const { client } = await simulate(context, [{ text: "Hi.", failures: [{ kind: "status", status: 529 }] }]);
  await assert.rejects(client.messages.create(ask({ role: "user", content: "" })), { status: 400 });
  await assert.rejects(client.messages.create(ask()), { status: 529 });
});

test("split results are answered, and the log keeps the warning (A2)", async (context) => {
  const { client, simulator } = await simulate(context, turns);
  const first = await client.messages.create(ask());
  const [assistant, results] = answered(first);
  assert.ok(assistant && results && typeof results.content !== "string");
  const split = results.content.map((result) => ({ role: "user" as const, content: [result] }));
  await client.messages.create(ask(assistant, ...split));
  assert.deepEqual(
    simulator.requests.map(({ warnings }) => warnings.map(({ code }) => code)),
    [[], ["results-split"]],
  );
});

const strangers: Record<string, readonly [path: string, init: RequestInit, status: number, message: RegExp]> =
  {
    "a request without a key": [
      "/v1/messages",
      { method: "POST", headers: { "anthropic-version": "2023-06-01" }, body: "{}" },
      401,
      /x-api-key header is required/,
    ],
    "a request without a version": [
      "/v1/messages",
      { method: "POST", headers: { "x-api-key": "x" }, body: "{}" },
      400,
      /anthropic-version: header is required/,
    ],
    "a body that is not JSON": [
      "/v1/messages",
      { method: "POST", headers, body: "{" },
      400,
      /The request body is not valid JSON/,
    ],
    "an unknown route": ["/v1/nothing", { method: "POST", headers, body: "{}" }, 404, /Not Found/],
    "another method": ["/v1/messages", { headers }, 405, /Method Not Allowed/],
  };

for (const [name, [path, init, status, message]] of Object.entries(strangers)) {
  test(`${name} is refused with ${status}`, async (context) => {
    const { simulator } = await simulate(context, turns);
    const response = await fetch(simulator.url + path, init);
    assert.equal(response.status, status);
    assert.equal(response.headers.get("x-should-retry"), "false");
    const body = (await response.json()) as { type: string; error: { message: string }; request_id: string };
    assert.equal(body.type, "error");
    assert.match(body.error.message, message);
    assert.equal(body.request_id, response.headers.get("request-id"));
    assert.equal(simulator.requests[0]?.verdict.kind, "refused");
  });
}

test("a bearer token lets a request in too", async (context) => {
  const { simulator } = await simulate(context, turns);
  const client = new Anthropic({ baseURL: simulator.url, apiKey: null, authToken: "x", maxRetries: 0 });
  assert.equal((await client.messages.create(ask())).stop_reason, "tool_use");
});

test("a look at the root is harmless and not logged", async (context) => {
  const { simulator } = await simulate(context, turns);
  for (const method of ["GET", "HEAD"]) assert.equal((await fetch(simulator.url, { method })).status, 200);
  assert.equal(simulator.requests.length, 0);
});

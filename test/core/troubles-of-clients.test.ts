import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import axios from "axios";
import OpenAI from "openai";
import * as undici from "undici";
import { readTrouble, type Trouble } from "../../src/core/trouble.ts";
import { closedAddress, startBackEnd } from "../support/back-end.ts";

interface Client {
  /** Makes a request that is not to be repeated, and throws if it fails. */
  readonly call: (url: string) => Promise<unknown>;
  /** The client throws for a status. */
  readonly statuses?: false;
  /** Its errors for a status have the headers. */
  readonly headers?: false;
}

const body = JSON.stringify({ do: "it" });
const post = { method: "POST", body } as const;
const agent = new undici.Agent().compose(undici.interceptors.responseError());
const repeating = new undici.Agent().compose(
  undici.interceptors.retry({ maxRetries: 1, minTimeout: 0, maxTimeout: 1, methods: ["POST"] }),
);
const messages = [{ role: "user", content: "Hi." }] as const;

const CLIENTS: Readonly<Record<string, Client>> = {
  "node's fetch, and a tool that throws the response": {
    call: async (url) => {
      const response = await fetch(url, post);
      if (!response.ok) throw response;
    },
  },
  "node's http": {
    call: (url) =>
      new Promise((resolve, reject) => {
        httpRequest(url, { method: "POST" }, resolve).on("error", reject).end(body);
      }),
    statuses: false,
  },
  "undici's fetch": {
    call: async (url) => {
      const response = await undici.fetch(url, post);
      if (!response.ok) throw new Error(`it said ${response.status}`, { cause: response });
    },
  },
  "undici's request": { call: (url) => undici.request(url, { ...post, dispatcher: agent }) },
  axios: { call: (url) => axios.post(url, body) },
  "axios over fetch": { call: (url) => axios.post(url, body, { adapter: "fetch" }) },
  "@anthropic-ai/sdk": {
    call: (url) =>
      new Anthropic({ apiKey: "key", baseURL: url, maxRetries: 0 }).messages.create({
        model: "m",
        max_tokens: 9,
        messages: [...messages],
      }),
  },
  openai: {
    call: (url) =>
      new OpenAI({ apiKey: "key", baseURL: url, maxRetries: 0 }).chat.completions.create({
        model: "m",
        messages: [...messages],
      }),
  },
  "@google/genai": {
    call: (url) =>
      new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: url } }).models.generateContent({
        model: "m",
        contents: "Hi.",
      }),
    headers: false,
  },
};

const NOTHING = {
  retryable: false,
  nothingHappened: false,
  overloaded: false,
  outage: false,
  retryAfterMs: undefined,
} satisfies Trouble;
const OUTAGE = { ...NOTHING, retryable: true, outage: true };
const REFUSED = { ...OUTAGE, nothingHappened: true };
const STATUSES: Readonly<Record<string, Trouble>> = {
  429: { ...NOTHING, retryable: true, nothingHappened: true, overloaded: true, retryAfterMs: 2_000 },
  503: { ...OUTAGE, overloaded: true, retryAfterMs: 2_000 },
  500: OUTAGE,
  400: NOTHING,
};

describe("what the errors of clients say", async () => {
  const backEnd = await startBackEnd();
  const closed = await closedAddress();
  after(() => backEnd[Symbol.asyncDispose]());

  for (const [name, { call, statuses, headers }] of Object.entries(CLIENTS)) {
    test(name, async () => {
      for (const [status, trouble] of Object.entries(statuses === false ? {} : STATUSES)) {
        const expected = headers === false ? { ...trouble, retryAfterMs: undefined } : trouble;
        assert.deepEqual(await troubleOf(() => call(`${backEnd.url}/${status}`)), expected, status);
      }
      assert.deepEqual(await troubleOf(() => call(`${backEnd.url}/reset`)), OUTAGE, "reset");
      assert.deepEqual(await troubleOf(() => call(closed)), REFUSED, "refused");
      assert.deepEqual(
        await troubleOf(() => call(closed.replace("127.0.0.1", "localhost"))),
        REFUSED,
        "at all of its addresses",
      );
    });
  }

  test("a timeout may have been too late", async () => {
    const hang = `${backEnd.url}/hang`;
    assert.deepEqual(await troubleOf(() => fetch(hang, { signal: AbortSignal.timeout(1) })), OUTAGE);
    assert.deepEqual(await troubleOf(() => axios.get(hang, { timeout: 1 })), OUTAGE);
    assert.deepEqual(await troubleOf(() => axios.get(hang, { timeout: 1, adapter: "fetch" })), OUTAGE);
    const options = { apiKey: "key", baseURL: hang, maxRetries: 0, timeout: 1 };
    assert.deepEqual(await troubleOf(() => new OpenAI(options).models.list()), OUTAGE);
    assert.deepEqual(await troubleOf(() => new Anthropic(options).models.list()), OUTAGE);
  });

  test("what the caller aborted says nothing", async () => {
    assert.deepEqual(await troubleOf(() => fetch(backEnd.url, { signal: AbortSignal.abort() })), NOTHING);
    assert.deepEqual(await troubleOf(() => axios.get(backEnd.url, { signal: AbortSignal.abort() })), NOTHING);
  });

  test("a request that the client has repeated may have been carried out the first time", async () => {
    const before = backEnd.requests;
    const repeatedly = () => undici.request(`${backEnd.url}/429`, { ...post, dispatcher: repeating });
    const { nothingHappened, overloaded } = await troubleOf(repeatedly);
    assert.deepEqual([nothingHappened, overloaded], [false, true]);
    assert.ok(backEnd.requests > before + 1);
  });
});

async function troubleOf(call: () => Promise<unknown>): Promise<Trouble> {
  return readTrouble(
    await call().then(
      () => assert.fail("it did not fail"),
      (thrown: unknown) => thrown,
    ),
  );
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { toolError } from "../../src/index.ts";
import { readTrouble } from "../../src/core/trouble.ts";

/** What an error says, in short: `r`etryable, `n`othing happened, `o`verloaded, outage `x`, and when to try again. */
function brief(thrown: unknown, nowEpochMs?: number): string {
  const { retryable, nothingHappened, overloaded, outage, retryAfterMs } = readTrouble(thrown, nowEpochMs);
  const letters = `${retryable ? "r" : ""}${nothingHappened ? "n" : ""}${overloaded ? "o" : ""}${outage ? "x" : ""}`;
  return retryAfterMs === undefined ? letters : `${letters} ${retryAfterMs}`;
}

const error = (fields: object, cause?: unknown) => Object.assign(new Error("it failed", { cause }), fields);
const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });
const refused = (port: number) => error({ code: "ECONNREFUSED", syscall: "connect", port });

describe("what a status says", () => {
  const cases: readonly [number, string][] = [
    [200, ""],
    [304, ""],
    [400, ""],
    [401, ""],
    [403, ""],
    [404, ""],
    [408, "rx"],
    [409, ""],
    [422, ""],
    [425, "rn"],
    [429, "rno"],
    [500, "rx"],
    [501, ""],
    [502, "rx"],
    [503, "rox"],
    [504, "rx"],
    [505, ""],
    [529, "rox"],
    [600, ""],
  ];
  for (const [status, expected] of cases) {
    test(`${status}: ${expected || "nothing"}`, () => {
      assert.equal(brief({ status }), expected);
      assert.equal(brief(error({ statusCode: status })), expected);
      assert.equal(brief(error({ response: { status } })), expected);
      assert.equal(brief(error({ response: { statusCode: status } })), expected);
      assert.equal(brief(error({}, error({ status }))), expected);
      if (status >= 200 && status !== 304) {
        assert.equal(brief(status < 600 ? new Response(null, { status }) : undefined), expected);
      }
    });
  }

  test("an exit code, a text or a fraction is no status", () => {
    for (const status of [1, 255, "429", 429.5, -429, NaN, [429], { valueOf: () => 429 }]) {
      assert.equal(brief({ status }), "");
    }
  });
});

describe("what a code says", () => {
  const cases: readonly [string, unknown, string][] = [
    ["a connection refused", refused(1), "rnx"],
    ["one that fetch was refused", fetchFailed(refused(1)), "rnx"],
    ["a host not found", fetchFailed(error({ code: "ENOTFOUND", syscall: "getaddrinfo" })), "rnx"],
    ["no answer of the name servers", error({ code: "EAI_AGAIN", syscall: "getaddrinfo" }), "rnx"],
    ["a connection that took too long", error({ code: "ETIMEDOUT", syscall: "connect" }), "rnx"],
    ["the same, in undici's words", fetchFailed(error({ code: "UND_ERR_CONNECT_TIMEOUT" })), "rnx"],
    ["a host that cannot be reached", error({ code: "EHOSTUNREACH", syscall: "connect" }), "rnx"],
    ["one that could be a moment ago", error({ code: "EHOSTUNREACH", syscall: "read" }), "rx"],
    ["a connection reset", error({ code: "ECONNRESET", syscall: "read" }), "rx"],
    ["a pipe that broke", error({ code: "EPIPE", syscall: "write" }), "rx"],
    ["a timeout of the socket", error({ code: "ETIMEDOUT", syscall: "read" }), "rx"],
    ["a timeout before the headers", fetchFailed(error({ code: "UND_ERR_HEADERS_TIMEOUT" })), "rx"],
    ["a socket that was closed", fetchFailed(error({ code: "UND_ERR_SOCKET" })), "rx"],
    ["a client's own code, with a cause that knows more", error({ code: "ERR_NETWORK" }, refused(1)), "rnx"],
    ["a client's own code alone", error({ code: "ERR_NETWORK" }), "rx"],
    ["an address that fetch will not take", fetchFailed(new Error("bad port")), ""],
    ["a file that is not there", error({ code: "ENOENT", syscall: "open" }), ""],
    ["a command that was not found", error({ code: "ENOENT", syscall: "spawn" }), ""],
    ["a TimeoutError", new DOMException("too late", "TimeoutError"), "rx"],
    ["an AbortError", new DOMException("stop", "AbortError"), ""],
    ["an AbortError because of a timeout", error({ name: "AbortError" }, { name: "TimeoutError" }), "rx"],
    ["an error", new Error("429 ECONNREFUSED"), ""],
    ["a text", "ECONNREFUSED", ""],
    ["nothing", undefined, ""],
  ];
  for (const [what, thrown, expected] of cases) test(what, () => assert.equal(brief(thrown), expected));

  test("gRPC's numbers count only beside what gRPC's errors have", () => {
    const metadata = new Map();
    const details = "as gRPC says";
    assert.equal(brief(error({ code: 4, details, metadata })), "rx");
    assert.equal(brief(error({ code: 8, details, metadata })), "ro");
    assert.equal(brief(error({ code: 14, details, metadata })), "rx");
    assert.equal(brief(error({ code: 14, details: [], metadata: new Headers() })), "rx");
    assert.equal(brief(error({ code: 5, details, metadata })), "");
    assert.equal(brief(error({ code: 14 })), "");
    assert.equal(brief(error({ code: 8, details })), "");
  });
});

describe("errors behind errors", () => {
  test("the nearest that says something is believed", () => {
    assert.equal(brief(error({ status: 404 }, error({ status: 429 }))), "");
    assert.equal(brief(error({ status: 500 }, refused(1))), "rx");
    assert.equal(brief(error({ status: 200, code: "ECONNRESET" })), "rx");
    assert.equal(brief(error({}, error({}, error({}, refused(1))))), "rnx");
  });

  test("errors that are gathered say what all of them say", () => {
    const aggregate = (...errors: unknown[]) => error({ errors });
    assert.equal(brief(aggregate(refused(1), refused(2))), "rnx");
    assert.equal(
      brief(fetchFailed(error({ code: "ECONNREFUSED", errors: [refused(1), refused(2)] }))),
      "rnx",
    );
    assert.equal(brief(aggregate(refused(1), error({ code: "ECONNRESET" }))), "rx");
    assert.equal(brief(aggregate({ status: 429 }, { status: 400 })), "o");
    assert.equal(brief(aggregate({ status: 429 }, "?")), "o");
    assert.equal(brief(error({ code: "ECONNREFUSED", errors: ["?"] })), "rnx");
    assert.equal(brief(aggregate()), "");
    const waits = ["1", "3"].map((seconds) => ({ status: 429, headers: { "retry-after": seconds } }));
    assert.equal(brief(aggregate(...waits)), "rno 3000");
  });

  test("chains without an end are walked for a while", () => {
    const round = error({});
    round.cause = round;
    assert.equal(brief(round), "");
    const many: unknown[] = [];
    many.push(error({ errors: many }), error({ errors: many }), refused(1));
    assert.equal(brief(error({ errors: many }, round)).includes("n"), false);
    assert.equal(brief({ errors: Array<Error>(1e6).fill(refused(1)) }), "x");
    const endless: object = new Proxy({}, { get: () => endless });
    assert.equal(brief(endless), "");
  });

  test("a request that its client has repeated may have been carried out before", () => {
    const once = { status: 429 };
    assert.equal(brief(error({ ...once, request: { retryCount: 0 } })), "rno");
    assert.equal(brief(error({ ...once, request: { retryCount: 1 } })), "ro");
    assert.equal(brief(error({ ...once, config: { "axios-retry": { retryCount: 2 } } })), "ro");
    assert.equal(brief(error({ ...once, config: { retryConfig: { currentRetryAttempt: 1 } } })), "ro");
    assert.equal(brief(error({ request: { retryCount: 1 } }, refused(1))), "rx");
    assert.equal(brief(error({ ...once, data: { count: 1 } })), "rno");
    assert.equal(brief(error({ ...once, data: { count: 2 } })), "ro");
  });
});

describe("when to try again", () => {
  const wait = (headers: unknown, nowEpochMs?: number) =>
    readTrouble({ status: 429, headers }, nowEpochMs).retryAfterMs;
  const NOW = Date.UTC(2026, 0, 5, 12);

  test("headers of any kind", () => {
    const kinds: readonly unknown[] = [
      { "retry-after": "2" },
      { "Retry-After": 2 },
      { "RETRY-AFTER": ["2", "9"] },
      new Headers({ "Retry-After": "2" }),
      new Map([["Retry-After", " 2 "]]),
      [["Retry-After", "2"]],
      ["Date", "?", "Retry-After", "2"],
      ["Retry-After", "2"].map((text) => Buffer.from(text)),
      new Map([["Retry-After", "2"]]).entries(),
    ];
    for (const headers of kinds) assert.equal(wait(headers), 2_000);
    assert.equal(
      brief({ response: { status: 429, headers: new Headers({ "Retry-After": "2" }) } }),
      "rno 2000",
    );
    assert.equal(brief(new Response(null, { status: 503, headers: { "Retry-After": "2" } })), "rox 2000");
  });

  test("seconds, milliseconds and dates", () => {
    const date = (text: string) => ({ "retry-after": text });
    assert.equal(wait(date("0")), 0);
    assert.equal(wait(date("1.5")), 1_500);
    assert.equal(wait({ "retry-after-ms": "250.5", "retry-after": "1" }), 250.5);
    assert.equal(wait({ "x-ms-retry-after-ms": "250" }), 250);
    assert.equal(wait({ "retry-after-ms": "soon", "retry-after": "1" }), 1_000);
    assert.equal(wait(date("Mon, 05 Jan 2026 12:00:07 GMT"), NOW), 7_000);
    assert.equal(wait(date("Monday, 05-Jan-26 12:00:07 GMT"), NOW), 7_000);
    assert.equal(wait(date("Mon Jan  5 12:00:07 2026"), NOW), 7_000);
  });

  test("a date needs another to be measured by: the server's, or the clock's", () => {
    const headers = { "retry-after": "Mon, 05 Jan 2026 12:00:07 GMT" };
    assert.equal(wait(headers), undefined);
    assert.equal(wait({ ...headers, date: "Mon, 05 Jan 2026 12:00:04 GMT" }), 3_000);
    assert.equal(wait({ ...headers, date: "Mon, 05 Jan 2026 12:00:04 GMT" }, NOW), 3_000);
    assert.equal(wait({ ...headers, date: "today" }, NOW), 7_000);
  });

  test("what cannot be meant is ignored", () => {
    const values = ["-1", "", "soon", "NaN", "Infinity", "1e3", "0x10", "1767614400", "2 s", "1;2"];
    const dates = ["Mon, 05 Jan 2026 11:59:59 GMT", "Mon, 05 Jan 2099 12:00:00 GMT", "Jan 5", "2026-01-05"];
    for (const value of [...values, ...dates])
      assert.equal(wait({ "retry-after": value }, NOW), undefined, value);
    for (const headers of [null, 1, "retry-after: 2", [], [["retry-after"]], ["retry-after"], () => "2"]) {
      assert.equal(wait(headers), undefined);
    }
  });

  test("who says when says that it might help", () => {
    assert.equal(brief({ status: 403, headers: { "retry-after": "60" } }), "r 60000");
    assert.equal(brief({ status: 413, headers: { "retry-after": "1" } }), "r 1000");
  });

  test("the server's own word on it counts", () => {
    const word = (status: number, value: string) => brief({ status, headers: { "x-should-retry": value } });
    assert.deepEqual([word(429, "false"), word(409, "true"), word(500, "perhaps")], ["no", "r", "rx"]);
  });
});

describe("what a tool says", () => {
  test("its words, and where it has none, those of the cause", () => {
    const message = "no";
    const limit = { status: 429, headers: { "retry-after": "2" } };
    assert.equal(brief(toolError({ message })), "");
    assert.equal(brief(toolError({ message, retryable: true, nothingHappened: true })), "rn");
    assert.equal(brief(toolError({ message, retryAfterMs: 5 })), "r 5");
    assert.equal(brief(toolError({ message, retryAfterMs: 5, retryable: false })), " 5");
    assert.equal(brief(toolError({ message, cause: limit })), "rno 2000");
    assert.equal(
      brief(toolError({ message, cause: limit, nothingHappened: false, retryAfterMs: 5 })),
      "ro 5",
    );
    assert.equal(brief(error({}, toolError({ message, nothingHappened: true }))), "n");
    for (const retryAfterMs of [NaN, -1, Infinity, 1e15]) {
      assert.equal(brief(toolError({ message, retryAfterMs })), "");
    }
  });

  test("an Error with all that was said", () => {
    const cause = new Error("why");
    const thrown = toolError({ message: "no", retryable: true, cause });
    assert.ok(thrown instanceof Error);
    assert.deepEqual([thrown.name, thrown.message, thrown.cause], ["ToolError", "no", cause]);
    assert.equal("cause" in toolError({ message: "no" }), false);
  });

  test("it is known by its fields where its class is another", () => {
    const options = { message: "no", retryable: true, nothingHappened: true, retryAfterMs: 5 };
    const fields: object = toolError(options);
    assert.equal(brief(structuredClone({ ...fields })), "rn 5");
    assert.equal(brief(JSON.parse(JSON.stringify(toolError(options)))), "rn 5");
    const code = `Object.assign(new Error("no"), { name: "ToolError", ...(${JSON.stringify(options)}) })`;
    assert.equal(brief(runInNewContext(code)), "rn 5");
    assert.equal(brief({ name: "ToolError", retryable: "yes", nothingHappened: 1, retryAfterMs: "5" }), "");
  });

  test("misuse is a TypeError that names the option", () => {
    const make = (options: unknown) => () => toolError(options as { message: string });
    assert.throws(make("no"), { name: "TypeError", message: /`toolError` must be an object, got "no"/ });
    assert.throws(make({}), { name: "TypeError", message: "`message` must be a string, got undefined" });
    assert.throws(make({ message: "no", retry: true }), /`toolError` has no option `retry`/);
    assert.throws(make({ message: "no", retryable: 1 }), /`retryable` must be true or false, got 1/);
    assert.throws(make({ message: "no", nothingHappened: "no" }), /`nothingHappened` must be true or false/);
    assert.throws(
      make({ message: "no", retryAfterMs: "5" }),
      /`retryAfterMs` must be a number of milliseconds/,
    );
  });
});

describe("G1: reading what was thrown never throws", () => {
  const KEYS = [
    "cause",
    "code",
    "config",
    "constructor",
    "data",
    "details",
    "errors",
    "headers",
    "metadata",
    "name",
  ];
  const MORE = [
    "nothingHappened",
    "request",
    "response",
    "retryable",
    "retryAfterMs",
    "status",
    "statusCode",
  ];
  const WORDS = ["ECONNREFUSED", "ETIMEDOUT", "ToolError", "TimeoutError", "retry-after", "date", "2"];
  const leaf = fc.oneof(
    fc.anything({ withMap: true, withSet: true, withNullPrototype: true, withDate: true, withBigInt: true }),
    fc.constantFrom<unknown>(...WORDS, 429, 503, 8, 14, true),
    fc.constantFrom(revoked, hostile),
  );
  const { thrown } = fc.letrec<{ thrown: unknown }>((tie) => ({
    thrown: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(fc.constantFrom(...KEYS, ...MORE, "retry-after"), tie("thrown")),
      fc.array(tie("thrown")),
    ),
  }));

  test("whatever it is", () => {
    fc.assert(
      fc.property(thrown, fc.option(fc.double(), { nil: undefined }), (anything, now) => {
        const { retryAfterMs, ...flags } = readTrouble(planted(anything), now);
        assert.ok(Object.values(flags).every((flag) => typeof flag === "boolean"));
        assert.ok(retryAfterMs === undefined || (retryAfterMs >= 0 && Number.isFinite(retryAfterMs)));
      }),
      { numRuns: 2_000 },
    );
  });

  test("revoked, hostile and without an end", () => {
    assert.equal(brief(revoked()), "");
    assert.equal(brief(hostile()), "");
    for (const key of [...KEYS, ...MORE]) {
      assert.equal(typeof brief({ status: 429, [key]: revoked() }), "string", key);
      assert.equal(typeof brief({ status: 429, [key]: hostile() }), "string", key);
    }
    assert.equal(brief({ status: 429, headers: revoked() }), "rno");
    assert.equal(brief({ status: 429, headers: { "retry-after": hostile() } }), "rno");
    const endless = {
      *[Symbol.iterator]() {
        for (;;) yield ["a", "b"];
      },
    };
    assert.equal(brief({ status: 429, headers: endless }), "rno");
  });

  /** fast-check itself cannot hold what is hostile: it holds who makes it. */
  function planted(value: unknown): unknown {
    if (value === revoked) return revoked();
    if (value === hostile) return hostile();
    if (Array.isArray(value)) return value.map(planted);
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, planted(inner)]));
  }

  function revoked(): object {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  function hostile(): object {
    const refuse = () => {
      throw new Error("no");
    };
    return new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse });
  }
});

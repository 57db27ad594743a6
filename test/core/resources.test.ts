import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { covers, formatPath, overlaps, parseResource } from "../../src/core/resource.ts";
import { resource } from "../../src/index.ts";
import { brief, errorOf, Stage } from "../support/stage.ts";

test("a string is split on `/`; empty and `.` segments are dropped, `..` goes up one (case 31)", () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    "customer/1234": ["customer", "1234"],
    "/customer//1234/": ["customer", "1234"],
    "./customer/./1234": ["customer", "1234"],
    "customer/x/../1234": ["customer", "1234"],
    "a/b/../../customer/1234": ["customer", "1234"],
    "...": ["..."],
    "a/ b": ["a", " b"],
    "a\\b": ["a\\b"],
  };
  for (const [text, path] of Object.entries(spellings)) assert.deepEqual(parseResource(text), path, text);
});

test("the root has many spellings", () => {
  for (const root of ["", "/", "//", ".", "./", "a/..", "a/b/../.."])
    assert.deepEqual(parseResource(root), [], root);
  assert.deepEqual(parseResource([]), []);
});

test("an array is taken segment by segment: a segment may hold a slash or be `..`", () => {
  assert.deepEqual(parseResource(["file", "/a/b.txt"]), ["file", "/a/b.txt"]);
  assert.deepEqual(parseResource(["a", "..", "."]), ["a", "..", "."]);
  assert.notDeepEqual(parseResource(["a/b"]), parseResource("a/b"));
});

test("an array is copied: what its owner does to it later changes no lock", () => {
  const segments = ["a", "b"];
  const path = parseResource(segments);
  segments.pop();
  assert.deepEqual(path, ["a", "b"]);
});

test("what is no path is refused, and the message says what came", () => {
  const wrong: ReadonlyArray<readonly [unknown, RegExp]> = [
    ["..", /the resource "\.\." leads out of the root/],
    ["a/../..", /leads out of the root/],
    [undefined, /must be a string or an array of strings, got undefined/],
    [null, /got null/],
    [7, /got 7/],
    [{}, /got \[object Object\]/],
    [["a", ""], /a segment of a resource must be a non-empty string, got ""/],
    [["a", 7], /got 7/],
    [["a", undefined], /got undefined/],
    [[["a"]], /must be a non-empty string/],
    // eslint-disable-next-line no-sparse-arrays
    [["a", , "b"], /got undefined/],
  ];
  for (const [resource, message] of wrong)
    assert.throws(() => parseResource(resource), { name: "TypeError", message });
});

test("`a` covers `a/b` and itself; `a/b` and `a/c` are apart, and so are `a` and `ab`", () => {
  const [a, ab, ac, other, root] = ["a", "a/b", "a/c", "ab", ""].map(parseResource) as string[][];
  assert.ok(a && ab && ac && other && root);
  assert.deepEqual(
    [overlaps(a, ab), overlaps(ab, a), overlaps(ab, ac), overlaps(a, other)],
    [true, true, false, false],
  );
  assert.deepEqual(
    [covers(a, ab), covers(ab, a), covers(a, a), covers(a, other)],
    [true, false, true, false],
  );
  for (const path of [a, ab, ac, other, root]) {
    assert.equal(overlaps(root, path), true);
    assert.equal(covers(root, path), true);
  }
});

test("a path is shown as it is written, and the root in words", () => {
  assert.equal(formatPath(["customer", "1234"]), "customer/1234");
  assert.equal(formatPath([]), "(everything)");
});

describe("resource`…`", () => {
  test("a template is the resource that its text says, each value one segment of it or a part of one", () => {
    const id = "1234";
    assert.deepEqual(resource`customer/${id}`, ["customer", "1234"]);
    assert.deepEqual(resource`customer/${id}/orders/${7}`, ["customer", "1234", "orders", "7"]);
    assert.deepEqual(resource`customer-${id}.v${2n}/x`, ["customer-1234.v2", "x"]);
    assert.deepEqual(resource`${"a"}${"b"}/${-0}`, ["ab", "0"]);
    assert.deepEqual(resource`customers`, ["customers"]);
    assert.deepEqual(resource``, []);
  });

  test("its text has the spellings of a string", () => {
    for (const spelling of [resource`/a//./${"b"}/`, resource`./a/${"b"}`, resource`a/${"b"}//`])
      assert.deepEqual(spelling, ["a", "b"]);
  });

  test("an ordinary value gives what a string with it gives", () => {
    const values = fc.stringMatching(/^[a-z0-9 _@:-][a-z0-9 ._@:-]*$/);
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.deepEqual(parseResource(resource`x/${a}/y/${b}`), parseResource(`x/${a}/y/${b}`));
      }),
    );
  });

  test("G3: no value leads out of its segment: not one with slashes, dots or braces", () => {
    for (const id of ["a/b", "/", "..", ".", "../other", "a/../../b", " ", "\0", "${id}"])
      assert.deepEqual(parseResource(resource`customer/${id}/plan`), ["customer", id, "plan"]);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        const [one, other] = [resource`customer/${a}`, resource`customer/${b}`].map(parseResource);
        assert.ok(one && other);
        assert.equal(one.length, 2);
        assert.equal(overlaps(one, other), a === b);
        assert.ok(!overlaps(parseResource(resource`order/${a}`), one));
      }),
    );
  });

  test("a value that is none is refused, and the message says where", () => {
    for (const [value, got] of [
      ["", '""'],
      [undefined, "undefined"],
      [null, "null"],
      [NaN, "NaN"],
      [Infinity, "Infinity"],
      [true, "true"],
      [["a"], "a"],
    ] as const) {
      assert.throws(() => resource`customer/${value as string}/plan`, {
        name: "TypeError",
        message:
          "a value in the resource `customer/${…}/plan` must be a non-empty string or a finite number, " +
          `got ${got}`,
      });
    }
    // Part of a segment: `order-` would be the resource of all orders whose id is missing.
    assert.throws(() => resource`order-${""}`, TypeError);
  });

  test("a `..` in the text is refused, and so is what is no template", () => {
    assert.throws(() => resource`a/${"b"}/../c`, /must not go up by "\.\."/);
    const call = resource as unknown as (...parts: unknown[]) => unknown;
    for (const parts of [["customer/1"], ["customer", "1"], [["customer"]], []])
      assert.throws(() => call(...parts), /`resource` is the tag of a template/);
    assert.throws(() => resource`C:\users`, /`resource` is the tag of a template/);
  });

  test("G3: an empty id from the model fails its call, which never runs", async () => {
    const stage = new Stage();
    const tool = stage.tool("odd", {
      effects: ({ id }) => ({ writes: [resource`customer/${id as string}`] }),
    });
    const outcomes = await stage.executor({ tools: [tool] }).run([{ name: "odd", input: { id: "" } }]);
    assert.deepEqual(brief(outcomes), ["invalid-effects"]);
    assert.match(errorOf(outcomes[0]).message, /must be a non-empty string or a finite number, got ""/);
  });
});

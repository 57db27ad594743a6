import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, formatPath, overlaps, parseResource } from "../../src/core/resource.ts";

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

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { after, test } from "node:test";
import { fileResource, type FileResourceOptions } from "../../src/files.ts";
import { Stage } from "../support/stage.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "tutti-files-")));
after(() => rmSync(root, { recursive: true, force: true }));

mkdirSync(join(root, "project/src"), { recursive: true });
mkdirSync(join(root, "elsewhere/deep"), { recursive: true });
writeFileSync(join(root, "project/src/a.txt"), "a");
symlinkSync(join(root, "project"), join(root, "link"));
symlinkSync("a.txt", join(root, "project/src/alias.txt"));
symlinkSync("not-yet.txt", join(root, "project/src/dangling.txt"));
symlinkSync(join(root, "elsewhere/deep"), join(root, "project/deep"));
symlinkSync("loop", join(root, "loop"));

/** The resource of this path of the test's folder, in its plainest form. */
function plain(path: string): readonly string[] {
  return ["file", ...join(root, path).split(sep).filter(Boolean)];
}

const project: FileResourceOptions = { cwd: join(root, "project"), ignoreCase: false };
const following: FileResourceOptions = { ...project, followSymlinks: true };

test("every spelling of a path is one resource: relative, absolute, with dots, doubled or trailing slashes", () => {
  const spellings = [
    "src/a.txt",
    "./src/a.txt",
    "src//a.txt",
    "src/./a.txt",
    "src/x/../a.txt",
    "../project/src/a.txt",
  ];
  for (const path of [
    ...spellings,
    join(root, "project/src/a.txt"),
    `${root}/project//src/../src/a.txt`,
    "src/a.txt/",
  ])
    assert.deepEqual(fileResource(path, project), plain("project/src/a.txt"), path);
});

test("without `cwd` a path starts from the working directory, and a relative `cwd` does too", () => {
  assert.deepEqual(fileResource("a"), fileResource("a", { cwd: process.cwd() }));
  assert.deepEqual(fileResource("a", { cwd: "b" }), fileResource("b/a"));
  assert.deepEqual(fileResource(""), fileResource("."));
});

test("the root of the file system is the root of all files", () => {
  assert.deepEqual(fileResource("/"), ["file"]);
  assert.deepEqual(fileResource("/../.."), ["file"]);
});

test("a symbolic link is a file of its own, unless links are followed (case 31)", () => {
  assert.deepEqual(fileResource("src/alias.txt", project), plain("project/src/alias.txt"));
  assert.deepEqual(fileResource("src/alias.txt", following), plain("project/src/a.txt"));
  assert.deepEqual(fileResource(join(root, "link/src/a.txt"), following), plain("project/src/a.txt"));
});

test("of a file that is not there yet, the deepest folder that is there counts", () => {
  const path = join(root, "link/src/new/folder/b.txt");
  assert.deepEqual(fileResource(path, following), plain("project/src/new/folder/b.txt"));
  assert.deepEqual(fileResource("nowhere/../src/b.txt", following), plain("project/src/b.txt"));
  assert.deepEqual(fileResource(`${sep}no${sep}such${sep}place`, following), ["file", "no", "such", "place"]);
});

test("a link that leads nowhere yet is the file that a write through it makes", () => {
  assert.deepEqual(fileResource("src/dangling.txt", following), plain("project/src/not-yet.txt"));
  assert.deepEqual(fileResource("src/dangling.txt/below", following), plain("project/src/not-yet.txt/below"));
});

test("`..` behind a link leads where the system goes", () => {
  assert.deepEqual(fileResource("deep/../b.txt", following), plain("elsewhere/b.txt"));
  assert.deepEqual(fileResource("deep/../b.txt", project), plain("project/b.txt"));
});

test("a link to itself, or a path of odd characters, is still a resource", () => {
  assert.deepEqual(fileResource(join(root, "loop/a"), following), plain("loop/a"));
  assert.deepEqual(fileResource("a\0b", following), plain("project/a\0b"));
  assert.throws(() => fileResource(undefined as unknown as string), TypeError);
});

test("case and Unicode form are kept as they are written where the file system tells them apart", () => {
  const names = ["A.txt", "a.txt", "\u00e9", "e\u0301", "stra\u00dfe", "STRASSE"];
  const resources = names.map((name) => fileResource(name, project));
  assert.deepEqual(
    resources,
    names.map((name) => plain(`project/${name}`)),
  );
});

test("with `ignoreCase` spellings that differ in case or in Unicode form are one file", () => {
  const ignoring = { ...project, ignoreCase: true };
  for (const [a, b] of [
    ["src/A.txt", "SRC/a.TXT"],
    ["\u00e9", "E\u0301"],
    ["stra\u00dfe", "STRASSE"],
    ["\u1e9e", "ss"],
    ["\u039f\u03a3", "\u03bf\u03c3"],
  ] as const)
    assert.deepEqual(fileResource(a, ignoring), fileResource(b, ignoring), `${a} and ${b}`);
  assert.deepEqual(fileResource("src/A.txt", ignoring), fileResource("./src/x/../a.TXT", ignoring));
  assert.notDeepEqual(fileResource("a", ignoring), fileResource("b", ignoring));
  const link = fileResource("src/alias.txt", { ...following, ignoreCase: true });
  assert.deepEqual(link.at(-1), "a.txt");
});

test("with `ignoreCase` no character escapes by its case or form", () => {
  const fold = (name: string) => fileResource(name, { cwd: "/", ignoreCase: true });
  const escaping: string[] = [];
  // Beyond these, no character has case or forms.
  for (let code = 1; code < 0x30000; code++) {
    if (code === 0x2f || (code >= 0xd800 && code < 0xe000)) continue;
    const name = `a${String.fromCodePoint(code)}b`;
    const forms = [name.toLowerCase(), name.toUpperCase(), name.normalize("NFC"), name.normalize("NFD")];
    const others = new Set(forms.filter((form) => form !== name));
    if (others.size === 0) continue;
    const folded = String(fold(name));
    for (const other of others) if (String(fold(other)) !== folded) escaping.push(name);
  }
  assert.deepEqual(escaping, []);
});

test("without `ignoreCase` the platform decides", () => {
  const isOne = String(fileResource("A", { cwd: root })) === String(fileResource("a", { cwd: root }));
  assert.equal(isOne, ["darwin", "win32"].includes(process.platform));
});

test("a `~` and the `file:` of a URL are names, as they are to the file system", () => {
  assert.deepEqual(fileResource("~/a", project), plain("project/~/a"));
  assert.deepEqual(fileResource("file:///a", project), plain("project/file:/a"));
  if (sep === "/") assert.deepEqual(fileResource("a\\b", project), plain("project/a\\b"));
});

test("G3: edits of one file under four spellings run one by one; one of another file overlaps (case 31, case 32)", async () => {
  const stage = new Stage();
  const edit = stage.tool("edit", {
    effects: ({ path }) => ({ writes: [fileResource(path as string, following)] }),
  });
  const paths = ["./src/a.txt", "src/a.txt", join(root, "project/src/a.txt"), "src/alias.txt"];
  const calls = [...paths, "src/b.txt"].map((path) => ({ name: "edit", input: { as: path, path } }));
  const running = stage.executor({ tools: [edit] }).run(calls);
  await stage.settle();
  assert.deepEqual(stage.started, [paths[0], "src/b.txt"]);
  for (const [i, path] of paths.entries()) {
    assert.equal(stage.started.filter((label) => label !== "src/b.txt").length, i + 1);
    await stage.finish(path);
  }
  await stage.finish("src/b.txt");
  assert.ok((await running).every(({ status }) => status === "ok"));
});

test("a path that is no string, and an option that there is not, are refused", () => {
  assert.throws(() => fileResource(undefined as never), {
    name: "TypeError",
    message: "the path of `fileResource` must be a string, got undefined",
  });
  assert.throws(() => fileResource("a", { ignorecase: true } as object), {
    message: "`fileResource` has no option `ignorecase`; it knows cwd, followSymlinks, ignoreCase",
  });
});

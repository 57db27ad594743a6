/** Which calls only read: by the names of tools, and for shells by the command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isReadOnlyCommand } from "../../src/analyze/shell-command.ts";
import { createKindOf } from "../../src/analyze/tool-kind.ts";

const kindOf = createKindOf({});
const kind = (name: string, input: unknown = {}) =>
  kindOf({ id: "", name, input, result: "", images: 0, isError: false });

test("names that begin with a verb of reading read", () => {
  for (const name of [
    "Read",
    "read_file",
    "get_order",
    "listCommits",
    "web_search",
    "WebFetch",
    "Grep",
    "Glob",
  ]) {
    assert.equal(kind(name), "read", name);
  }
  for (const name of [
    "mcp__github__get_commit",
    "mcp__write_server__search_code",
    "view",
    "lookup-customer",
  ]) {
    assert.equal(kind(name), "read", name);
  }
});

test("what only computes reads", () => {
  const names = [
    "calculate_area",
    "compute_route",
    "calculator",
    "translate",
    "geocode",
    "wikipedia",
    "convert_currency",
    "convertUnits",
  ];
  for (const name of names) assert.equal(kind(name), "read", name);
  const others = [
    "convert_file",
    "exchange_currency",
    "sell_units",
    "define_policy",
    "ping_user",
    "preview_deploy",
  ];
  for (const name of others) assert.equal(kind(name), "write", name);
});

test("names that write anywhere, and names that say nothing, may write", () => {
  const names = [
    "Write",
    "Edit",
    "MultiEdit",
    "apply_patch",
    "search_replace",
    "get_or_create",
    "find_and_replace",
  ];
  for (const name of [
    ...names,
    "send_mail",
    "run_query",
    "Task",
    "frobnicate",
    "browser_click",
    "write_stdin",
    "",
  ]) {
    assert.equal(kind(name), "write", name);
  }
});

test("statements, methods and the editor's commands are looked at", () => {
  assert.equal(kind("query", { sql: "SELECT * FROM orders" }), "read");
  assert.equal(kind("query", { sql: "delete from orders" }), "write");
  assert.equal(kind("query", { sql: "with x as (select 1) update orders set a = 1" }), "write");
  assert.equal(kind("fetch", { url: "https://a.example", method: "GET" }), "read");
  assert.equal(kind("fetch", { url: "https://a.example", method: "POST" }), "write");
  assert.equal(kind("str_replace_based_edit_tool", { command: "view", path: "a" }), "read");
  assert.equal(kind("str_replace_based_edit_tool", { command: "create", path: "a" }), "write");
  assert.equal(kind("shell", { command: ["bash", "-lc", "ls -la | head"] }), "read");
  assert.equal(kind("shell", { command: ["ls", "-la"] }), "read");
  assert.equal(kind("shell", { command: ["rm", "-r", "."] }), "write");
});

test("commands that plainly only read", () => {
  const commands = [
    "ls -la",
    "cat a.txt | head -n 5",
    'grep -rn "foo\\|bar" src 2>/dev/null | wc -l',
    "rg --files -g 'AGENTS.md'",
    "sed -n '1,40p' src/a.ts",
    "git -C /repo diff --stat && git log -5; pwd",
    "find . -name '*.ts' \\( -path ./a -o -path ./b \\)",
    "ls 2>&1 || echo none",
  ];
  for (const command of commands) assert.ok(isReadOnlyCommand(command), command);
});

test("commands that may do anything else", () => {
  const commands = [
    "",
    "cat a > b",
    "cat <<EOF\nx\nEOF",
    "echo x >> log",
    "ls && rm a",
    "ls; npm install",
    "ls & sleep 1",
    "cat $(make-name)",
    'cat "`whoami`"',
    "cat `name`",
    "find . -delete",
    "find . -exec rm {} +",
    "sed -i s/a/b/ c",
    "sed -n 'w out' a",
    "sed -n '1p' -i a",
    "sort -o a a",
    "git checkout main",
    "git diff --output=a",
    "git -c core.pager=x log",
    "rg --pre ./run x",
    "cd src",
    "FOO=1 ls",
    "xargs rm",
    "python3 a.py",
    "(ls)",
    "env rm a",
    "uniq a b",
    "tree -o a",
    "cat 'a",
    "git branch new",
    "awk '{system(\"x\")}' a",
    "date -s now",
  ];
  for (const command of commands) assert.ok(!isReadOnlyCommand(command), command);
});

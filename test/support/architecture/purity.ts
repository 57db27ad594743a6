/** What the core, and limits, may not know: the platform, the time of day, chance, packages, providers. */
import { isBuiltin } from "node:module";
import type { Node } from "oxc-parser";
import { lineFindings, type Finding, type Project, type Rule } from "./project.ts";
import { walk, type SourceFile } from "./source-file.ts";

/** Packages that run wherever the core does. */
const CORE_PACKAGES = ["@cfworker/json-schema"];

const PLATFORM = new Set(["process", "Buffer", "require", "global", "__dirname", "__filename", "crypto"]);
const TIME = new Set([
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
]);
const MEMBERS = new Set(["Date.now", "Math.random"]);

/** Imports of the core. */
export const coreImports: Rule = {
  title: `core and limits import no Node built-in, and no package but ${CORE_PACKAGES.join(", ")}`,
  check: (project) =>
    pure(project).flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, target }) => target === undefined && !CORE_PACKAGES.includes(specifier))
        .map(({ specifier, line }) => {
          const kind = isBuiltin(specifier) ? "a Node built-in" : "a package that core may not know";
          return { path, line, message: `imports ${specifier}, ${kind}` };
        }),
    ),
};

/** Globals of the core. */
export const coreGlobals: Rule = {
  title: "core and limits read no clock but Clock, and neither chance nor the platform",
  check: (project) => pure(project).flatMap(impureReferences),
};

/** Words of the core. */
export const coreWords: Rule = {
  title: "core and limits name no provider, not even in a comment",
  check: (project) =>
    lineFindings(
      pure(project).map(({ path, text }) => [path, text] as const),
      /anthropic|openai|gemini|claude|\bgpt/i,
      (name) => `names a provider: ${name}`,
    ),
};

function pure({ src }: Project): SourceFile[] {
  return src.filter(({ path }) => /^src\/(?:core|limits)\//.test(path));
}

function impureReferences({ path, program, lineOf }: SourceFile): Finding[] {
  const ownsTime = path === "src/core/clock.ts";
  const findings: Finding[] = [];
  walk(program, (node, parent) => {
    const name = globalName(node, parent);
    if (name === undefined || (ownsTime && !PLATFORM.has(name))) return;
    findings.push({ path, line: lineOf(node.start), message: `${name} is not for core or limits` });
  });
  return findings;
}

/** The impure global that a node refers to. */
function globalName(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === "Identifier") {
    const impure = PLATFORM.has(node.name) || TIME.has(node.name);
    return impure && !isOwnName(node, parent) ? node.name : undefined;
  }
  if (node.type === "MemberExpression" && node.object.type === "Identifier") {
    const property = propertyName(node);
    if (property === undefined) return undefined;
    const { name } = node.object;
    if (name === "globalThis" && (PLATFORM.has(property) || TIME.has(property))) return property;
    return MEMBERS.has(`${name}.${property}`) ? `${name}.${property}` : undefined;
  }
  if (node.type === "NewExpression" || node.type === "CallExpression") {
    const now =
      node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0;
    return now ? "the present Date" : undefined;
  }
  return undefined;
}

function propertyName(node: Extract<Node, { type: "MemberExpression" }>): string | undefined {
  if (node.property.type === "Identifier" && !node.computed) return node.property.name;
  return node.property.type === "Literal" ? String(node.property.value) : undefined;
}

/** Whether an identifier names a member of something, and so no global. */
function isOwnName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || ("computed" in parent && parent.computed)) return false;
  if (parent.type === "MemberExpression") return parent.property === node;
  return "key" in parent && parent.key === node;
}

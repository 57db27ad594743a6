/**
 * Resource paths: what calls can conflict over.
 *
 * `a` covers `a/b`; `a/b` and `a/c` are apart; the empty path is the root and covers everything.
 */

/** A resource, named by a path. A string is split on `/`; an array is taken segment by segment, so one may hold a slash. */
export type Resource = string | readonly string[];

/** A parsed resource: its segments. */
export type Path = readonly string[];

/**
 * Parses a resource. In a string, empty and `.` segments are dropped and `..` goes up one, so that two spellings of one
 * path are one resource. An array is taken as it is.
 *
 * @throws TypeError for anything that is not a path, or a `..` that leads out of the root
 */
export function parseResource(resource: unknown): Path {
  if (typeof resource === "string") return parseString(resource);
  if (!Array.isArray(resource)) {
    throw new TypeError(`a resource must be a string or an array of strings, got ${show(resource)}`);
  }
  for (const segment of resource as unknown[]) {
    if (typeof segment !== "string" || segment === "") {
      throw new TypeError(`a segment of a resource must be a non-empty string, got ${show(segment)}`);
    }
  }
  // A copy: what the tool does to its input later must not move its locks.
  return [...(resource as Path)];
}

/**
 * The resource of a template: resource`customer/${id}/orders`. The text is split on `/` as a string is; a value never is, so
 * an id that a model made up (`a/b`, `..`) leads to no other resource.
 *
 * @throws TypeError for a value that is empty, or neither a string nor a number, and for a `..` in the text
 */
export function resource(
  template: TemplateStringsArray,
  ...values: readonly (string | number | bigint)[]
): Resource {
  if (!isTemplate(template)) {
    throw new TypeError("`resource` is the tag of a template, as in resource`customer/${id}`");
  }
  const path: string[] = [];
  let segment = "";
  let hasValue = false;
  const end = () => {
    if (!hasValue && segment === "..") throw new TypeError(`a template of a resource must not go up by ".."`);
    if (hasValue || (segment !== "" && segment !== ".")) path.push(segment);
    segment = "";
    hasValue = false;
  };
  for (const [i, text] of template.entries()) {
    for (const [at, part] of text.split("/").entries()) {
      if (at > 0) end();
      segment += part;
    }
    if (i === values.length) continue;
    segment += valueText(values[i], template);
    hasValue = true;
  }
  end();
  return path;
}

/** Whether one of the two covers the other. */
export function overlaps(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether `outer` is `inner` or an ancestor of it. */
export function covers(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && overlaps(outer, inner);
}

/** The root, for people. */
export const EVERYTHING = "(everything)";

/** A path for people: `customer/1234`, or `(everything)` for the root. */
export function formatPath(path: Path): string {
  return path.length === 0 ? EVERYTHING : path.join("/");
}

function parseString(text: string): Path {
  const path: string[] = [];
  for (const segment of text.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") path.push(segment);
    else if (path.pop() === undefined)
      throw new TypeError(`the resource ${show(text)} leads out of the root`);
  }
  return path;
}

/** Not by `raw` alone: a text that is no valid escape is undefined in a tagged template. */
function isTemplate(template: unknown): template is TemplateStringsArray {
  return Array.isArray(template) && "raw" in template && template.every((text) => typeof text === "string");
}

function valueText(value: unknown, { raw }: TemplateStringsArray): string {
  const isNumber = typeof value === "bigint" || Number.isFinite(value);
  if (isNumber || (typeof value === "string" && value !== "")) return String(value);
  throw new TypeError(
    `a value in the resource \`${raw.join("${…}")}\` must be a non-empty string or a finite number, got ${show(value)}`,
  );
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** JSONPaths to one value, as RFC 9535 writes them: `$.foo['a b'][0]`. https://www.rfc-editor.org/rfc/rfc9535 */

/** The name of a field, or the place in a list. */
export type Key = string | number;

const SEGMENT = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/gy;

/** The keys on the way to a value; undefined for what is no path to one. */
export function parseJsonPath(path: string): Key[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const keys: Key[] = [];
  let end = 1;
  for (const match of path.slice(1).matchAll(SEGMENT)) {
    const [segment, name, index, single, double] = match;
    end += segment.length;
    keys.push(name ?? (index === undefined ? unescape(single ?? double ?? "") : Number(index)));
  }
  return end === path.length ? keys : undefined;
}

/** The escapes are those of JSON, and `\'`. */
function unescape(quoted: string): string {
  const json = quoted.replace(/\\.|"/g, (found) => (found === "\\'" ? "'" : found === '"' ? '\\"' : found));
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return quoted;
  }
}

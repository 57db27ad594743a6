/** The versions of what took part. */
import { readFile } from "node:fs/promises";
import { CONTESTANTS } from "./contestants.ts";

/** A package and its version each, in alphabetical order; Tutti is this repository's. */
export async function versions(): Promise<string[]> {
  const names = new Set(CONTESTANTS.flatMap(({ packages }) => packages));
  const all = [...names].sort().map(async (name) => {
    const place = name === "tutti" ? "../../package.json" : `node_modules/${name}/package.json`;
    const { version } = JSON.parse(await readFile(new URL(place, import.meta.url), "utf8")) as {
      version: string;
    };
    return `${name} ${version}`;
  });
  return Promise.all(all);
}

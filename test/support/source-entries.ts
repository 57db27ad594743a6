/** Lets a program import `tutti` and its sub-paths as a user would, and get the sources: `node --import` this. */
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const entry = /^tutti(?:\/(.+))?$/.exec(specifier);
    if (entry === null) return next(specifier, context);
    const file = entry[1] === "simulator" ? "simulator/simulator" : (entry[1] ?? "index");
    return next(new URL(`../../src/${file}.ts`, import.meta.url).href, context);
  },
});

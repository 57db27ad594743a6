/**
 * The engine as it would be if it told of nothing: the same sources, loaded once more, with every place taken out at which an event is
 * made, or is asked whether anybody hears. What is measured beside it is what traces cost while they are off.
 */
import type * as Tutti from "../src/index.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const MARK = "?without-events";

/** What is taken out of `src/core`, and where. */
const CUTS: readonly (readonly [file: string, ...cuts: (readonly [from: RegExp, to: string])[]])[] = [
  ["scheduler.ts", [/this\.events\.heard\(listener\)/g, "false"]],
  [
    "open-batch.ts",
    [/scheduler\.events\.heard\(listener\)/g, "false"],
    [/this\.#scheduler\.events\.emit\(/g, "if (false) this.#scheduler.events.emit("],
  ],
  ["runner.ts", [/events\.isSurrounded/g, "false"]],
];

/** `createExecutor` of an engine without events. */
export async function loadWithoutEvents(): Promise<typeof Tutti> {
  let cut = 0;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      const isInside = context.parentURL?.endsWith(MARK) === true && found.url.includes("/src/");
      return isInside ? { ...found, url: found.url + MARK } : found;
    },
    load: (url, context, next) => {
      const cuts = CUTS.find(([file]) => url.endsWith(`/src/core/${file}${MARK}`));
      if (cuts === undefined) return next(url, context);
      const [, ...replacements] = cuts;
      let source = readFileSync(fileURLToPath(url.slice(0, -MARK.length)), "utf8");
      for (const [from, to] of replacements) {
        cut += source.match(from)?.length ?? 0;
        source = source.replace(from, to);
      }
      return { format: "module", source: stripTypeScriptTypes(source), shortCircuit: true };
    },
  });
  try {
    const loaded = (await import(`../src/index.ts${MARK}`)) as typeof Tutti;
    assert.ok(cut >= 8, `only ${cut} places that tell of events were found: the engine has changed`);
    return loaded;
  } finally {
    hooks.deregister();
  }
}

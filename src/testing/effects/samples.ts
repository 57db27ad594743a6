/** Samples of calls: inputs that their tools accept, with what the tools declare for them. */
import { resolveEffects, type ResolvedEffects } from "../../core/effects.ts";
import { isObject } from "../../core/is-object.ts";
import { show } from "../../core/options.ts";
import type { Tool } from "../../core/tool.ts";
import { shorten, textOf } from "./comparable.ts";

/** Inputs to call the tools with: a list for the only tool, or lists by the tools' names. */
export type EffectsSamples = readonly unknown[] | { readonly [tool: string]: readonly unknown[] };

/** A call to be tried. */
export interface Sample {
  readonly name: string;
  readonly input: unknown;
  readonly effects: ResolvedEffects;
}

/**
 * The samples, in the order of the tools; what is there twice is one.
 *
 * @throws TypeError that names the sample, or the tool without samples
 */
export async function resolveSamples(
  tools: readonly Tool[],
  samples: EffectsSamples,
): Promise<readonly Sample[]> {
  const byText = new Map<string, Sample>();
  for (const { tool, inputs } of inputsByTool(tools, samples)) {
    for (const input of inputs) {
      const sample = { name: tool.name, input, effects: await effectsFor(tool, input) };
      byText.set(`${tool.name} ${textOf(input, (what) => what)}`, sample);
    }
  }
  if (byText.size === 0) throw new TypeError("`samples` must hold an input for one of the tools at least");
  return [...byText.values()];
}

/** A call in words, short: `transfer {"from":"a"}`. */
export function sampleText({ name, input }: Pick<Sample, "name" | "input">): string {
  return shorten(`${name} ${JSON.stringify(input)}`);
}

function inputsByTool(
  tools: readonly Tool[],
  samples: EffectsSamples,
): readonly { readonly tool: Tool; readonly inputs: readonly unknown[] }[] {
  const [only, ...others] = tools;
  if (Array.isArray(samples)) {
    if (only !== undefined && others.length === 0) return [{ tool: only, inputs: samples }];
    throw new TypeError("`samples` must be lists by the names of the tools, as there is not just one tool");
  }
  if (!isObject(samples))
    throw new TypeError(`\`samples\` must be an array or an object, got ${show(samples)}`);
  const unknown = Object.keys(samples).find((name) => !tools.some((tool) => tool.name === name));
  if (unknown !== undefined)
    throw new TypeError(`\`samples\` has inputs for \`${unknown}\`, and there is no such tool`);
  return tools.map((tool) => {
    const inputs = samples[tool.name];
    // A tool that is forgotten must not look as if it had been checked.
    if (Array.isArray(inputs)) return { tool, inputs };
    throw new TypeError(
      `\`samples\` must have a list of inputs for \`${tool.name}\`, be it empty, got ${show(inputs)}`,
    );
  });
}

async function effectsFor(tool: Tool, input: unknown): Promise<ResolvedEffects> {
  const sample = sampleText({ name: tool.name, input });
  // Its own effects are none, so it would look as if its calls had been checked.
  if (tool.wraps !== undefined)
    throw new TypeError(`the sample ${sample} is a list of calls: give samples of the tools that it calls`);
  const checked = await tool.checkInput(structuredClone(input));
  if (!checked.ok) throw new TypeError(`the sample ${sample} is no valid input: ${checked.message}`);
  try {
    return resolveEffects(tool.effects, checked.value as never);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`the effects of the sample ${sample} are unknown: ${message}`, { cause });
  }
}

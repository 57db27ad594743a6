/**
 * What a model can do, looked up in the table.
 *
 * A model that no row is about gets what is safe anywhere: nothing is sent that only some servers take, and nothing is
 * relied on.
 */
import { CAPABILITIES, type Capabilities } from "./capability-table.ts";

const UNKNOWN: Capabilities = {
  parallelCalls: "unknown",
  parallelSwitch: undefined,
  parallelDefault: "auto",
  switchHeeded: "unknown",
  strict: "unknown",
  quirks: [],
  sources: [],
};

/**
 * What is known of a provider's model. The provider is `anthropic`, `gemini`, or the name of a server of Chat Completions;
 * the model is called as in requests.
 */
export function capabilitiesOf(provider: string, model: string): Capabilities {
  let known = UNKNOWN;
  for (const { providers, models, quirk, source, ...facts } of CAPABILITIES) {
    if (!providers.includes(provider) || models?.test(model) === false) continue;
    known = {
      ...known,
      ...facts,
      quirks: quirk === undefined ? known.quirks : [...known.quirks, quirk],
      sources: known.sources.some(({ url }) => url === source.url)
        ? known.sources
        : [...known.sources, source],
    };
  }
  return known;
}

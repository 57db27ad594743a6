/**
 * `tutti/testing`: for tests of tools and of loops: time that is told to pass, promises that are settled by hand, a model, a
 * check of declared effects.
 */
export { deferred, type Deferred } from "./testing/deferred.ts";
export {
  checkEffects,
  type CheckedTools,
  type CheckEffectsOptions,
  type MakeState,
} from "./testing/effects/check-effects.ts";
export type { EffectsFinding, EffectsReport } from "./testing/effects/effects-report.ts";
export type { EffectsSamples } from "./testing/effects/samples.ts";
export { scriptedModel } from "./testing/scripted-model.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";

/** `tutti/testing`: for tests of tools and of loops: time that is told to pass, promises that are settled by hand, a model. */
export { deferred, type Deferred } from "./testing/deferred.ts";
export { scriptedModel } from "./testing/scripted-model.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";

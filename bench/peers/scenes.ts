/** All scenes, in the order of the page. */
import type { Scene } from "./findings.ts";
import { faults } from "./faults.ts";
import { limitedBackEnd } from "./limited.ts";
import { overhead } from "./overhead.ts";
import { dependentPair, heavyTailed, streamed, threeReads } from "./turns.ts";

export const SCENES: readonly Scene[] = [
  threeReads,
  heavyTailed,
  streamed,
  dependentPair,
  limitedBackEnd,
  faults,
  overhead,
];

/** All that the parts of the page share. */
import type { ReadonlySignal } from "@preact/signals";
import type { Axis } from "./axis.ts";
import type { Counterparts } from "./counterparts.ts";
import type { OpenedTrace } from "./opened-trace.ts";
import type { SchemeState } from "./scheme.ts";
import type { View } from "./view.ts";

/** The page. */
export interface Page {
  /** One, or two that are compared. */
  readonly traces: readonly OpenedTrace[];
  /** Which row of the one is which of the other. */
  readonly counterparts: ReadonlySignal<Counterparts>;
  readonly view: View;
  readonly axis: Axis;
  readonly scheme: SchemeState;
}

/** All that the parts of the page share. */
import type { Axis } from "./axis.ts";
import type { OpenedTrace } from "./opened-trace.ts";
import type { SchemeState } from "./scheme.ts";
import type { View } from "./view.ts";

/** The page. */
export interface Page {
  /** One, or two that are compared. */
  readonly traces: readonly OpenedTrace[];
  readonly view: View;
  readonly axis: Axis;
  readonly scheme: SchemeState;
}

/** A link to a row of the same trace. */
import type { ComponentChildren } from "preact";
import { placeIn, type OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { linkTo } from "../state/view-link.ts";
import { revealRow } from "../state/view.ts";

/** Where it leads. */
export interface RowLinkOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly row: string;
  readonly children: ComponentChildren;
}

/** Opens the row; held with Ctrl, in a tab of its own. */
export function RowLink({ page, opened, row, children }: RowLinkOptions) {
  const choice = { trace: opened.index, row };
  return (
    <a
      href={linkTo(choice)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        revealRow(page.view, choice, placeIn(opened, row));
      }}
    >
      {children}
    </a>
  );
}

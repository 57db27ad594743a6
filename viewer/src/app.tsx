/** The page: numbers, what can be set, the traces, and the side panel. */
import { FigureBar } from "./header/figure-bar.tsx";
import { Help } from "./header/help.tsx";
import { Legend } from "./header/legend.tsx";
import { StatusLine } from "./header/status-line.tsx";
import { Toolbar } from "./header/toolbar.tsx";
import { LimitStrip } from "./limits/limit-strip.tsx";
import { SidePanel } from "./panel/side-panel.tsx";
import type { Page } from "./state/page.ts";
import { CallTable } from "./table/call-table.tsx";
import { Waterfall } from "./waterfall/waterfall.tsx";

/** Shows the page. */
export function App({ page }: { readonly page: Page }) {
  const { traces, view } = page;
  const isOpen = view.opened.value !== undefined;
  return (
    <div class={`page${isOpen ? " has-panel" : ""}`}>
      <header class="top">
        <StatusLine traces={traces} />
        <FigureBar traces={traces} />
      </header>
      <Toolbar page={page} />
      <main class={`traces${traces.length > 1 ? " are-two" : ""}`}>
        {traces.map((opened) => (
          <section class="trace" key={opened.index} aria-label={opened.feed.name} aria-busy={opened.isBusy}>
            {traces.length > 1 && <h2 class="trace-name">{opened.feed.name}</h2>}
            {view.shows.value === "table" ? (
              <CallTable page={page} opened={opened} />
            ) : (
              <>
                <Waterfall page={page} opened={opened} />
                <LimitStrip page={page} opened={opened} />
              </>
            )}
          </section>
        ))}
      </main>
      <SidePanel page={page} />
      <footer>{view.shows.value === "waterfall" && <Legend />}</footer>
      {view.showsHelp.value && <Help view={view} />}
    </div>
  );
}

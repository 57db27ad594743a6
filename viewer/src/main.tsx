/** Starts the page: asks the server for its traces with the token of the link. */
import { render } from "preact";
import { App } from "./app.tsx";
import { listenToKeys } from "./keys.ts";
import { createAxis } from "./state/axis.ts";
import { createCounterparts } from "./state/counterparts.ts";
import { askForFeeds } from "./state/feed.ts";
import { openFeed } from "./state/opened-trace.ts";
import { createScheme } from "./state/scheme.ts";
import { linkView } from "./state/view-link.ts";
import { createView } from "./state/view.ts";
import "./style/page.css";
import "./style/header.css";
import "./style/waterfall.css";
import "./style/panel.css";

await start(document.getElementById("app") as HTMLElement);

async function start(element: HTMLElement): Promise<void> {
  const scheme = createScheme();
  const feeds = await askForFeeds(new URLSearchParams(location.search).get("token") ?? "");
  if (feeds === undefined) {
    render(
      <p class="refused">This link is not, or no longer, valid. Open the one that Tutti printed.</p>,
      element,
    );
    return;
  }
  const view = createView();
  linkView(view);
  const traces = feeds.map((feed, index) => openFeed(feed, index, view));
  const axis = createAxis(traces, view);
  document.title = `${feeds.map(({ name }) => name).join(" · ")} · Tutti`;
  const page = { traces, counterparts: createCounterparts(traces), view, axis, scheme };
  listenToKeys(page);
  render(<App page={page} />, element);
}

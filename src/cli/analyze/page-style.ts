/** How the page looks, by day and by night. */
import { raw } from "hono/html";

/** The page's style sheet. */
export const PAGE_STYLE = raw(`
:root { --ink: #1c1e21; --dim: #666b73; --paper: #fff; --line: #dfe2e6; --bar: #3b74c4; --read: #3b74c4; --write: #b7791f;
  --failed: #c0392b; --certain: #1e8449; --likely: #b7791f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --dim: #9aa0a8; --paper: #16181b; --line: #33373d;
  --bar: #6ea3ea; --read: #6ea3ea; --write: #e0a94a; --failed: #ef6f62; --certain: #5cc98a; --likely: #e0a94a; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.dim, small, footer { color: var(--dim); font-weight: normal; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.2rem 0; }
.figures div { display: flex; flex-direction: column-reverse; } .figures dt { color: var(--dim); } .figures dd { margin: 0; font-size: 1.7rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; white-space: nowrap; }
th { color: var(--dim); font-weight: normal; } th.bars { width: 30%; min-width: 8rem; }
.bar { height: .8rem; background: var(--bar); border-radius: 2px; }
code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: normal; }
.certain { color: var(--certain); } .likely { color: var(--likely); }
.timeline { display: flex; flex-wrap: wrap; gap: 4px; align-items: flex-start; } .timeline hr { width: 1px; height: 3rem; margin: 0 3px; border: 0; background: var(--dim); }
.turn { display: flex; flex-direction: column; gap: 2px; padding: 2px 4px; min-width: 1.3rem; border: 1px solid var(--line); border-radius: 3px; text-align: center; }
.call { display: inline-block; height: .6rem; min-width: 1rem; border-radius: 2px; } .call.read { background: var(--read); } .call.write { background: var(--write); } .call.failed { background: var(--failed); }
.chain { display: flex; gap: 4px; padding: 2px; border: 2px solid currentColor; border-radius: 5px; } .chain .turn { color: var(--ink); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); }
`);

/** A trace in the browser: of an executor while it works, or of files. */
export { createViewer, serveTrace } from "./viewer/viewer.ts";
export type { ServeTraceOptions, TraceInput, ViewerOptions } from "./viewer/viewer.ts";
export type { ListenOptions, Viewer } from "./viewer/server.ts";

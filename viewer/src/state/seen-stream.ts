/**
 * A stream of server-sent events that is held only while the page is seen. A browser opens six connections to one server, for
 * all of its tabs together: those that nobody looks at would keep the next one from opening at all.
 */

/** What becomes of a stream. */
export interface StreamListeners {
  /** By the names of events; each is called with what the event says. */
  readonly on: Readonly<Record<string, (data: string) => void>>;
  /** The connection is lost: it is asked for again, unless it was refused. */
  readonly onLost: (isRefused: boolean) => void;
}

/** Listens while the page is seen, each time from where it was let go on; until what is returned is called. */
export function listenWhileSeen(address: string, { on, onLost }: StreamListeners): () => void {
  let stream: EventSource | undefined;
  let after = "";
  const listen = () => {
    const opened = new EventSource(`${address}&after=${encodeURIComponent(after)}`);
    for (const [name, hear] of Object.entries(on))
      opened.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        if (lastEventId !== "") after = lastEventId;
        hear(data);
      });
    opened.addEventListener("error", () => onLost(opened.readyState === EventSource.CLOSED));
    return opened;
  };
  const letGo = () => {
    stream?.close();
    stream = undefined;
  };
  const look = () => {
    if (document.hidden) letGo();
    else stream ??= listen();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    letGo();
  };
}

/** Listens to a viewer's stream as a page does, without a browser. */
import { request, type ClientRequest } from "node:http";

/** An event of a trace, as far as tests look at it. */
export interface StreamedEvent {
  readonly type: string;
  readonly at: number;
  readonly batch?: string;
}

/** What came so far. */
export interface Listening {
  readonly opened: { readonly name: string; readonly kind: string } | undefined;
  readonly events: readonly StreamedEvent[];
  readonly dropped: { readonly turns: number; readonly events: number } | undefined;
  readonly resets: number;
  readonly lastId: string | undefined;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  /** Resolves when what came is enough; rejects after some seconds. */
  until(isEnough: (events: readonly StreamedEvent[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 8_000;

/** Starts to listen to the first trace of a viewer. */
export async function listenTo(
  link: string,
  options: { readonly after?: string | undefined } = {},
): Promise<Listening> {
  const url = new URL(link);
  url.pathname = "/traces/0";
  const heard = new Heard();
  const headers = options.after === undefined ? {} : { "last-event-id": options.after };
  const asked: ClientRequest = request(url, { headers, agent: false });
  const ended = new Promise<void>((resolve) => {
    asked.on("close", resolve).on("error", () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    asked.on("error", reject).on("response", (response) => {
      response.setEncoding("utf8").on("data", (text: string) => heard.take(text));
      response.on("error", () => {});
      resolve();
    });
    asked.end();
  });
  return Object.assign(heard, {
    ended,
    close: async () => {
      asked.destroy();
      await ended;
    },
  });
}

class Heard {
  opened: { readonly name: string; readonly kind: string } | undefined;
  readonly events: StreamedEvent[] = [];
  dropped: { readonly turns: number; readonly events: number } | undefined;
  resets = 0;
  lastId: string | undefined;
  #rest = "";
  #check: (() => void) | undefined;

  take(text: string): void {
    const messages = (this.#rest + text).split("\n\n");
    this.#rest = messages.pop() ?? "";
    for (const message of messages) this.#read(message);
    this.#check?.();
  }

  async until(isEnough: (events: readonly StreamedEvent[]) => boolean): Promise<void> {
    if (isEnough(this.events)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`after ${PATIENCE_MS} ms there are ${this.events.length} events`));
      }, PATIENCE_MS);
      this.#check = () => {
        if (!isEnough(this.events)) return;
        clearTimeout(timer);
        this.#check = undefined;
        resolve();
      };
    });
  }

  #read(message: string): void {
    const fields = message
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart()]);
    const field = (name: string) => fields.find(([key]) => key === name)?.[1];
    const data = fields.filter(([key]) => key === "data").map(([, value = ""]) => value);
    this.lastId = field("id") ?? this.lastId;
    switch (field("event")) {
      case "opened":
        this.opened = JSON.parse(data.join("\n")) as { name: string; kind: string };
        break;
      case "events":
        for (const line of data) if (line !== "") this.events.push(JSON.parse(line) as StreamedEvent);
        break;
      case "dropped":
        this.dropped = JSON.parse(data.join("\n")) as { turns: number; events: number };
        break;
      case "reset":
        this.resets++;
        break;
      case undefined:
      default:
    }
  }
}

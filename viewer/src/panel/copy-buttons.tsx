/** Takes what is shown elsewhere: as JSON, or as a link. */
import { useSignal } from "@preact/signals";
import type { RowChoice } from "../state/view.ts";
import { linkTo } from "../state/view-link.ts";

/** What can be copied. */
export interface CopyOptions {
  readonly json: () => string;
  readonly choice: RowChoice;
}

const SAID_MS = 1_600;

/** Shows the buttons. */
export function CopyButtons({ json, choice }: CopyOptions) {
  const said = useSignal("");
  const say = (text: string) => {
    said.value = text;
    setTimeout(() => (said.value = ""), SAID_MS);
  };
  const copy = (what: string, text: string) => {
    copyText(text).then(
      () => say(`${what} copied`),
      () => say("The browser does not let it be copied."),
    );
  };
  return (
    <p class="copy">
      <button onClick={() => copy("JSON", json())}>Copy as JSON</button>
      <button onClick={() => copy("Link", linkTo(choice))}>Copy link</button>
      <span role="status">{said.value}</span>
    </p>
  );
}

/** Only pages on loopback or with TLS have a clipboard; others still obey the command of old. */
async function copyText(text: string): Promise<void> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (clipboard !== undefined) return clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (!isDone) throw new Error("not copied");
}

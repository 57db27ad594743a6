/** Any value as text. What a tool was given or returned is never anything else on this page: neither markup nor a link. */
import { useSignal } from "@preact/signals";
import { formatCount } from "../format.ts";
import { visible } from "../../../src/trace/visible.ts";

/** What is shown. */
export interface ValueOptions {
  readonly value: unknown;
  readonly title?: string;
  /** Whether it is hidden at first. */
  readonly isFolded?: boolean;
}

/** More is shown on demand. */
const AT_FIRST = 4_000;

/** Shows a value: a text as it is, anything else as JSON. */
export function Value({ value, title, isFolded = false }: ValueOptions) {
  const isWhole = useSignal(false);
  const isOpen = useSignal(!isFolded);
  const text = textOf(value);
  if (!isOpen.value) {
    return (
      <button class="link" onClick={() => (isOpen.value = true)}>
        Show {title ?? "it"}
      </button>
    );
  }
  const isCut = !isWhole.value && text.length > AT_FIRST * 1.25;
  return (
    <>
      <pre class="value">{visible(isCut ? text.slice(0, AT_FIRST) : text)}</pre>
      {isCut && (
        <button class="link" onClick={() => (isWhole.value = true)}>
          Show all {formatCount(text.length)} characters
        </button>
      )}
    </>
  );
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "nothing" : JSON.stringify(value, null, 2);
}

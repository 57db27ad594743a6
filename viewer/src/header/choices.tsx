/** A button that opens a list from which some are chosen; none chosen means all. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { formatCount } from "../format.ts";

/** What there is to choose. */
export interface ChoicesOptions {
  readonly name: string;
  readonly options: readonly (readonly [word: string, count: number])[];
  readonly chosen: ReadonlySet<string> | undefined;
  readonly choose: (words: ReadonlySet<string> | undefined) => void;
  readonly signOf?: (word: string) => string;
}

/** Shows the button. */
export function Choices({ name, options, chosen, choose, signOf }: ChoicesOptions) {
  const isOpen = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen.value) return undefined;
    const close = ({ target }: Event) => {
      if (!(target instanceof Node) || whole.current?.contains(target) !== true) isOpen.value = false;
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [isOpen.value]);
  const toggle = (word: string) => {
    const next = new Set(chosen);
    if (!next.delete(word)) next.add(word);
    choose(next.size === 0 ? undefined : next);
  };
  return (
    <div
      class="choices"
      ref={whole}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && whole.current?.contains(relatedTarget) !== true)
          isOpen.value = false;
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen.value) return;
        isOpen.value = false;
        event.stopPropagation();
        whole.current?.querySelector("button")?.focus();
      }}
    >
      <button
        aria-haspopup="true"
        aria-expanded={isOpen.value}
        aria-pressed={chosen !== undefined}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {name}
        {chosen === undefined ? "" : ` · ${chosen.size === 1 ? [...chosen][0] : chosen.size}`}{" "}
        <span class="caret">▾</span>
      </button>
      {isOpen.value && (
        <div class="menu" role="group" aria-label={name}>
          {options.map(([word, count]) => (
            <label key={word}>
              <input type="checkbox" checked={chosen?.has(word) === true} onChange={() => toggle(word)} />
              {signOf !== undefined && (
                <span class="sign" data-status={word}>
                  {signOf(word)}
                </span>
              )}
              <span>{word}</span>
              <small>{formatCount(count)}</small>
            </label>
          ))}
          <button class="link" disabled={chosen === undefined} onClick={() => choose(undefined)}>
            Show all
          </button>
        </div>
      )}
    </div>
  );
}

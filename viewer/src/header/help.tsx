/** The keys, in a dialog. */
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../state/view.ts";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["↑", "↓"], "to the row above or below"],
  [["←", "→"], "hide or show the calls inside; out of them and into them"],
  [["Enter"], "open in the side panel"],
  [["Esc"], "close"],
  [["/"], "search"],
  [["+", "−", "0"], "closer, further away, all of it"],
  [["Shift ←", "Shift →"], "earlier, later"],
  [["z"], "all of the axis for the row"],
  [["t"], "table or waterfall"],
  [["p"], "critical path"],
  [["n", "N"], "to the next row of the critical path, to the one before"],
  [["o"], "of two traces, to the same row of the other"],
  [["?"], "this help"],
];

/** Shows the dialog where it is asked for. */
export function Help({ view }: { readonly view: View }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-label="Help" onClose={() => (view.showsHelp.value = false)}>
      <h2>Keys</h2>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>Pointer</h2>
      <p>
        Drag to move, Ctrl and the wheel (or two fingers) to zoom, Shift and the wheel to go earlier or later,
        click to open, double click to zoom to a row.
      </p>
      <button onClick={() => dialog.current?.close()}>Close</button>
    </dialog>
  );
}

/** What the signs mean. */

const SIGNS: readonly (readonly [className: string, word: string])[] = [
  ["model", "model writes"],
  ["tick", "call committed"],
  ["running", "runs"],
  ["failed", "failed"],
  ["hatched", "waits for a lock"],
  ["dotted", "for a slot"],
  ["barred", "for a rate"],
  ["dashed", "for a call, a pause"],
  ["thin", "for the model, a check"],
  ["framed", "for approval"],
  ["plain", "not told"],
  ["path", "critical path"],
];

/** Shows the legend, in a line. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {SIGNS.map(([name, word]) => (
        <li key={name}>
          <span class={`swatch ${name}`} aria-hidden="true" />
          {word}
        </li>
      ))}
    </ul>
  );
}

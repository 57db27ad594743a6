/** A part of the side panel, under a title. */
import type { ComponentChildren } from "preact";

/** Shows a part. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

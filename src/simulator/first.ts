/** A referee says one thing at a time, as providers do: the first. */

/** The first thing wrong in a list. */
export function first<Item, Wrong>(
  items: readonly Item[],
  check: (item: Item, index: number) => Wrong | undefined,
): Wrong | undefined {
  for (const [index, item] of items.entries()) {
    const wrong = check(item, index);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

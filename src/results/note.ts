/** What a model is told of a result that it sees in part: how much it sees, and how it reads the rest. */

/** The name of the built-in tool that reads what was cut. */
export const READER = "read_result";

/** What stands where there is no room for more. */
export const SHORTEST_NOTE = "[cut]";

/** Where the whole of a cut result is. */
export type Whereabouts =
  | { readonly kind: "readable"; readonly id: string }
  /** In the user's own store, without a tool of ours that reads it. */
  | { readonly kind: "kept"; readonly id: string }
  /** The store failed. */
  | { readonly kind: "lost" }
  /** There is nothing to keep it for. */
  | { readonly kind: "not-kept" };

/** How much of a result is shown, in characters. */
export interface Extent {
  readonly shown: number;
  readonly total: number;
}

/** The note on a result that was cut. */
export function cutNote({ shown, total }: Extent, whole: Whereabouts): string {
  return `[cut: ${grouped(shown)} of ${grouped(total)} characters shown${howToReadOn(whole, shown)}]`;
}

/** What stands for an image that was left out. */
export function imageNote(mediaType: string, whole: Whereabouts): string {
  const left = `an image, ${mediaType}, left out: it is over the budget`;
  switch (whole.kind) {
    case "readable":
      return `(${left}; call ${READER} with id "${whole.id}" to see it)`;
    case "kept":
      return `(${left}; it is kept as "${whole.id}")`;
    case "lost":
    case "not-kept":
      return `(${left})`;
  }
}

function howToReadOn(whole: Whereabouts, offset: number): string {
  switch (whole.kind) {
    case "readable":
      return `; call ${READER} with id "${whole.id}" and offset ${offset} to read on`;
    case "kept":
      return `; the whole is kept as "${whole.id}"`;
    case "lost":
      return "; the rest could not be kept";
    case "not-kept":
      return "";
  }
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** What both of OpenAI's protocols say alike: content, and the arguments of calls. */

/** The texts of a content, which is one or a list of parts. */
export function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return (content as { readonly text?: unknown }[]).flatMap(({ text }) =>
    typeof text === "string" ? [text] : [],
  );
}

/** The input of a call; none if its arguments are no JSON. */
export function inputOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

/** What a response calls the model that answered. */

/** The field of a turn for it: none where a server leaves the name out or empty, or sends what is no text. */
export function modelName(said: unknown): { readonly model?: string } {
  return typeof said === "string" && said !== "" ? { model: said } : {};
}

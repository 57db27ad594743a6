/** The report as a page. */
export function renderPage(_: object): string {
  return "";
}

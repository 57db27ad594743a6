/**
 * A content with calls stands behind the user's word or results, and right behind it stands one content with as many results
 * (G2, G3). Results are told apart by their ids where there are some, and by their names and places where there are none (G4).
 */
import { first } from "../first.ts";
import { callsOf, responsesOf, type RequestCall, type RequestContent, type Rule } from "./request.ts";

const CALL_TURN =
  "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
const RESPONSE_TURN =
  "Please ensure that function response turn comes immediately after a function call turn.";
const COUNT =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
/** https://github.com/googleapis/python-genai/issues/81 */
const MIXED =
  "Please ensure that function call turn contains at least one function_call part which can not be mixed with function_response parts.";

/** Calls and results. */
export const checkPairing: Rule = ({ contents }, { isNew }) =>
  first(contents, (content, i) => {
    const calls = callsOf(content);
    if (calls.length > 0 && responsesOf(content).length > 0) return MIXED;
    if (calls.length > 0)
      return checkCallTurn(content, { before: contents[i - 1], after: contents[i + 1], isNew });
    return responsesOf(content).length > 0 && !isCallTurn(contents[i - 1]) ? RESPONSE_TURN : undefined;
  });

function checkCallTurn(
  content: RequestContent,
  around: {
    readonly before: RequestContent | undefined;
    readonly after: RequestContent | undefined;
    readonly isNew: boolean;
  },
): string | undefined {
  const { before, after, isNew } = around;
  if (content.role !== "model" || before === undefined || before.role === "model") return CALL_TURN;
  const calls = callsOf(content);
  const responses = after === undefined || after.role === "model" ? [] : responsesOf(after);
  // A part of another kind beside the results breaks the count too: https://github.com/google-gemini/gemini-cli/issues/16135
  if (responses.length !== calls.length || after?.parts.length !== calls.length) return COUNT;
  return checkNames(calls, responses) ?? (isNew ? checkIds(calls, responses) : undefined);
}

/** Where ids are missing, a result is the one of its place. */
function checkNames(
  calls: readonly RequestCall[],
  responses: readonly Pick<RequestCall, "id" | "name">[],
): string | undefined {
  return first(calls, ({ id, name }, i) => {
    const sameId = responses.filter((response) => response.id === id);
    const answer = id === undefined ? responses[i] : (sameId.find((one) => one.name === name) ?? sameId[0]);
    return answer === undefined || answer.name === name
      ? undefined
      : `Please ensure that function response name "${answer.name}" matches the function call name "${name}".`;
  });
}

/** Models since 3.5 want each id back: https://github.com/ShinChven/remix-studio/pull/35 (its text is not recorded). */
function checkIds(
  calls: readonly RequestCall[],
  responses: readonly Pick<RequestCall, "id">[],
): string | undefined {
  const known = calls.map(({ id }) => id ?? "").toSorted();
  const answered = responses.map(({ id }) => id ?? "").toSorted();
  return known.join("\n") === answered.join("\n")
    ? undefined
    : "Please ensure that the ids of function response parts are those of the function call parts of the function call turn.";
}

function isCallTurn(content: RequestContent | undefined): boolean {
  return content !== undefined && callsOf(content).length > 0;
}

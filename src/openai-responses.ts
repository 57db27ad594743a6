/** `tutti/openai-responses`: the Responses API, for the loop of `tutti/agent` or for one of one's own. */
export { openaiResponses } from "./wire/openai-responses/wire.ts";

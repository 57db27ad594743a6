/** `tutti/anthropic`: Anthropic's Messages API, for the loop of `tutti/agent` or for one of one's own. */
export { anthropicModel, type AnthropicClient, type AnthropicModelOptions } from "./model/anthropic-model.ts";
export { answerCalls, anthropicTools, runTurn, type AnsweredTurn } from "./model/anthropic-turn.ts";
export { anthropicMessages } from "./wire/anthropic-messages.ts";

/** The simulator's public face. */
export { commitTimes, endOf, outputTokens, planTurn, type Beat, type Timeline } from "./pacing.ts";
export { QUIRKS, type Quirk, type Refusal, type Warning } from "./protocol.ts";
export { judge, type ProtocolName } from "./protocols.ts";
export type { RequestRecord, Verdict } from "./request-log.ts";
export { parseScenario, type ParseScenarioOptions, type ScenarioInput } from "./scenario-file.ts";
export {
  turnsOf,
  type Block,
  type CallBlock,
  type CallsPerTurn,
  type Failure,
  type FailurePoint,
  type Pacing,
  type Scenario,
  type ScenarioTurn,
} from "./scenario.ts";
export { startSimulator, type Simulator, type SimulatorOptions } from "./server.ts";

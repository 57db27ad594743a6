/** `tutti probe`. */
import { probeModel } from "../../agent/probe.ts";
import { TuttiError } from "../../core/errors.ts";
import { askedModel, type ModelFlags } from "../asked-model.ts";
import { wrap } from "../format.ts";
import { INTERRUPTED, onInterrupt } from "../run/interrupt.ts";
import { createScreen } from "../screen.ts";
import { firstLine } from "../usage-error.ts";
import { HEAD, renderFigures, tellFinding } from "./report.ts";

/** What the command line says. */
export interface ProbeFlags extends ModelFlags {
  readonly json?: true;
}

/** Asks a model in several ways, and says which of them have it call in parallel. */
export async function probe({ json, ...flags }: ProbeFlags): Promise<void> {
  const asked = await askedModel(flags);
  const screen = json === true ? undefined : createScreen(process.stdout);
  const controller = new AbortController();
  const detach = onInterrupt(() => controller.abort());
  screen?.print(
    `${screen.colours.bold(asked.name)} is asked the same in five ways`,
    "",
    screen.colours.dim(HEAD),
  );
  const figures = await probeModel({
    model: asked.model,
    signal: controller.signal,
    onFigures: (one) => screen?.print(renderFigures(one, screen.colours)),
  });
  detach();
  const failed = figures.find(({ status }) => status === "failed")?.error;
  const isNowhere = figures.every(({ status }) => status === "failed" || status === "aborted");
  if (failed !== undefined && isNowhere) {
    const reason = failed instanceof TuttiError ? asked.unreachable(failed) : undefined;
    throw reason ?? new Error(`the model failed: ${firstLine(failed)}`, { cause: failed });
  }
  if (json === true) {
    const { provider, name: model } = asked;
    console.log(JSON.stringify({ provider: provider.name, model, variants: figures }, undefined, 2));
  } else if (screen !== undefined) screen.print("", ...wrap(tellFinding(figures), screen.width));
  if (controller.signal.aborted) process.exitCode = INTERRUPTED;
}

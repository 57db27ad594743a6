/** `tutti demo`. */
import { providerOf, type ProviderName } from "../provider.ts";
import { createScreen } from "../screen.ts";
import { CUSTOMER_SCENE } from "./customer-scene.ts";
import { playDemo } from "./demo.ts";
import { MODES } from "./mode.ts";
import { RELEASE_SCENE } from "./release-scene.ts";
import { createScene } from "./scene.ts";

const SCENES = [CUSTOMER_SCENE, RELEASE_SCENE];

/** What the command line says. */
export interface DemoFlags {
  readonly provider: ProviderName;
  readonly scene?: string;
  readonly mode?: string;
  readonly json?: true;
}

/** Shows what Tutti is for. */
export async function demo({ provider, scene, mode, json }: DemoFlags): Promise<void> {
  const figures = await playDemo({
    provider: providerOf(provider),
    scenes: SCENES.filter(({ name }) => name === (scene ?? name)).map((script) => createScene(script)),
    modes: MODES.filter(({ name }) => name === (mode ?? name)),
    screen: json === true ? undefined : createScreen(process.stdout),
  });
  console.log(json === true ? JSON.stringify({ scenes: figures }, undefined, 2) : "");
}

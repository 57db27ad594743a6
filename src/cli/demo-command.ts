/** `tutti demo`. */
import { Command, Option } from "commander";
import { CUSTOMER_SCENE } from "./demo/customer-scene.ts";
import { playDemo } from "./demo/demo.ts";
import { MODES } from "./demo/mode.ts";
import { RELEASE_SCENE } from "./demo/release-scene.ts";
import { createScene } from "./demo/scene.ts";
import { loadProvider } from "./provider-client.ts";
import { createScreen } from "./screen.ts";

const SCENES = [CUSTOMER_SCENE, RELEASE_SCENE];

interface DemoFlags {
  readonly scene?: string;
  readonly mode?: string;
  readonly json?: true;
}

/** The command that shows what Tutti is for. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("watch the same tool calls run in four ways; needs no key")
    .addOption(new Option("--scene <name>", "play one scene only").choices(SCENES.map(({ name }) => name)))
    .addOption(new Option("--mode <name>", "play it in one way only").choices(MODES.map(({ name }) => name)))
    .option("--json", "print the figures as one JSON object, and nothing else")
    .action(async ({ scene, mode, json }: DemoFlags) => {
      const figures = await playDemo({
        provider: await loadProvider(),
        scenes: SCENES.filter(({ name }) => name === (scene ?? name)).map((script) => createScene(script)),
        modes: MODES.filter(({ name }) => name === (mode ?? name)),
        screen: json === true ? undefined : createScreen(process.stdout),
      });
      console.log(json === true ? JSON.stringify({ scenes: figures }, undefined, 2) : "");
    });
}

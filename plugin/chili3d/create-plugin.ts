import { OversizeClient } from "../../worker/client.ts";
import type { KernelSupply } from "../../worker/protocol.ts";
import { spawnBrowserWorker } from "../../worker/spawn-browser.ts";
import type { ReviewPanel } from "../review/review-panel.ts";
import { askSettings } from "./ask-settings.ts";
import { registerCommands } from "./commands.ts";
import { hostCore } from "./host.ts";
import type { HostCommand, HostCore } from "./host-types.ts";
import type { PluginFiles } from "./plugin-files.ts";
import { RIBBONS, TEXTS } from "./ribbon.ts";
import type { SelectedBody } from "./selected-body.ts";

/** What the host takes as a plug-in. */
export interface Plugin {
  readonly commands: readonly HostCommand[];
  readonly ribbons: typeof RIBBONS;
  readonly i18nResources: typeof TEXTS;
}

/** The plug-in: registers its commands at once, starts the engine when a command first needs it. */
export function createPlugin(files: PluginFiles): Plugin {
  const core = hostCore();
  let client: Promise<OversizeClient> | undefined;
  const engine = (): Promise<OversizeClient> => (client ??= startEngine(files));
  const commands = registerCommands({
    core, engine,
    ask: (title, last) => askSettings(core, title, last),
    openPanel: async (body) => openPanel(core, files, await engine(), body),
  });
  return { commands, ribbons: RIBBONS, i18nResources: TEXTS };
}

async function startEngine(files: PluginFiles): Promise<OversizeClient> {
  const worker = await files.worker();
  return new OversizeClient({ spawn: () => spawnBrowserWorker(worker), kernels: (): Promise<KernelSupply> => files.kernels() });
}

async function openPanel(core: HostCore, files: PluginFiles, client: OversizeClient, body: SelectedBody): Promise<void> {
  await files.review();
  const panel = document.createElement("oversize-review") as ReviewPanel;
  panel.client = client;
  panel.style.height = "100%";
  core.PubSub.default.pub("showFloatPanel", {
    title: "oversize.panel", content: panel, width: Math.min(1180, innerWidth - 80), height: Math.min(760, innerHeight - 120), minWidth: 640, minHeight: 420,
    onClose: () => { void panel.session?.close(); },
  });
  await panel.updateComplete;
  await panel.openFile({ name: body.name, bytes: body.step });
}

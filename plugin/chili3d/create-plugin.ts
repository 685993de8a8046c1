import { OversizeClient } from "../../worker/client.ts";
import type { KernelSupply } from "../../worker/protocol.ts";
import { spawnBrowserWorker } from "../../worker/spawn-browser.ts";
import type { ReviewPanel } from "../review/review-panel.ts";
import manifest from "../../manifest.json" with { type: "json" };
import { askSettings } from "./ask-settings.ts";
import { registerCommands } from "./commands.ts";
import { hostCore } from "./host.ts";
import type { HostCommand, HostCore } from "./host-types.ts";
import { keepKeys } from "./open-dialog.ts";
import type { PluginFiles } from "./plugin-files.ts";
import { RIBBONS } from "./ribbon.ts";
import type { SelectedBody } from "./selected-body.ts";
import { showCheck } from "./show-check.ts";
import { showWork } from "./show-work.ts";
import { tell } from "./tell.ts";
import { TEXTS } from "./texts.ts";

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
    ask: (title, last, wantsFiles) => askSettings(core, title, last, wantsFiles),
    work: (title, run) => showWork(core, title, run),
    tell: (lines) => tell(core, lines),
    showCheck: (check) => showCheck(core, check),
    openPanel: async (body) => openPanel(core, files, await engine(), body),
    report: async () => ({ version: manifest.version, viewer: await (await fetch(await files.viewer())).text() }),
  });
  return { commands, ribbons: RIBBONS, i18nResources: TEXTS };
}

async function startEngine(files: PluginFiles): Promise<OversizeClient> {
  const worker = await files.worker();
  return new OversizeClient({ spawn: () => spawnBrowserWorker(worker), kernels: (): Promise<KernelSupply> => files.kernels() });
}

async function openPanel(core: HostCore, files: PluginFiles, client: OversizeClient, body: SelectedBody): Promise<void> {
  await files.review();
  const panel = document.createElement("oversize-review") as ReviewPanel, unfollow = followTheme(panel);
  const width = Math.min(1180, innerWidth - 40), height = Math.min(760, innerHeight - 16);
  Object.assign(panel, { client, version: manifest.version, reportViewerUrl: await files.viewer() });
  panel.style.height = "100%";
  keepKeys(panel);
  core.PubSub.default.pub("showFloatPanel", {
    title: "oversize.panel", content: panel, width, height, minWidth: Math.min(640, width), minHeight: Math.min(420, height), x: (innerWidth - width) / 2, y: Math.min(50, (innerHeight - height) / 2),
    onClose: () => { unfollow(); void panel.session?.close(); },
  });
  // The host's panels let what is below shine through; maps need their true colours.
  if (panel.parentElement) panel.parentElement.style.opacity = "1";
  await panel.updateComplete;
  await panel.openFile({ name: body.name, bytes: body.step });
}

/** The panel is as light or dark as the host, which need not follow the system. Answers how to stop. */
function followTheme(panel: ReviewPanel): () => void {
  const root = document.documentElement, follow = (): void => {
    const theme = root.getAttribute("theme");
    panel.theme = theme === "light" || theme === "dark" ? theme : "";
  };
  const observer = new MutationObserver(follow);
  observer.observe(root, { attributes: true, attributeFilter: ["theme"] });
  follow();
  return () => observer.disconnect();
}

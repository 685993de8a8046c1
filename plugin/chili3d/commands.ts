import type { MoldDesign } from "../../src/mold/design.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { resolveOsf, type ResolvedMaterial } from "../../src/mim/osf.ts";
import { judgeReport } from "../../src/report/standing.ts";
import { fail, ok, type Result } from "../../src/result.ts";
import type { Vec3 } from "../../src/units.ts";
import type { OversizeClient } from "../../worker/client.ts";
import type { OutputFile } from "../../worker/protocol.ts";
import { addBodies, type NewBody } from "./add-bodies.ts";
import type { HostApp, HostCommand, HostCore } from "./host-types.ts";
import { say } from "./host.ts";
import { ICONS, KEYS, type CommandKey } from "./ribbon.ts";
import { markFindings, type Marked } from "./mark-findings.ts";
import { fileStem, selectedBody, type SelectedBody } from "./selected-body.ts";

/** The engine as the commands use it. */
export type Engine = Pick<OversizeClient, "newHandle" | "open" | "check" | "mold" | "export" | "close">;

/** What the user molds with. */
export interface MoldSettings {
  readonly material: string;
  /** The user's own factor; absent: the material's. */
  readonly osf?: Vec3;
  readonly profile: string;
}

/** What differs between the host and a test. */
export interface PluginContext {
  readonly core: HostCore;
  readonly engine: () => Promise<Engine>;
  /** Asks for material and factor; undefined when the user thinks better of it. */
  readonly ask: (title: string, last: MoldSettings) => Promise<MoldSettings | undefined>;
  readonly openPanel: (body: SelectedBody) => Promise<void>;
}

/** Marks of the last check by node, so that the next one takes them away. */
const marked = new Map<string, Marked>();
let settings: MoldSettings = { material: "17-4PH", profile: "align" };

/** The four commands, registered with the host. */
export function registerCommands(context: PluginContext): HostCommand[] {
  const runs: Record<CommandKey, (app: HostApp) => Promise<Result<string>>> = {
    "oversize.check": (app) => checkSelection(context, app),
    "oversize.oversize": (app) => addMold(context, app, "oversized"),
    "oversize.mold": (app) => addMold(context, app, "mold"),
    "oversize.review": (app) => openReview(context, app),
  };
  return KEYS.map((key) => {
    const Command: HostCommand = class {
      async execute(app: HostApp): Promise<void> {
        const done = await runs[key](app).catch((error: unknown) => fail("CRASH", error instanceof Error ? error.message : String(error)));
        if (!done.ok && done.problem.code === "CANCELLED") return;
        say(context.core, done.ok ? done.value : `${done.problem.message} ${done.problem.suggestion}`);
      }
    };
    context.core.CommandStore.registerCommand(Command, { key, icon: { type: "url", value: ICONS[key] }, helpText: `${key}.help` });
    return Command;
  });
}

async function checkSelection(context: PluginContext, app: HostApp): Promise<Result<string>> {
  const { core } = context, body = selectedBody(core, app), view = app.activeView;
  if (!body.ok) return body;
  if (!view) return fail("BODY_CHOICE");
  const engine = await context.engine(), handle = engine.newHandle();
  try {
    const opened = await engine.open(handle, { name: body.value.name, bytes: body.value.step });
    if (!opened.ok) return opened;
    const checked = await engine.check(handle, { material: settings.material, osf: settings.osf, profile: settings.profile, pull: "auto" });
    if (!checked.ok) return checked;
    const { findings } = checked.value, { id, name } = body.value.node;
    marked.get(id)?.clear();
    const marks = markFindings(core, view, body.value, opened.value.summary.bodies[0].faces, findings);
    marked.set(id, marks);
    const verdict = judgeReport({ findings }), left = marks.unmatched > 0 ? ` ${marks.unmatched} faces could not be marked for sure; see the review panel.` : "";
    return ok(`${name}: ${verdict.text.toLowerCase()}, ${verdict.counts.advisory} advisory, ${verdict.counts.passed} passed, ${verdict.counts["not-evaluated"]} not evaluated.${left}`);
  } finally {
    await engine.close(handle);
  }
}

/** Makes the mold with its proofs, then adds what was asked for. A mold that fails a proof adds nothing. */
async function addMold(context: PluginContext, app: HostApp, what: "oversized" | "mold"): Promise<Result<string>> {
  const body = selectedBody(context.core, app);
  if (!body.ok) return body;
  const asked = await context.ask(what === "mold" ? "oversize.ask.mold" : "oversize.ask.oversized", settings);
  if (!asked) return fail("CANCELLED");
  const material = resolveOsf({ material: asked.material, osf: asked.osf });
  if (!material.ok) return material;
  settings = asked;
  const files = await makeMold(await context.engine(), body.value, material.value);
  if (!files.ok) return files;
  const stem = fileStem(body.value.node.name), roles = what === "mold" ? (["core", "cavity", "oversized"] as const) : (["oversized"] as const);
  const bodies: NewBody[] = [];
  for (const role of roles) {
    const file = files.value.find(({ path, format }) => format === "step" && new RegExp(`(^|\\.)${role}\\.step$`).test(path));
    if (!file) return fail("MOLD_FALLBACK", `There is no ${role} as STEP.`);
    bodies.push({ name: `${stem} ${role}`, file });
  }
  const added = addBodies(context.core, app, body.value, what === "mold" ? `${stem} mold` : `${stem} oversized`, bodies);
  if (!added.ok) return added;
  const warned = [...material.warnings, ...files.warnings].map((w) => ` ${w.message}`).join("");
  return ok(`Added ${bodies.map((b) => b.name).join(", ")} at OSF ${[...new Set(material.value.osf)].join(" / ")}.${warned}`);
}

async function makeMold(engine: Engine, body: SelectedBody, { osf }: ResolvedMaterial): Promise<Result<readonly OutputFile[]>> {
  const handle = engine.newHandle();
  try {
    const opened = await engine.open(handle, { name: body.name, bytes: body.step });
    if (!opened.ok) return opened;
    const design: MoldDesign = { ...MOLD_DEFAULTS, osf };
    const made = await engine.mold(handle, design);
    if (!made.ok) return made;
    const files = await engine.export(handle, ["step"]);
    return files.ok ? ok(files.value, made.value.problems) : files;
  } finally {
    await engine.close(handle);
  }
}

async function openReview(context: PluginContext, app: HostApp): Promise<Result<string>> {
  const body = selectedBody(context.core, app);
  if (!body.ok) return body;
  await context.openPanel(body.value);
  return ok(`${body.value.node.name} is in the review panel.`);
}

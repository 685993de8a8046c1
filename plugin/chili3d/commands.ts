import { zipSync } from "fflate";
import { resolveOsf } from "../../src/mim/osf.ts";
import { judgeReport } from "../../src/report/standing.ts";
import { fail, ok, type Problem, type Result } from "../../src/result.ts";
import type { CallWork } from "../../worker/client.ts";
import { adviceFor } from "../review/state/advice.ts";
import { addBodies, type NewBody } from "./add-bodies.ts";
import type { HostApp, HostCommand, HostCore } from "./host-types.ts";
import { makeMold, type Engine, type MoldSettings, type ReportWanted } from "./make-mold.ts";
import { clearMarks, markFindings } from "./mark-findings.ts";
import { ICONS, KEYS, type CommandKey } from "./ribbon.ts";
import { fileStem, selectedBody, type SelectedBody } from "./selected-body.ts";
import type { CheckShown } from "./show-check.ts";

/** What differs between the host and a test. */
export interface PluginContext {
  readonly core: HostCore;
  readonly engine: () => Promise<Engine>;
  /** Asks for material and factor, and for file formats where files are wanted; undefined when the user thinks better of it. */
  readonly ask: (title: string, last: MoldSettings, wantsFiles: boolean) => Promise<MoldSettings | undefined>;
  /** Runs long work with its progress shown and a way to cancel it. */
  readonly work: <T>(title: string, run: (work: CallWork) => Promise<T>) => Promise<T>;
  /** Says something that must be read. */
  readonly tell: (lines: readonly string[]) => void;
  readonly showCheck: (check: CheckShown) => void;
  readonly openPanel: (body: SelectedBody) => Promise<void>;
  /** What a report is made with. */
  readonly report: () => Promise<ReportWanted>;
}

let settings: MoldSettings = { material: "17-4PH", profile: "align", formats: ["step"], report: true };

/** The commands, registered with the host. */
export function registerCommands(context: PluginContext): HostCommand[] {
  const runs: Record<CommandKey, (app: HostApp) => Promise<Result<readonly string[]>>> = {
    "oversize.check": (app) => checkSelection(context, app),
    "oversize.oversize": (app) => addMold(context, app, "oversized"),
    "oversize.mold": (app) => addMold(context, app, "mold"),
    "oversize.review": (app) => openReview(context, app),
    "oversize.export": (app) => exportMold(context, app),
  };
  return KEYS.map((key) => {
    const Command: HostCommand = class {
      async execute(app: HostApp): Promise<void> {
        const done = await runs[key](app).catch((error: unknown) => fail("CRASH", error instanceof Error ? error.message : String(error)));
        const lines = done.ok ? [...done.value, ...done.warnings.map(words)] : done.problem.code === "CANCELLED" ? [] : [words(done.problem)];
        if (lines.length > 0) context.tell(lines);
      }
    };
    // The host answers a command without a document with silence; this one says what is missing.
    context.core.CommandStore.registerCommand(Command, { key, icon: { type: "url", value: ICONS[key] }, helpText: `${key}.help`, isApplicationCommand: true });
    return Command;
  });
}

const words = (problem: Problem): string => `${problem.message} ${adviceFor(problem)}`;

async function checkSelection(context: PluginContext, app: HostApp): Promise<Result<readonly string[]>> {
  const { core } = context, body = selectedBody(core, app);
  if (!body.ok) return body;
  const { node, view } = body.value, engine = await context.engine(), { material, osf, profile } = settings;
  return context.work("command.oversize.check", async (work) => {
    const handle = engine.newHandle();
    try {
      const opened = await engine.open(handle, { name: body.value.name, bytes: body.value.step }, {}, work);
      if (!opened.ok) return opened;
      const checked = await engine.check(handle, { material, osf, profile, pull: "auto" }, work);
      if (!checked.ok) return checked;
      const { findings } = checked.value, { text, counts } = judgeReport({ findings });
      const unmatched = markFindings(core, view, body.value, opened.value.summary.bodies[0].faces, findings);
      const lines = [
        `${node.name}: ${text.toLowerCase()}`,
        `${counts.advisory} advisory, ${counts.passed} passed, ${counts["not-evaluated"]} not evaluated.`,
        `As ${material}, rules “${profile}”.`,
        ...(unmatched > 0 ? [`${unmatched} face${unmatched === 1 ? "" : "s"} could not be marked for sure; see the review panel.`] : []),
      ];
      context.showCheck({ lines, review: () => void context.openPanel(body.value), clear: () => clearMarks(core, view, body.value) });
      return ok([]);
    } finally {
      await engine.close(handle);
    }
  });
}

/** Makes the mold with its proofs, then adds what was asked for. A mold that fails a proof adds nothing. */
async function addMold(context: PluginContext, app: HostApp, what: "oversized" | "mold"): Promise<Result<readonly string[]>> {
  const body = selectedBody(context.core, app);
  if (!body.ok) return body;
  const title = what === "mold" ? "command.oversize.mold" : "command.oversize.oversize", asked = await choose(context, title, false);
  if (!asked.ok) return asked;
  const engine = await context.engine();
  const made = await context.work(title, (work) => makeMold(engine, body.value, { ...asked.value, formats: ["step"] }, work));
  if (!made.ok) return made;
  const { osf, files } = made.value, stem = fileStem(body.value.node.name), roles = what === "mold" ? (["core", "cavity", "oversized"] as const) : (["oversized"] as const);
  const bodies: NewBody[] = [];
  for (const role of roles) {
    const file = files.find(({ path, format }) => format === "step" && new RegExp(`(^|\\.)${role}\\.step$`).test(path));
    if (!file) return fail("MOLD_FALLBACK", `There is no ${role} as STEP.`);
    bodies.push({ name: `${stem} ${role}`, file });
  }
  const added = addBodies(context.core, app, body.value, what === "mold" ? `${stem} mold` : `${stem} oversized`, bodies);
  if (!added.ok) return added;
  return ok([`Added ${bodies.map((b) => b.name).join(", ")} at OSF ${[...new Set(osf)].join(" / ")}.`], made.warnings);
}

/** Makes the mold with its proofs and hands its files, and the report, to the browser's downloads: several as one zip. */
async function exportMold(context: PluginContext, app: HostApp): Promise<Result<readonly string[]>> {
  const body = selectedBody(context.core, app), title = "command.oversize.export";
  if (!body.ok) return body;
  const asked = await choose(context, title, true);
  if (!asked.ok) return asked;
  const engine = await context.engine();
  const made = await context.work(title, async (work) => makeMold(engine, body.value, asked.value, work, asked.value.report ? await context.report() : undefined));
  if (!made.ok) return made;
  const { files, osf } = made.value, stem = fileStem(body.value.node.name), name = files.length === 1 ? files[0].path : `${stem}.mold.zip`;
  const bytes = files.length === 1 ? files[0].bytes : zipSync(Object.fromEntries(files.map((file) => [file.path, file.bytes])));
  context.core.download([new Uint8Array(bytes)], name);
  return ok([`${name} is in your downloads, at OSF ${[...new Set(osf)].join(" / ")}.`, ...(files.length > 1 ? [`It holds ${files.length} files: ${[...new Set(files.map(({ format }) => format.toUpperCase()))].join(", ")}.`] : [])], made.warnings);
}

/** What to mold with, remembered for the next time once it is sound. */
async function choose(context: PluginContext, title: string, wantsFiles: boolean): Promise<Result<MoldSettings>> {
  const asked = await context.ask(title, settings, wantsFiles);
  if (!asked) return fail("CANCELLED");
  const material = resolveOsf({ material: asked.material, osf: asked.osf });
  if (!material.ok) return material;
  settings = asked;
  return ok(asked);
}

async function openReview(context: PluginContext, app: HostApp): Promise<Result<readonly string[]>> {
  const body = selectedBody(context.core, app);
  if (!body.ok) return body;
  await context.openPanel(body.value);
  return ok([]);
}

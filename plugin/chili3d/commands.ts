import { zipSync } from "fflate";
import { resolveOsf } from "../../src/mim/osf.ts";
import { judgeReport } from "../../src/report/standing.ts";
import { fail, ok, type Problem, type Result } from "../../src/result.ts";
import type { CallWork } from "../../worker/client.ts";
import { addBodies, type NewBody } from "./add-bodies.ts";
import type { HostApp, HostCommand, HostCore } from "./host-types.ts";
import { makeMold, type Engine, type MoldSettings, type ReportWanted } from "./make-mold.ts";
import { clearMarks, markFindings } from "./mark-findings.ts";
import { ICONS, KEYS, type CommandKey } from "./ribbon.ts";
import { fileStem, selectedBody, type SelectedBody } from "./selected-body.ts";
import type { CheckShown } from "./show-check.ts";
import type { TextKey } from "./texts.ts";
import { translate, translateProblem } from "./translate.ts";

/** What differs between the host and a test. */
export interface PluginContext {
  readonly core: HostCore;
  readonly engine: () => Promise<Engine>;
  /** Asks for material and factor, and for file formats where files are wanted; undefined when the user thinks better of it. */
  readonly ask: (title: TextKey, last: MoldSettings, wantsFiles: boolean) => Promise<MoldSettings | undefined>;
  /** Runs long work with its progress shown and a way to cancel it. */
  readonly work: <T>(title: TextKey, run: (work: CallWork) => Promise<T>) => Promise<T>;
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
        const words = (problem: Problem): string => translateProblem(context.core, problem);
        const lines = done.ok ? [...done.value, ...done.warnings.map(words)] : done.problem.code === "CANCELLED" ? [] : [words(done.problem)];
        if (lines.length > 0) context.tell(lines);
      }
    };
    // The host answers a command without a document with silence; this one says what is missing.
    context.core.CommandStore.registerCommand(Command, { key, icon: { type: "url", value: ICONS[key] }, helpText: `${key}.help`, isApplicationCommand: true });
    return Command;
  });
}

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
      const { findings } = checked.value, { kind, counts } = judgeReport({ findings }), count = String;
      const unmatched = markFindings(core, view, body.value, opened.value.summary.bodies[0].faces, findings);
      const broken = findings.filter(({ verdict, severity }) => verdict === "fail" && severity === "blocking").length, unsure = findings.filter(({ verdict }) => verdict === "undecided" || verdict === "not-evaluated").length;
      const lines = [
        kind === "blocked" ? translate(core, broken === 1 ? "oversize.check.blockedOne" : "oversize.check.blocked", node.name, count(broken))
          : kind === "open" ? translate(core, "oversize.check.open", node.name, count(unsure)) : translate(core, "oversize.check.clear", node.name),
        translate(core, "oversize.check.counts", count(counts.advisory), count(counts.passed), count(counts["not-evaluated"])),
        translate(core, "oversize.check.as", material, profile),
        ...(unmatched > 0 ? [translate(core, unmatched === 1 ? "oversize.check.unmarkedOne" : "oversize.check.unmarked", count(unmatched))] : []),
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
  const { core } = context, body = selectedBody(core, app);
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
    if (!file) return fail("MOLD_FALLBACK", translate(core, "oversize.mold.noStep"));
    bodies.push({ name: translate(core, `oversize.part.${role}`, stem), file });
  }
  const added = addBodies(core, app, body.value, translate(core, what === "mold" ? "oversize.part.mold" : "oversize.part.oversized", stem), bodies);
  if (!added.ok) return added;
  return ok([translate(core, "oversize.mold.added", bodies.map((b) => b.name).join(", "), [...new Set(osf)].join(" / "))], made.warnings);
}

/** Makes the mold with its proofs and hands its files, and the report, to the browser's downloads: several as one zip. */
async function exportMold(context: PluginContext, app: HostApp): Promise<Result<readonly string[]>> {
  const { core } = context, body = selectedBody(core, app), title = "command.oversize.export";
  if (!body.ok) return body;
  const asked = await choose(context, title, true);
  if (!asked.ok) return asked;
  const engine = await context.engine();
  const made = await context.work(title, async (work) => makeMold(engine, body.value, asked.value, work, asked.value.report ? await context.report() : undefined));
  if (!made.ok) return made;
  const { files, osf } = made.value, stem = fileStem(body.value.node.name), name = files.length === 1 ? files[0].path : `${stem}.mold.zip`;
  const bytes = files.length === 1 ? files[0].bytes : zipSync(Object.fromEntries(files.map((file) => [file.path, file.bytes])));
  core.download([new Uint8Array(bytes)], name);
  const kinds = [...new Set(files.map(({ format }) => format.toUpperCase()))].join(", "), several = files.length > 1 ? [translate(core, "oversize.export.holds", String(files.length), kinds)] : [];
  return ok([translate(core, "oversize.export.done", name, [...new Set(osf)].join(" / ")), ...several], made.warnings);
}

/** What to mold with, remembered for the next time once it is sound. */
async function choose(context: PluginContext, title: TextKey, wantsFiles: boolean): Promise<Result<MoldSettings>> {
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

import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Engine } from "../engine.ts";
import { resolveOsf, type ResolvedMaterial } from "../mim/osf.ts";
import { resolveProfile } from "../mim/profile.ts";
import { buildReport, sinteredDensity } from "../report/build-report.ts";
import { reportHtml } from "../report/formats/html.ts";
import { describeWalls } from "../report/describe-walls.ts";
import { partBodies } from "../report/formats/part-bodies.ts";
import type { ReportMold } from "../report/report.ts";
import { drawThumbnail } from "../report/thumbnail.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { Work } from "../progress.ts";
import type { Job, JobOutcome } from "./job.ts";
import { moldPart } from "./mold-part.ts";
import { reportViewer } from "./report-viewer.ts";
import { VERSION } from "./version.ts";
import { writeOutputs, type OutputFile } from "./write-files.ts";

/** Takes one file down the one path and writes its results. Never throws for a bad file. */
export async function runJob(engine: Engine, job: Job, work: Work): Promise<JobOutcome> {
  try {
    return await runSteps(engine, job, work);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const code = /out of memory|allocation failed|Cannot enlarge memory/i.test(text) ? "OUT_OF_MEMORY" : "CRASH";
    return failed(fail(code, text).problem);
  }
}

const failed = (problem: Problem): JobOutcome => ({ ok: false, problem, files: [] });

async function runSteps(engine: Engine, job: Job, work: Work): Promise<JobOutcome> {
  const clock = startClock();
  const profile = resolveProfile(job.profile);
  if (!profile.ok) return failed(profile.problem);
  const material = chooseMaterial(job);
  if (!material.ok) return failed(material.problem);
  const bytes = await readInput(job);
  if (!bytes.ok) return failed(bytes.problem);
  const opened = await engine.open({ name: basename(job.input), bytes: bytes.value }, {
    unit: job.unit, bodies: job.bodies, deflectionMm: job.deflectionMm, maxBytes: job.maxBytes, maxFacets: job.maxFacets,
  }, work);
  if (!opened.ok) return failed(opened.problem);
  using open = opened.value;
  clock.lap("read");
  const problems: Problem[] = [...material.warnings, ...opened.warnings];
  const checked = job.check ? await engine.check(open, {
    profile: profile.value, osf: material.value?.osf, densityGcm3: material.value && sinteredDensity(material.value), pull: job.pull ?? "auto",
  }, work) : undefined;
  if (checked && !checked.ok) return failed(checked.problem);
  clock.lap("check");
  const pull = checked?.value.bodies[0]?.pull;
  const molds: ReportMold[] = [];
  if (job.mold && material.value) {
    const pulls = new Map(checked?.value.bodies.flatMap((b) => (b.pull ? [[b.id, b.pull.direction] as const] : [])));
    const molded = await moldPart(engine, open, job, material.value.osf, work, pulls);
    // The findings of a part whose mold fails its proofs are worth having: the problem goes into the report beside them.
    if (!molded.ok && !job.check) return failed(molded.problem);
    problems.push(...(molded.ok ? molded.value.problems : [molded.problem]));
    for (const mold of molded.ok ? molded.value.molds : []) {
      const files = await writeOutputs(job.outDir, mold.outputs);
      if (!files.ok) return failed(files.problem);
      molds.push({ ...mold.report, files: files.value });
    }
    clock.lap("mold");
  }
  const report = buildReport({
    version: VERSION, part: open.part, material: material.value, profile: profile.value, problems, findings: checked?.value.findings, walls: checked && describeWalls(checked.value.bodies), molds,
    ...(pull && { pull: { direction: pull.direction, chosenBy: pull.chosenBy, alternatives: pull.alternatives } }), settings: job.settings, timingsMs: clock.laps,
  });
  const outputs: OutputFile[] = [];
  if (job.thumbnail) outputs.push({ path: `${job.stem}.png`, format: "png", bytes: drawThumbnail(open.part.bodies.map((body) => body.facets)) });
  if (job.writeReport) outputs.push({ path: `${job.stem}.report.json`, format: "json", bytes: `${JSON.stringify(report, null, 2)}\n` });
  if (job.writeReport) outputs.push({ path: `${job.stem}.report.html`, format: "html", bytes: reportHtml(report, { viewer: await reportViewer(), bodies: partBodies(open.part, checked?.value.bodies, profile.value) }) });
  const written = await writeOutputs(job.outDir, outputs);
  if (!written.ok) return failed(written.problem);
  return { ok: true, report, files: [...molds.flatMap((m) => m.files), ...written.value].map((f) => f.path) };
}

/** The material, where one was asked for; checks alone need none. */
function chooseMaterial(job: Job): Result<ResolvedMaterial | undefined> {
  if (!job.material) return job.mold ? fail("MATERIAL_UNKNOWN", "A mold needs one.", "Name it with --material, or give --osf.") : ok(undefined);
  const resolved = resolveOsf(job.material);
  if (resolved.ok || job.mold || resolved.problem.code !== "OSF_UNKNOWN") return resolved;
  return ok(undefined, [warning("OSF_UNKNOWN", resolved.problem.message, resolved.problem.suggestion)]);
}

async function readInput(job: Job): Promise<Result<Uint8Array>> {
  try {
    const info = await stat(job.input);
    if (info.isDirectory()) return fail("FILE_UNREADABLE", "It is a folder.", "Use oversize batch for folders.");
    if (info.size > job.maxBytes) return fail("FILE_TOO_LARGE", `It has ${info.size} bytes, the limit is ${job.maxBytes}.`);
    return ok(await readFile(job.input));
  } catch (error) {
    return fail("FILE_UNREADABLE", (error as NodeJS.ErrnoException).code === "ENOENT" ? "There is no such file." : (error as Error).message);
  }
}

function startClock(): { lap: (name: string) => void; laps: Record<string, number> } {
  let last = performance.now();
  const laps: Record<string, number> = {};
  return { laps, lap: (name) => { const now = performance.now(); laps[name] = Math.round(now - last); last = now; } };
}

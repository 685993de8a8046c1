import { join, relative } from "node:path";
import type { Finding } from "../dfm/finding.ts";
import type { Report, ReportMold } from "../report/report.ts";
import type { Vec3 } from "../units.ts";
import { paint, printable } from "./terminal.ts";

/** What a person wants to read after a run: part, material, findings, mold with its proofs, files. */
export function summarise(report: Report, files: readonly string[], outDir: string): string {
  const lines = [...partLines(report), ...findingLines(report), ...report.molds.flatMap((mold) => moldLines(mold, report.part.solids > 1))];
  for (const problem of report.problems) lines.push(`  ${paint("!", "yellow", process.stdout)} ${problem.code}: ${printable(problem.message)}`);
  if (files.length > 0) {
    lines.push("Files");
    for (const file of files) lines.push(`  ${printable(relative(process.cwd(), join(outDir, file)) || file)}`);
  }
  return `${lines.join("\n")}\n`;
}

function partLines({ part, material }: Report): string[] {
  const [low, high] = part.bboxMm;
  const size = low.map((v, k) => (high[k] - v).toFixed(2)).join(" × ");
  const mass = part.massG === undefined ? "mass not evaluated" : `${part.massG.toFixed(2)} g`;
  const lines = [
    paint(printable(part.file), "bold", process.stdout),
    `  ${part.reader === "exact" ? "exact" : "facets only"} · ${part.solids} ${part.solids === 1 ? "body" : "bodies"} · ${part.faces} faces · ${size} mm · ${(part.volumeMm3 / 1000).toPrecision(5)} cm³ · ${mass}`,
  ];
  if (material) lines.push(`  ${material.id} · OSF ${material.osf[0] === material.osf[1] && material.osf[1] === material.osf[2] ? material.osf[0] : material.osf.join(", ")} · shrinkage ${shrinkage(material.shrinkagePercent)} %`);
  return lines;
}

/** Lines of one code before the rest is only counted: a part with forty drafts missing has one problem, not forty. */
const LINES_EACH = 3;

function findingLines({ findings, part }: Report): string[] {
  if (findings.length === 0) return ["Findings", "  – not evaluated"];
  const lines = ["Findings"], shown = new Map<string, number>(), rest = new Map<string, number>();
  for (const f of findings.filter(({ verdict }) => verdict === "fail" || verdict === "undecided")) {
    const kind = `${f.code} ${f.severity}`, count = (shown.get(kind) ?? 0) + 1;
    shown.set(kind, count);
    if (count <= LINES_EACH) lines.push(`  ${markOf(f)} ${f.code}${f.verdict === "undecided" ? " (undecided)" : ""}: ${part.solids > 1 ? `body ${f.body}: ` : ""}${printable(f.message)}`);
    else rest.set(f.code, (rest.get(f.code) ?? 0) + 1);
  }
  if (rest.size > 0) lines.push(`  … ${[...rest].map(([code, n]) => `${n} more ${code}`).join(", ")}: see the report`);
  const count = (verdict: Finding["verdict"]): number => findings.filter((f) => f.verdict === verdict).length;
  lines.push(`  ✓ ${count("pass")} passed · – ${count("not-evaluated")} not evaluated`);
  return lines;
}

const markOf = ({ severity }: Finding): string => (severity === "blocking" ? paint("■", "red", process.stdout) : paint("▲", "yellow", process.stdout));

function moldLines(mold: ReportMold, several: boolean): string[] {
  const { proofs } = mold;
  const tick = (holds: boolean): string => (holds ? paint("✓", "green", process.stdout) : paint("✗", "red", process.stdout));
  const pull = mold.pull.direction.map((v) => Number(v.toFixed(4))).join(", ");
  const lines = [
    `Mold${several ? ` of body ${mold.bodies.join(", ")}` : ""} (${mold.realisation === "exact" ? "exact" : "facets"}), pull ${pull}${mold.pull.chosenBy === "auto" ? " (chosen)" : ""}`,
    `  ${tick(proofs.volumeRatio.holds)} volume ratio ${proofs.volumeRatio.measured.toPrecision(12)} of ${proofs.volumeRatio.expected.toPrecision(12)}`,
    `  ${tick(proofs.closure.holds)} core + cavity + part = block within ${Math.abs(proofs.closure.measured - proofs.closure.expected).toExponential(1)}`,
    `  ${tick(proofs.overlapMm3.holds)} overlap at most ${proofs.overlapMm3.measured.toExponential(1)} mm³`,
  ];
  if (proofs.sameSurfaces) lines.push(`  ${tick(proofs.sameSurfaces.holds)} same faces and surface types`);
  if (proofs.readBack) lines.push(`  ${tick(proofs.readBack.holds && (proofs.secondReader?.holds ?? true))} ${proofs.files?.length ?? 0} STEP files, every solid in them read back by both readers`);
  lines.push(proofs.pullFree.holds ? `  ${tick(true)} both halves withdraw freely` : `  ▲ ${proofs.pullFree.trappedMm2.toPrecision(4)} mm² trapped between halves that meet in a plane: side actions or a stepped parting face needed`);
  return lines;
}

/** One number where the axes agree, else three. */
function shrinkage(percent: Vec3): string {
  const shown = percent.map((p) => p.toFixed(2));
  return new Set(shown).size === 1 ? shown[0] : shown.join(" / ");
}

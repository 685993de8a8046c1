import { join, relative } from "node:path";
import type { Finding } from "../dfm/finding.ts";
import type { Report, ReportMold } from "../report/report.ts";
import type { Vec3 } from "../units.ts";
import { paint, printable } from "./terminal.ts";

/** What a person wants to read after a run: part, material, findings, mold with its proofs, files. */
export function summarise(report: Report, files: readonly string[], outDir: string): string {
  const lines = [...partLines(report), ...findingLines(report.findings), ...report.molds.flatMap(moldLines)];
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

function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ["Findings", "  – not evaluated"];
  const open = findings.filter((f) => f.verdict === "fail" || f.verdict === "undecided");
  const passed = findings.filter((f) => f.verdict === "pass").length, skipped = findings.filter((f) => f.verdict === "not-evaluated").length;
  const lines = ["Findings"];
  for (const f of open) {
    const mark = f.severity === "blocking" ? paint("■", "red", process.stdout) : paint("▲", "yellow", process.stdout);
    lines.push(`  ${mark} ${f.code}${f.verdict === "undecided" ? " (undecided)" : ""}: ${printable(f.message)}`);
  }
  lines.push(`  ✓ ${passed} passed · – ${skipped} not evaluated`);
  return lines;
}

function moldLines(mold: ReportMold): string[] {
  const { proofs } = mold;
  const tick = (holds: boolean): string => (holds ? paint("✓", "green", process.stdout) : paint("✗", "red", process.stdout));
  const pull = mold.pull.direction.map((v) => Number(v.toFixed(4))).join(", ");
  const lines = [
    `Mold (${mold.realisation === "exact" ? "exact" : "facets"}), pull ${pull}${mold.pull.chosenBy === "auto" ? " (chosen)" : ""}`,
    `  ${tick(proofs.volumeRatio.holds)} volume ratio ${proofs.volumeRatio.measured.toPrecision(12)} of ${proofs.volumeRatio.expected.toPrecision(12)}`,
    `  ${tick(proofs.closure.holds)} core + cavity + part = block within ${Math.abs(proofs.closure.measured - proofs.closure.expected).toExponential(1)}`,
    `  ${tick(proofs.overlapMm3.holds)} overlap ${proofs.overlapMm3.measured.toExponential(1)} mm³`,
  ];
  if (proofs.sameSurfaces) lines.push(`  ${tick(proofs.sameSurfaces.holds)} same faces and surface types`);
  if (proofs.readBack) lines.push(`  ${tick(proofs.readBack.holds)} read back by the second reader`);
  lines.push(proofs.pullFree.holds ? `  ${tick(true)} both halves withdraw freely` : `  ▲ ${proofs.pullFree.trappedMm2.toPrecision(4)} mm² trapped: side actions needed`);
  return lines;
}

/** One number where the axes agree, else three. */
function shrinkage(percent: Vec3): string {
  const shown = percent.map((p) => p.toFixed(2));
  return new Set(shown).size === 1 ? shown[0] : shown.join(" / ");
}

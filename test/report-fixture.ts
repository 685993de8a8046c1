import { FINDING_KINDS, type Finding, type FindingCode, type Verdict } from "../src/dfm/finding.ts";
import { MOLD_DEFAULTS } from "../src/mold/design.ts";
import { resolveProfile } from "../src/mim/profile.ts";
import type { PageBody } from "../src/report/formats/page-body.ts";
import { REPORT_SCHEMA, type Report } from "../src/report/report.ts";
import { warning } from "../src/result.ts";

/** Names that try to be markup, script, formula or line ends. */
export const HOSTILE = [
  "</script><script>globalThis.hacked=1</script>", "\"><img src=x onerror=\"globalThis.hacked=2\">", "<!--<script>", "'-alert(1)-'",
  "=HYPERLINK(\"http://x\",\"y\")", "+1+1", "@SUM(A1)", "\t=1", "＝1+1", "a\u2028b\u2029c", "\u202egnp.exe", "]]>", "&amp;&lt;", "\u0000\u0008\u001b[31m", "\ud800 half",
  "back`tick${1}", "-1", "line\r\nbreak",
];

/** One finding. */
export function finding(code: FindingCode, verdict: Verdict, over: Partial<Finding> = {}): Finding {
  return {
    id: `${code}-1`, code, body: "1", verdict, severity: FINDING_KINDS[code].severity, faces: [0], points: [[0, 0, 1]], method: "measured",
    message: "A message.", ...(verdict !== "not-evaluated" && { measured: { value: 0.42, low: 0.418, high: 0.422, unit: "mm" as const }, limit: { min: 0.5, unit: "mm" as const, source: "profile" } }), ...over,
  };
}

/** A report in which every text that comes from a file or a person is `name`. */
export function reportOf(name = "Bracket", findings?: readonly Finding[]): Report {
  const profile = resolveProfile("align");
  if (!profile.ok) throw new Error(profile.problem.message);
  const proof = { holds: true, measured: 1, expected: 1, tolerance: 1e-9 };
  return {
    schema: REPORT_SCHEMA, tool: { name: "oversize", version: "0.1.0" },
    part: {
      file: name, sha256: "ab".repeat(32), name, schema: "AP214", unit: name, reader: "exact", solids: 1, faces: 6, facets: 12, bboxMm: [[-1, -1, -1], [1, 1, 1]],
      volumeMm3: 8, areaMm2: 24, massG: 0.06, valid: true, bodies: [{ id: "1", name, instances: 1, faces: 6, volumeMm3: 8, areaMm2: 24, bboxMm: [[-1, -1, -1], [1, 1, 1]] }],
      setAside: { sheets: 0, wires: 1, annotations: 0 },
    },
    material: { id: name, osf: [1.165, 1.165, 1.171], shrinkagePercent: [14.16, 14.16, 14.6], solidsLoadingPercent: 63, densityGcm3: 7.85, source: name, feedstock: { id: name, vendor: name, grade: name, lot: name, date: "2026-01-10" } },
    profile: { id: "align", limits: profile.value.limits },
    pull: { direction: [0, 0, 1], chosenBy: "auto", alternatives: [[0, 0, 1], [1, 0, 0]].map((direction, i) => ({ direction: direction as [number, number, number], trappedMm2: i, sideActions: i, draftDeficitMm2: 0, partingSpreadMm: 0 })) },
    findings: findings ?? [
      finding("WALL_THIN", "fail", { message: name, method: name, limit: { min: 0.5, unit: "mm", source: name } }), finding("DRAFT_LOW", "undecided", { message: name }),
      finding("UNDERCUT", "not-evaluated", { message: name }), finding("MASS_RANGE", "pass", { message: name, faces: [], points: [] }), finding("EDGE_SHARP", "fail", { severity: "advisory", edges: [0], faces: [0, 1], message: name }),
    ],
    walls: [{ body: "1", medianMm: 1.5, meanMm: 1.4, areaMm2: 12, histogram: { bordersMm: [0, 0.4, 0.8, 1.2, 1.6, 2], areaMm2: [1, 0, 2, 6, 3] } }],
    molds: [{
      bodies: ["1"], realisation: "exact", design: { ...MOLD_DEFAULTS, osf: [1.165, 1.165, 1.171] }, pull: { direction: [0, 0, 1], chosenBy: "auto" }, partingMm: 0,
      proofs: { volumeRatio: proof, closure: proof, overlapMm3: { ...proof, measured: 0, expected: 0 }, pullFree: { holds: false, trappedMm2: 0.25, faces: [1], points: [[0, 0, 1]] } },
      files: [{ path: name, format: "step", bytes: 12, sha256: "cd".repeat(32) }],
    }],
    problems: [warning("OSF_DEFAULT", name)], settings: { out: { value: name, from: "user" } }, timingsMs: { read: 12, check: 30 },
  };
}

/** A 2 mm cube with one face per side, a thickness, a draft and an undercut map. */
export function cubeBody(name = "cube"): PageBody {
  const positions: number[] = [], normals: number[] = [], indices: number[] = [], faceOf: number[] = [], edges: number[] = [];
  for (let axis = 0; axis < 3; axis++) for (const side of [-1, 1]) {
    const u = (axis + 1) % 3, v = (axis + 2) % 3, first = positions.length / 3;
    const corner = (a: number, b: number): number[] => { const p = [0, 0, 0]; p[axis] = side; p[u] = a; p[v] = b; return p; };
    const around = side > 0 ? [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)] : [corner(-1, -1), corner(-1, 1), corner(1, 1), corner(1, -1)];
    around.forEach((p, i) => { positions.push(...p); normals.push(...[0, 1, 2].map((k) => (k === axis ? side : 0))); edges.push(...p, ...around[(i + 1) % 4]); });
    indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    faceOf.push(axis * 2 + (side + 1) / 2, axis * 2 + (side + 1) / 2);
  }
  const count = positions.length / 3, spread = (from: number, to: number): Float32Array => Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / count);
  const values = spread(0.2, 3);
  values[0] = NaN;
  return {
    id: "1", name, originMm: [0, 0, 0], positions: new Float32Array(positions), normals: new Float32Array(normals), indices: new Uint32Array(indices), faceOf: new Uint32Array(faceOf),
    edges: new Float32Array(edges), edgeOf: Uint32Array.from({ length: edges.length / 6 }, (_, i) => i),
    maps: [
      { kind: "thickness", method: name, values, limits: { min: 0.5, max: 6 } },
      { kind: "draft", method: name, values: spread(-90, 90), limits: { min: 0.5 } },
      { kind: "undercut", method: name, values: new Float32Array(count), limits: {}, patches: { facets: new Uint32Array([10, 11]), corners: new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0, 0, 1, 0, 0, 0.5, 0.5]) } },
    ],
  };
}

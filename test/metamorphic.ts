import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { CheckOutput } from "../src/dfm/check.ts";
import type { FindingCode, Measured, MeasureUnit } from "../src/dfm/finding.ts";
import { SEARCH_ERROR } from "../src/dfm/search-walls.ts";
import type { Vec3 } from "../src/units.ts";
import type { MeshAs, ShapeKernel } from "./shapes/kernel.ts";

/** A way to look at the same part again. Lengths grow by `scale`, directions turn with `turn`. */
export interface Again {
  readonly name: string;
  readonly shape: (k: ShapeKernel, shape: TopoDS_Shape) => TopoDS_Shape;
  readonly mesh: (own: Required<MeshAs>) => Required<MeshAs>;
  readonly turn: (d: Vec3) => Vec3;
  readonly scale: number;
}

const AXIS: Vec3 = [0.3, 1, -0.7], TURN_DEG = 123.4, ORIGIN: Vec3 = [1, -2, 3], BY: Vec3 = [250, -31, 17];
const OSF = 1.165, INCH_MM = 25.4;
const same = { shape: (_: ShapeKernel, shape: TopoDS_Shape) => shape, mesh: (own: Required<MeshAs>) => own, turn: (d: Vec3) => d, scale: 1 };
const meshed = (factor: number, angle: number) => ({ deflectionMm, angleDeg }: Required<MeshAs>): Required<MeshAs> => ({ deflectionMm: deflectionMm * factor, angleDeg: angleDeg * angle });

/** The list: facets four times as coarse and as fine, turned and moved, read in another unit, grown by the oversize factor. */
export const AGAIN: readonly Again[] = [
  { ...same, name: "×4 coarser", mesh: meshed(4, 2) },
  { ...same, name: "×4 finer", mesh: meshed(1 / 4, 1 / 2) },
  { ...same, name: "turned and moved", shape: (k, shape) => k.move(k.turn(shape, ORIGIN, AXIS, TURN_DEG), BY), turn: (d) => turned(d, AXIS, TURN_DEG) },
  { ...same, name: "in inches", shape: (k, shape) => k.scale(k.scale(shape, 1 / INCH_MM), INCH_MM) },
  { ...same, name: "× OSF", shape: (k, shape) => k.scale(shape, OSF), mesh: meshed(OSF, 1), scale: OSF },
];

/** A direction turned about an axis (Rodrigues). */
export function turned(d: Vec3, axis: Vec3, deg: number): Vec3 {
  const l = Math.hypot(...axis), [x, y, z] = axis.map((a) => a / l), c = Math.cos((deg * Math.PI) / 180), s = Math.sin((deg * Math.PI) / 180), dot = x * d[0] + y * d[1] + z * d[2];
  const cross = [y * d[2] - z * d[1], z * d[0] - x * d[2], x * d[1] - y * d[0]];
  return [0, 1, 2].map((k) => c * d[k] + s * cross[k] + (1 - c) * dot * [x, y, z][k]) as [number, number, number];
}

/** Powers of length in each unit. */
const POWER: Record<MeasureUnit, number> = { mm: 1, mm2: 2, mm3: 3, g: 3, kN: 2, deg: 0, ratio: 0, count: 0 };
/** Codes whose worst value is their least. */
const LEAST: ReadonlySet<FindingCode> = new Set(["WALL_THIN", "FEATHER_EDGE", "DRAFT_LOW", "RADIUS_SMALL", "STEEL_THIN", "HOLE_DIAMETER"]);

/** What one code says: its verdicts, and bounds of its worst value brought back by the scale. */
export interface Gist { readonly verdicts: string; readonly worst?: Measured }

/** Every code's gist. */
export function gistOf(out: CheckOutput, scale = 1): Map<FindingCode, Gist> {
  const gist = new Map<FindingCode, Gist>();
  for (const code of new Set(out.findings.map((f) => f.code))) {
    const own = out.findings.filter((f) => f.code === code), pick = LEAST.has(code) ? Math.min : Math.max, measured = own.flatMap((f) => f.measured ?? []);
    const back = (m: Measured): number => 1 / scale ** POWER[m.unit];
    const worst = measured.length === 0 ? undefined : {
      value: pick(...measured.map((m) => m.value * back(m))), low: pick(...measured.map((m) => m.low * back(m))), high: pick(...measured.map((m) => m.high * back(m))), unit: measured[0].unit,
    };
    gist.set(code, { verdicts: [...new Set(own.map((f) => `${f.verdict} ${f.severity}`))].sort().join(", "), worst });
  }
  return gist;
}

/** In words, what another look at the part says differently: verdicts (limits do not grow with the part), and values whose intervals do not meet. */
export function differences(a: CheckOutput, b: CheckOutput, again: Again): string[] {
  const was = gistOf(a), is = gistOf(b, again.scale), out: string[] = [];
  for (const code of new Set([...was.keys(), ...is.keys()])) {
    // The box of a part depends on how it lies.
    if (code === "SIZE_RANGE" && again.shape !== same.shape && again.turn !== same.turn) continue;
    const x = was.get(code), y = is.get(code);
    if (again.scale === 1 && x?.verdicts !== y?.verdicts) out.push(`${code}: ${x?.verdicts} → ${y?.verdicts}`);
    const [m, n] = [x?.worst, y?.worst];
    if (!m !== !n && again.scale === 1) out.push(`${code}: ${m ? "measured" : "not measured"} → ${n ? "measured" : "not measured"}`);
    if (!m || !n) continue;
    // The interval of the thinnest wall is that of the wall shown.
    const slack = code === "WALL_THIN" ? SEARCH_ERROR * m.value : 1e-9 * Math.abs(m.value) + 1e-9;
    if (Math.max(m.low, n.low) - Math.min(m.high, n.high) > slack) out.push(`${code}: ${show(m)} → ${show(n)}`);
  }
  return out;
}

const show = ({ value, low, high, unit }: Measured): string => `${value.toPrecision(7)} [${low.toPrecision(7)}, ${high.toPrecision(7)}] ${unit}`;

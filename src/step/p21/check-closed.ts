import { fail, ok, warning, type Result } from "../../result.ts";
import type { Part21 } from "./part21.ts";
import type { FaceTopology, ShellTopology } from "./topology.ts";

/**
 * Watertightness from the text alone: in a closed shell every edge is used exactly twice, once in each sense.
 * Independent of any kernel, which may close gaps with tolerance and not say so.
 *
 * `NOT_CLOSED` when an edge is used once, or its two faces run the same way along it; `INVALID_SOLID` when a face
 * stands in the shell twice or an edge is used more often than twice. One exception: OCCT writes
 * toroidal faces of left-handed frames (fillet rings, and every ring of a mirrored part) with their boundary turned
 * over, and turns them back on reading. It always writes parameter curves; where all edges of such a face have them and
 * turning it over makes everything agree, it passes with `HEALED`.
 */
export function checkClosed(p: Part21, shell: ShellTopology): Result<void> {
  const faces = new Set<number>();
  for (const { instance } of shell.faces) {
    if (faces.has(instance)) return fail("INVALID_SOLID", `${p.name(shell.instance)} lists ${p.name(instance)} twice.`);
    faces.add(instance);
  }
  const turnedTori = turnedToroidalFaces(p, shell);
  const uses = countUses(shell, turnedTori);
  let open = 0, turned = 0, many = 0, example = "";
  for (const [edge, [along, against]] of uses) {
    if (along === 1 && against === 1) continue;
    if (along + against > 2) many++;
    else if (along + against === 1) open++;
    else turned++;
    example ||= typeof edge === "number" ? `, for instance ${p.name(edge)}` : "";
  }
  if (open) return fail("NOT_CLOSED", `${count(open, "edge")} of ${p.name(shell.instance)} ${open === 1 ? "belongs" : "belong"} to one face only${example}.`);
  if (turned) return fail("NOT_CLOSED", `Faces of ${p.name(shell.instance)} disagree about the direction of ${count(turned, "edge")}${example}.`);
  if (many) return fail("INVALID_SOLID", `${count(many, "edge")} of ${p.name(shell.instance)} ${many === 1 ? "belongs" : "belong"} to more than two faces${example}.`);
  return ok(undefined, turnedTori.size ? [warning("HEALED", `${count(turnedTori.size, "toroidal face")} of ${p.name(shell.instance)} written turned over, as Open CASCADE does.`)] : []);
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Toroidal faces that run the same way as each of their neighbours along every edge but their seams. */
function turnedToroidalFaces(p: Part21, shell: ShellTopology): Set<number> {
  const torus = p.flags((name) => name === "TOROIDAL_SURFACE" || name === "DEGENERATE_TOROIDAL_SURFACE");
  const uses = countUses(shell, new Set());
  const turned = new Set<number>();
  for (const face of shell.faces) {
    if (!p.among(face.surface, torus) || !hasParameterCurves(p, face)) continue;
    const own = countUses({ instance: shell.instance, faces: [face] }, turned);
    let agree = 0, disagree = 0;
    for (const [edge, [along, against]] of own) {
      const all = uses.get(edge);
      if (!all || along + against !== 1) continue;
      if (all[0] === 1 && all[1] === 1) agree++;
      else if (all[0] + all[1] === 2) disagree++;
    }
    if (disagree && !agree) turned.add(face.instance);
  }
  return turned;
}

function hasParameterCurves(p: Part21, face: FaceTopology): boolean {
  const onSurface = p.flags((name) => name === "SURFACE_CURVE" || name === "SEAM_CURVE");
  const edgeCurve = p.find("EDGE_CURVE");
  return face.loops.every((loop) => loop.edges.every((edge) => {
    const curve = p.ref(p.part(edge, edgeCurve), 3);
    return curve >= 0 && p.among(curve, onSurface);
  }));
}

/** Uses of each edge `[along, against]`; edges of poly loops are keyed by their two points. Faces in `turned` count turned over. */
function countUses(shell: { readonly instance: number; readonly faces: readonly FaceTopology[] }, turned: ReadonlySet<number>): Map<number | string, [number, number]> {
  const uses = new Map<number | string, [number, number]>();
  const use = (edge: number | string, along: boolean): void => {
    let seen = uses.get(edge);
    if (!seen) uses.set(edge, (seen = [0, 0]));
    seen[along ? 0 : 1]++;
  };
  for (const face of shell.faces) {
    const over = turned.has(face.instance);
    for (const loop of face.loops) {
      loop.edges.forEach((edge, i) => use(edge, loop.along[i] !== over));
      loop.points.forEach((a, i) => {
        const b = loop.points[(i + 1) % loop.points.length];
        use(a < b ? `${a},${b}` : `${b},${a}`, a < b);
      });
    }
  }
  return uses;
}

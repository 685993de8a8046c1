import type { Vec3 } from "../../src/units.ts";
import type { FaceSummary } from "../../worker/protocol.ts";
import type { HostFaces } from "./host-types.ts";

interface HostFace {
  readonly index: number;
  readonly areaMm2: number;
  readonly centroidMm: Vec3;
}

/**
 * Host face of each of our faces, by index of ours. STEP need not keep the order of faces, so a face is taken by
 * its own number only when its area and centre agree, else by the one other face that does. Faces that cannot be
 * told apart are left out: a mark on the wrong face is worse than none.
 */
export function matchFaces(ours: readonly Pick<FaceSummary, "index" | "areaMm2" | "centroidMm">[], faces: HostFaces): Map<number, number> {
  const theirs = hostFaces(faces), byIndex = new Map(theirs.map((face) => [face.index, face])), matched = new Map<number, number>();
  for (const face of ours) {
    const allowed = 0.1 * Math.sqrt(face.areaMm2) + 1e-3;
    const cost = (other: HostFace): number => distance(face.centroidMm, other.centroidMm) + Math.abs(Math.sqrt(face.areaMm2) - Math.sqrt(other.areaMm2));
    const same = byIndex.get(face.index);
    if (same && cost(same) <= allowed && !theirs.some((other) => other !== same && cost(other) < cost(same) * 0.5)) { matched.set(face.index, same.index); continue; }
    const [best, next] = theirs.map((other) => ({ other, cost: cost(other) })).sort((a, b) => a.cost - b.cost);
    if (best && best.cost <= allowed && (!next || next.cost > best.cost * 2)) matched.set(face.index, best.other.index);
  }
  return dropDoubles(matched);
}

function hostFaces({ position, index, range }: HostFaces): HostFace[] {
  const counted = range.reduce((sum, r) => sum + r.count, 0);
  // Ranges count indices; a build that counts triangles is known by its sum.
  const unit = counted > 0 && counted * 3 === index.length ? 3 : 1;
  return range.map(({ start, count, shape }) => {
    const centre = [0, 0, 0];
    let area = 0;
    for (let i = start * unit; i + 2 < (start + count) * unit + 0.5; i += 3) {
      const [a, b, c] = [index[i] * 3, index[i + 1] * 3, index[i + 2] * 3];
      const u = [0, 1, 2].map((k) => position[b + k] - position[a + k]), v = [0, 1, 2].map((k) => position[c + k] - position[a + k]);
      const twice = Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
      area += twice / 2;
      for (let k = 0; k < 3; k++) centre[k] += (twice / 6) * (position[a + k] + position[b + k] + position[c + k]);
    }
    return { index: shape.index, areaMm2: area, centroidMm: [centre[0] / (area || 1), centre[1] / (area || 1), centre[2] / (area || 1)] };
  });
}

/** Two of ours on one of theirs: neither can be trusted. */
function dropDoubles(matched: Map<number, number>): Map<number, number> {
  const uses = new Map<number, number>();
  for (const theirs of matched.values()) uses.set(theirs, (uses.get(theirs) ?? 0) + 1);
  return new Map([...matched].filter(([, theirs]) => uses.get(theirs) === 1));
}

const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

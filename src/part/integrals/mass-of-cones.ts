import type { MassProperties } from "../part.ts";
import type { Vec3 } from "../../units.ts";
import type { FaceIntegrals } from "./face-integrals.ts";

/** Volume, centroid and inertia of what faces enclose, from the sum of their integrals about one reference point. */
export function massOfCones(sum: FaceIntegrals, referenceMm: Vec3): Pick<MassProperties, "volumeMm3" | "centroidMm" | "inertiaMm5"> {
  const [, volumeMm3, x, y, z, xx, yy, zz, xy, yz, zx] = sum;
  const [cx, cy, cz] = volumeMm3 === 0 ? [0, 0, 0] : [x / volumeMm3, y / volumeMm3, z / volumeMm3];
  const [a, b, c] = [xx - x * cx, yy - y * cy, zz - z * cz], [ab, bc, ca] = [xy - x * cy, yz - y * cz, zx - z * cx];
  return {
    volumeMm3, centroidMm: [referenceMm[0] + cx, referenceMm[1] + cy, referenceMm[2] + cz],
    inertiaMm5: [b + c, -ab, -ca, -ab, a + c, -bc, -ca, -bc, a + b],
  };
}

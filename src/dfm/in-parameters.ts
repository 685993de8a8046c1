import type { Face, Facets } from "../part/part.ts";

/** True when the parameters, taken around a period of 2π where the surface has one, fall into a facet of the face. */
export function inParameters(facets: Facets, face: Face, u: number, v: number): boolean {
  const { kind } = face.surface, turn = 2 * Math.PI;
  const us = kind === "plane" ? [u] : around(u, face.uv.u, turn), vs = kind === "torus" ? around(v, face.uv.v, turn) : [v];
  return us.some((a) => vs.some((b) => insideAny(facets, face, a, b)));
}

function around(t: number, [low, high]: readonly [number, number], period: number): number[] {
  const out: number[] = [];
  for (let x = t + Math.ceil((low - t - 1e-9) / period) * period; x <= high + 1e-9; x += period) out.push(x);
  return out;
}

function insideAny({ uvs, indices }: Facets, face: Face, u: number, v: number): boolean {
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const a = indices[t * 3] * 2, b = indices[t * 3 + 1] * 2, c = indices[t * 3 + 2] * 2;
    const s1 = side(uvs, a, b, u, v), s2 = side(uvs, b, c, u, v), s3 = side(uvs, c, a, u, v);
    const e = 1e-9 * Math.abs(s1 + s2 + s3);
    if ((s1 >= -e && s2 >= -e && s3 >= -e) || (s1 <= e && s2 <= e && s3 <= e)) return true;
  }
  return false;
}

const side = (uvs: Float64Array, a: number, b: number, u: number, v: number): number =>
  (uvs[b] - uvs[a]) * (v - uvs[a + 1]) - (uvs[b + 1] - uvs[a + 1]) * (u - uvs[a]);

/** Meshes with known answers, made analytically; closed, counter-clockwise seen from outside. */

/** A triangle mesh: `positions` `[n*3]` mm, `indices` `[t*3]`, `faces` `[t]`. */
export interface Mesh {
  readonly positions: Float64Array;
  readonly indices: Uint32Array;
  readonly faces: Int32Array;
}

export const mesh = (positions: readonly number[], indices: readonly number[], faces?: readonly number[]): Mesh => ({
  positions: Float64Array.from(positions),
  indices: Uint32Array.from(indices),
  faces: faces ? Int32Array.from(faces) : new Int32Array(indices.length / 3),
});

/** Box `[0,a]×[0,b]×[0,c]`; faces −x +x −y +y −z +z are 0 … 5. */
export function box(a: number, b: number, c: number): Mesh {
  const positions = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [i & 1 ? a : 0, i & 2 ? b : 0, i & 4 ? c : 0]);
  const quads = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
  return mesh(positions, quads.flatMap(([p, q, r, s]) => [p, q, r, p, r, s]), quads.flatMap((_, f) => [f, f]));
}

/** A closed surface z-periodic in u and v: `point(u, v)` on a torus of `nu × nv` quads, all one face unless told. */
export function toroidal(nu: number, nv: number, point: (u: number, v: number) => readonly number[], face: (i: number, j: number) => number = () => 0): Mesh {
  const positions: number[] = [], indices: number[] = [], faces: number[] = [];
  const at = (i: number, j: number) => (i % nu) * nv + (j % nv);
  for (let i = 0; i < nu; i++) for (let j = 0; j < nv; j++) positions.push(...point((2 * Math.PI * i) / nu, (2 * Math.PI * j) / nv));
  for (let i = 0; i < nu; i++) {
    for (let j = 0; j < nv; j++) {
      indices.push(at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j), at(i + 1, j + 1), at(i, j + 1));
      faces.push(face(i, j), face(i, j));
    }
  }
  return mesh(positions, indices, faces);
}

/** Sphere of radius r about the origin, `2·n` slices and `n` stacks. */
export function sphere(r: number, n: number): Mesh {
  const positions = [0, 0, r, 0, 0, -r], indices: number[] = [], m = 2 * n;
  const at = (i: number, j: number) => (i === 0 ? 0 : i === n ? 1 : 2 + (i - 1) * m + (j % m));
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const [a, b] = [(Math.PI * i) / n, (2 * Math.PI * j) / m];
      positions.push(r * Math.sin(a) * Math.cos(b), r * Math.sin(a) * Math.sin(b), r * Math.cos(a));
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      if (i > 0) indices.push(at(i, j), at(i + 1, j), at(i, j + 1));
      if (i < n - 1) indices.push(at(i, j + 1), at(i + 1, j), at(i + 1, j + 1));
    }
  }
  return mesh(positions, indices);
}

/** Ring between radii r and R, height h from z = 0, `n` segments; faces: 0 outer, 1 top, 2 inner, 3 bottom. */
export function tube(r: number, R: number, h: number, n: number): Mesh {
  const ring = [[R, 0], [R, h], [r, h], [r, 0]];
  return toroidal(n, 4, (u, v) => {
    const [d, z] = ring[Math.round((v * 2) / Math.PI)];
    return [d * Math.cos(u), d * Math.sin(u), z];
  }, (_, j) => j);
}

/** Spur-gear-like ring with `teeth` teeth and a bore, about `facets` triangles; every wall is curved. */
export function gear(facets: number, teeth = 24): Mesh {
  const nv = Math.max(8, 4 * Math.round(Math.sqrt(facets / 2 / 12) / 4)), nu = Math.round(facets / 2 / nv);
  return toroidal(nu, nv, (u, v) => {
    const tooth = Math.tanh(3 * Math.cos(teeth * u)), c = Math.cos(v), s = Math.sin(v);
    // A superellipse section: flat sides, rounded corners; teeth on the outside only.
    const section = (x: number) => Math.sign(x) * Math.abs(x) ** 0.4;
    const d = 14 + 6 * section(c) + (c > 0 ? 1.2 * tooth * c : 0);
    return [d * Math.cos(u), d * Math.sin(u), 4 * section(s)];
  });
}

/** Body swept along a (2,3) torus knot. */
export function knot(facets: number): Mesh {
  const nv = Math.max(6, Math.round(Math.sqrt(facets / 2 / 20))), nu = Math.round(facets / 2 / nv);
  const centre = (t: number) => [(10 + 4 * Math.cos(3 * t)) * Math.cos(2 * t), (10 + 4 * Math.cos(3 * t)) * Math.sin(2 * t), 4 * Math.sin(3 * t)];
  return toroidal(nu, nv, (t, v) => {
    const [p, q] = [centre(t), centre(t + 1e-4)];
    const along = unit([q[0] - p[0], q[1] - p[1], q[2] - p[2]]), side = unit(cross(along, [0.3, 0.2, 1])), up = cross(side, along);
    return [0, 1, 2].map((k) => p[k] + 1.5 * (Math.cos(v) * side[k] + Math.sin(v) * up[k]));
  });
}

/** Plate with k × k round holes of 2.8 at a pitch of 3.4, thickness 2; `n` segments a hole, a multiple of 4. */
export function perforatedPlate(k: number, n: number): Mesh {
  const positions: number[] = [], indices: number[] = [], faces: number[] = [], ids = new Map<string, number>();
  const vertex = (x: number, y: number, z: number) => {
    const key = `${x.toFixed(7)},${y.toFixed(7)},${z}`, known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, positions.length / 3);
    return positions.push(x, y, z) / 3 - 1;
  };
  const triangle = (face: number, a: number, b: number, c: number) => { indices.push(a, b, c); faces.push(face); };
  for (let cell = 0; cell < k * k; cell++) {
    const [cx, cy] = [3.4 * (cell % k) + 1.7, 3.4 * Math.floor(cell / k) + 1.7];
    const rim = (i: number, z: number) => { const a = (2 * Math.PI * (i % n)) / n; return vertex(cx + 1.4 * Math.cos(a), cy + 1.4 * Math.sin(a), z); };
    const border = (i: number, z: number) => {
      const a = (2 * Math.PI * (i % n)) / n, s = 1.7 / Math.max(Math.abs(Math.cos(a)), Math.abs(Math.sin(a)));
      return vertex(cx + s * Math.cos(a), cy + s * Math.sin(a), z);
    };
    for (let i = 0; i < n; i++) {
      triangle(0, border(i, 2), border(i + 1, 2), rim(i, 2)); triangle(0, rim(i, 2), border(i + 1, 2), rim(i + 1, 2));
      triangle(1, border(i + 1, 0), border(i, 0), rim(i, 0)); triangle(1, border(i + 1, 0), rim(i, 0), rim(i + 1, 0));
      triangle(6 + cell, rim(i, 0), rim(i, 2), rim(i + 1, 0)); triangle(6 + cell, rim(i + 1, 0), rim(i, 2), rim(i + 1, 2));
      const [p, q] = [border(i, 0), border(i + 1, 0)], [x, y] = [positions[p * 3], positions[p * 3 + 1]], [u, v] = [positions[q * 3], positions[q * 3 + 1]];
      const outer = [0, 3.4 * k].some((edge) => (Math.abs(x - edge) < 1e-6 && Math.abs(u - edge) < 1e-6) || (Math.abs(y - edge) < 1e-6 && Math.abs(v - edge) < 1e-6));
      if (outer) { triangle(2, p, q, border(i, 2)); triangle(2, q, border(i + 1, 2), border(i, 2)); }
    }
  }
  return mesh(positions, indices, faces);
}

export const cross = (a: readonly number[], b: readonly number[]) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const unit = (a: readonly number[]) => a.map((x) => x / Math.hypot(...a));

/** Facet centroids and outward normals of the facets that have an area. */
export function centroids(m: Mesh): { points: Float64Array; normals: Float64Array; facets: number[] } {
  const points: number[] = [], normals: number[] = [], facets: number[] = [];
  for (let t = 0; t < m.indices.length / 3; t++) {
    const [a, b, c] = corners(m, t);
    const n = cross(sub(b, a), sub(c, a)), length = Math.hypot(...n);
    if (length < 1e-14) continue;
    points.push(...[0, 1, 2].map((k) => (a[k] + b[k] + c[k]) / 3));
    normals.push(...n.map((x) => x / length));
    facets.push(t);
  }
  return { points: Float64Array.from(points), normals: Float64Array.from(normals), facets };
}

export const sub = (a: readonly number[], b: readonly number[]) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a: readonly number[], b: readonly number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const corners = (m: Mesh, t: number): number[][] =>
  [0, 1, 2].map((k) => Array.from(m.positions.subarray(m.indices[t * 3 + k] * 3, m.indices[t * 3 + k] * 3 + 3)));

/** Repeatable numbers in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

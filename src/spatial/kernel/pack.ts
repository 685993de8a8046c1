/** Writes triangles into leaves. */
import { EDGE1, EDGE2, FACE, NORMAL, TOLERANCES, TRIANGLE, faces, rayTolerance } from "./layout";
import { corner } from "./primitives";

/** A triangle flatter than this (height to length) is treated as its longest edge. */
const DEGENERATE: f64 = 1e-12;

@inline function length2(x: f64, y: f64, z: f64): f64 {
  return x * x + y * y + z * z;
}

@inline function squaredSide(p: usize, q: usize): f64 {
  return length2(load<f64>(q) - load<f64>(p), load<f64>(q, 8) - load<f64>(p, 8), load<f64>(q, 16) - load<f64>(p, 16));
}

/** Writes one triangle into its lane. Everything is made in f64 and rounded once: slivers keep a true normal. */
export function packTriangle(o: usize, triangle: u32): void {
  const p0 = corner(triangle, 0), p1 = corner(triangle, 1), p2 = corner(triangle, 2);
  const s01 = squaredSide(p0, p1), s12 = squaredSide(p1, p2), s20 = squaredSide(p2, p0);
  // The third edge's ray test is a sum of the other two, whose errors stay small only beside the longest edge.
  const turn = s12 >= s01 && s12 >= s20 ? 0 : s20 >= s01 ? 1 : 2;
  const a = turn == 0 ? p0 : turn == 1 ? p1 : p2;
  const b = turn == 0 ? p1 : turn == 1 ? p2 : p0;
  const c = turn == 0 ? p2 : turn == 1 ? p0 : p1;
  const ax = load<f64>(a), ay = load<f64>(a, 8), az = load<f64>(a, 16);
  const ux = load<f64>(b) - ax, uy = load<f64>(b, 8) - ay, uz = load<f64>(b, 16) - az;
  const vx = load<f64>(c) - ax, vy = load<f64>(c, 8) - ay, vz = load<f64>(c, 16) - az;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const u2 = length2(ux, uy, uz), v2 = length2(vx, vy, vz), w2 = length2(vx - ux, vy - uy, vz - uz);
  const kept: f64 = Math.sqrt(length2(nx, ny, nz)) > DEGENERATE * w2 ? 1 : 0;
  store<f32>(o, <f32>ax); store<f32>(o, <f32>ay, 16); store<f32>(o, <f32>az, 32);
  store<i32>(o, load<i32>(faces + (<usize>triangle << 2)), FACE);
  store<f32>(o, <f32>(nx * kept), NORMAL); store<f32>(o, <f32>(ny * kept), NORMAL + 16); store<f32>(o, <f32>(nz * kept), NORMAL + 32);
  store<f32>(o, <f32>ux, EDGE1); store<f32>(o, <f32>uy, EDGE1 + 16); store<f32>(o, <f32>uz, EDGE1 + 32);
  store<f32>(o, <f32>vx, EDGE2); store<f32>(o, <f32>vy, EDGE2 + 16); store<f32>(o, <f32>vz, EDGE2 + 32);
  store<f32>(o, <f32>(rayTolerance * Math.sqrt(u2)), TOLERANCES); store<f32>(o, <f32>(rayTolerance * Math.sqrt(v2)), TOLERANCES + 16);
  store<u32>(o, triangle, TRIANGLE);
}

/**
 * The largest ball that touches a sample and fits among the facets.
 *
 * For a sample p with unit normal n the ball of radius r has its centre at p − r n. With slack ε its radius for the
 * test is r − ε, and the answer is the largest r for which no facet comes into that smaller ball. The smaller balls
 * are nested, so the answer is one number that no order of search can change, and one traversal finds it: each facet
 * point q found inside shrinks the ball to the largest that keeps q outside,
 *
 *   |q − (p − r n)| = r − ε   ⇒   r = (|p − q|² − ε²) / (2 (n·(p − q) − ε)),
 *
 * and what was pruned stays pruned. No point above depth ε below the sample can shrink it, which is what keeps the
 * facets around the sample itself out. When facets lie within h ≤ ε of the true surface, r is never below the true
 * radius, and a ball of radius r − ε − h provably fits.
 */
import { LEAF, TRIANGLE, arena, centreX, centreY, centreZ, checkBatch, reach, root, stack, triangleCount } from "./layout";
import { boxDistance2 } from "./closest";
import { nearestHits } from "./nearest-hits";
import { nearestChild, smallestLane } from "./traverse";
import { leafDistance2, nearestOnTriangle, nearestX, nearestY, nearestZ } from "./triangle";

let px: f64 = 0, py: f64 = 0, pz: f64 = 0;
let nx: f64 = 0, ny: f64 = 0, nz: f64 = 0;
let slack: f64 = 0;

let radius: f64 = 0;
let contact: i32 = -1;
let contactX: f64 = 0, contactY: f64 = 0, contactZ: f64 = 0;

/** Shrinks the ball so that the triangle's point nearest to its centre stays outside; false when it already is. */
function shrinkTo(triangle: i32): bool {
  nearestOnTriangle(triangle, px - radius * nx, py - radius * ny, pz - radius * nz);
  const dx = px - nearestX, dy = py - nearestY, dz = pz - nearestZ;
  const depth = nx * dx + ny * dy + nz * dz - slack;
  if (depth <= 0) return false;
  const smaller = (dx * dx + dy * dy + dz * dz - slack * slack) / (2 * depth);
  if (!(smaller < radius)) return false;
  const enough = smaller < radius * (1 - 1e-9);
  radius = smaller;
  contact = triangle;
  contactX = nearestX; contactY = nearestY; contactZ = nearestZ;
  return enough;
}

/** Finds the ball of the sample in px … slack, starting from `radius`. */
export function shrinkBall(exclude: i32): void {
  if (triangleCount == 0) return;
  const excluded = i32x4.splat(exclude), base = arena, bottom = stack;
  let x = f32x4.splat(<f32>(px - radius * nx)), y = f32x4.splat(<f32>(py - radius * ny)), z = f32x4.splat(<f32>(pz - radius * nz));
  let room = radius - slack;
  if (room <= 0) return;
  let best2 = f32x4.splat(<f32>(room * room));
  let sp = bottom, current = root;
  while (true) {
    if (!(current & LEAF)) {
      const node = base + <usize>current;
      const d2 = boxDistance2(node, x, y, z);
      const mask = i32x4.bitmask(f32x4.lt(d2, best2));
      if (mask) {
        current = nearestChild(node, d2, mask, sp);
        sp += <usize>(popcnt(mask) - 1) << 3;
        continue;
      }
    } else {
      const leaf = base + <usize>(current & ~LEAF);
      const d2 = leafDistance2(leaf, x, y, z, best2, excluded);
      if (v128.any_true(f32x4.lt(d2, best2)) && shrinkTo(load<i32>(leaf + (smallestLane(d2) << 2), TRIANGLE))) {
        room = radius - slack;
        if (room <= 0) return;
        x = f32x4.splat(<f32>(px - radius * nx)); y = f32x4.splat(<f32>(py - radius * ny)); z = f32x4.splat(<f32>(pz - radius * nz));
        best2 = f32x4.splat(<f32>(room * room));
        continue; // the same leaf again, with the smaller ball
      }
    }
    if (sp == bottom) return;
    sp -= 8;
    current = load<u32>(sp);
  }
}

/**
 * One sample after another.
 * @param rays f64 × 6, the sample's point (part frame) and the direction to the ball's centre, any length but zero
 * @param starts f64, largest radius looked at; no more than the diagonal of the part's box is
 * @param slacks f64, ε
 * @param exclude i32, a face not to be seen, or −1
 * @param out radius f64, radius through sample and contact f64, contact f64 × 3 (NaN without one)
 * @param triangles i32, the triangle of contact; −1 when nothing stopped the ball before its starting radius
 */
export function balls(n: i32, rays: usize, starts: usize, slacks: usize, exclude: usize, out: usize, triangles: usize): void {
  checkBatch(n);
  // Seeds: how far it is to the first facet opposite each sample, looked for no further than the largest ball reaches.
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(out + i * 40, 2 * load<f64>(starts + i * 8));
  nearestHits(n, rays, rays + 24, 48, slacks, out, exclude, out, 40, triangles);
  for (let i: usize = 0; i < <usize>n; i++) {
    const ray = rays + i * 48, o = out + i * 40, face = load<i32>(exclude + i * 4);
    px = load<f64>(ray) - centreX; py = load<f64>(ray, 8) - centreY; pz = load<f64>(ray, 16) - centreZ;
    nx = -load<f64>(ray, 24); ny = -load<f64>(ray, 32); nz = -load<f64>(ray, 40);
    const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    nx *= unit; ny *= unit; nz *= unit;
    slack = load<f64>(slacks + i * 8);
    contact = -1;
    const start = load<f64>(starts + i * 8), opposite = load<f64>(o), seed = load<i32>(triangles + i * 4);
    // A larger ball than the part's box says nothing, and its centre would be too far away for f32.
    radius = min(min(start, 2 * reach), (opposite + slack) * 0.5);
    const seeded = radius < min(start, 2 * reach) && seed >= 0;
    // The seed may lie a rounding error beside its triangle: begin just above and let the facet itself decide.
    if (seeded) radius = min(start, radius * 1.000001 + reach * 1e-6);
    const begun = radius;
    shrinkBall(face);
    if (seeded && radius == begun) shrinkTo(seed);
    storeBall(o, triangles + i * 4);
  }
}

function storeBall(o: usize, triangle: usize): void {
  store<i32>(triangle, contact);
  store<f64>(o, radius);
  let through = radius;
  if (contact >= 0) {
    const dx = px - contactX, dy = py - contactY, dz = pz - contactZ;
    through = min(radius, (dx * dx + dy * dy + dz * dz) / (2 * (nx * dx + ny * dy + nz * dz)));
  }
  store<f64>(o, through, 8);
  store<f64>(o, contact < 0 ? f64.NaN : contactX + centreX, 16);
  store<f64>(o, contact < 0 ? f64.NaN : contactY + centreY, 24);
  store<f64>(o, contact < 0 ? f64.NaN : contactZ + centreZ, 32);
}

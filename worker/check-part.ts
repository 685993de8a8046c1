import { transfer } from "comlink";
import type { CheckOutput, CheckRequest, Engine, OpenPart } from "../src/engine.ts";
import type { WallMap } from "../src/dfm/wall-map.ts";
import { resolveOsf, type ResolvedMaterial } from "../src/mim/osf.ts";
import { resolveProfile, type Profile } from "../src/mim/profile.ts";
import { describeWalls } from "../src/report/describe-walls.ts";
import { sinteredMass } from "../src/report/build-report.ts";
import { ok, warning, type Problem, type Result } from "../src/result.ts";
import type { Vec3 } from "../src/units.ts";
import { checkMaps, draftMap, radiusMap, thicknessMap, type SurfaceMap } from "../src/report/maps/surface-maps.ts";
import type { Checked, CheckSettings, MapListener, ProgressListener } from "./protocol.ts";

/** A check's result and what it ran with. */
export interface CheckRun {
  readonly checked: Checked;
  readonly material?: ResolvedMaterial;
  readonly profile: Profile;
  /** The engine's own result with its maps, for the report's pictures. */
  readonly output: CheckOutput;
}

/** What a check runs with, resolved. */
export interface ResolvedSettings {
  readonly material?: ResolvedMaterial;
  readonly profile: Profile;
  readonly problems: readonly Problem[];
}

/** Finds material and profile. A material whose factor nobody knows is no reason not to check: the problem comes beside the result. */
export function resolveSettings(settings: CheckSettings): Result<ResolvedSettings> {
  const profile = resolveProfile(settings.profile);
  if (!profile.ok) return profile;
  if (settings.material === undefined) return ok({ profile: profile.value, problems: [] });
  const material = resolveOsf({ material: settings.material, osf: settings.osf });
  if (material.ok) return ok({ profile: profile.value, material: material.value, problems: material.warnings });
  if (material.problem.code !== "OSF_UNKNOWN") return material;
  return ok({ profile: profile.value, problems: [warning("OSF_UNKNOWN", undefined, material.problem.suggestion)] });
}

/** Runs the profile on an open part and sends its maps as they come: radii first, then coarse walls, then the rest. */
export async function runCheck(engine: Engine, open: OpenPart, settings: CheckSettings, onProgress?: ProgressListener, onMap?: MapListener): Promise<Result<CheckRun>> {
  const began = performance.now();
  const resolved = resolveSettings(settings);
  if (!resolved.ok) return resolved;
  const { material, profile, problems } = resolved.value, { bodies } = open.part;
  const send = (map: SurfaceMap): void => onMap?.(transfer(map, buffersOf(map)));
  for (const body of bodies) send(radiusMap(body));
  if (Array.isArray(settings.pull)) for (const body of bodies) send(draftMap(body, unit(settings.pull as Vec3)));
  const coarse = (id: string, map: WallMap): void => {
    const body = bodies.find((b) => b.id === id);
    if (body) send(thicknessMap(body, map, true));
  };
  const request: CheckRequest = {
    profile, pull: settings.pull ?? "auto",
    ...(material && { osf: material.osf, ...(material.densityGcm3 !== undefined && material.densityGcm3 !== null && { densityGcm3: material.densityGcm3 }) }),
    onCoarseMap: coarse,
  };
  onProgress?.("checking");
  const done = await engine.check(open, request, { onProgress });
  if (!done.ok) return done;
  const pull = pullOf(done.value, settings);
  for (const body of bodies) {
    const own = done.value.bodies.find((b) => b.id === body.id);
    for (const map of checkMaps(body, own ?? {})) if (map.kind !== "radius") send(map.kind === "thickness" ? { ...map, fine: await engine.fineWalls(open, body, profile.limits.wall ?? {}) } : map);
    if (!own?.pull) send(draftMap(body, pull.direction));
  }
  const massG = material && open.part.bodies.length === 1 ? sinteredMass(open.part.bodies[0].mass.volumeMm3, material) : undefined;
  return ok({
    profile, output: done.value, ...(material && { material }),
    checked: {
      findings: done.value.findings, pull, walls: describeWalls(done.value.bodies),
      ...(material && { material }), ...(massG !== undefined && { massG }),
      problems: [...problems, ...done.warnings], checkMs: performance.now() - began,
    },
  });
}

/** The direction as found, as asked for, or +z where nothing was found. */
function pullOf({ bodies }: CheckOutput, { pull }: CheckSettings): Checked["pull"] {
  const found = bodies[0]?.pull;
  if (found) return { direction: found.direction, chosenBy: found.chosenBy, alternatives: found.alternatives };
  return Array.isArray(pull) ? { direction: unit(pull as Vec3), chosenBy: "user" } : { direction: [0, 0, 1], chosenBy: "auto" };
}

const buffersOf = (map: SurfaceMap): ArrayBuffer[] => [map.values, map.partners, map.fine?.facets, map.fine?.corners, map.fine?.values, map.fine?.blanks].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));

const unit = ([x, y, z]: Vec3): Vec3 => { const length = Math.hypot(x, y, z) || 1; return [x / length, y / length, z / length]; };

import { transfer } from "comlink";
import type { OpenPart } from "../src/engine.ts";
import type { Part } from "../src/part/part.ts";
import { ok, type Result } from "../src/result.ts";
import { resolveOsf, type ResolvedMaterial } from "../src/mim/osf.ts";
import { resolveProfile, type Profile } from "../src/mim/profile.ts";
import type { Vec3 } from "../src/units.ts";
import { draftMap, radiusMap } from "./simple-maps.ts";
import type { Checked, CheckSettings, MapListener, ProgressListener, SurfaceMap } from "./protocol.ts";

/** A check's result and what it ran with. */
export interface CheckRun {
  readonly checked: Checked;
  readonly material?: ResolvedMaterial;
  readonly profile: Profile;
}

/** Runs the profile on an open part and sends its maps as they come. */
export async function checkPart(open: OpenPart, settings: CheckSettings, onProgress?: ProgressListener, onMap?: MapListener): Promise<Result<CheckRun>> {
  const began = performance.now();
  const profile = resolveProfile(settings.profile);
  if (!profile.ok) return profile;
  const material = settings.material === undefined ? ok<ResolvedMaterial | undefined>(undefined) : resolveOsf({ material: settings.material, osf: settings.osf });
  if (!material.ok && material.problem.code !== "OSF_UNKNOWN") return material;
  onProgress?.("checking");
  const pull: Vec3 = Array.isArray(settings.pull) ? unit(settings.pull as Vec3) : [0, 0, 1];
  for (const map of simpleMaps(open.part, pull)) send(onMap, map);
  const checked: Checked = {
    findings: [], pull: { direction: pull, chosenBy: "user" }, alternatives: [], problems: material.ok ? material.warnings : [], checkMs: performance.now() - began,
  };
  return ok({ checked, profile: profile.value, ...(material.ok && material.value && { material: material.value }) });
}

function* simpleMaps(part: Part, pull: Vec3): Generator<SurfaceMap> {
  for (const body of part.bodies) {
    yield draftMap(body, pull);
    yield radiusMap(body);
  }
}

/** Hands a map's buffers to the page. */
function send(onMap: MapListener | undefined, map: SurfaceMap): void {
  const buffers = [map.values, map.plusMinus, map.partners].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
  onMap?.(transfer(map, buffers));
}

const unit = ([x, y, z]: Vec3): Vec3 => { const length = Math.hypot(x, y, z) || 1; return [x / length, y / length, z / length]; };


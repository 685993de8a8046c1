import type { Profile } from "../mim/profile.ts";
import type { Body, Part } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, type Result } from "../result.ts";
import { buildBvh } from "../spatial/bvh.ts";
import type { SpatialModule } from "../spatial/load-spatial.ts";
import type { Vec3 } from "../units.ts";
import { BUDGET_DEFAULTS, Cancelled, type Budget, type CheckContext, type FindingDraft, type PullAnalysis } from "./context.ts";
import type { Finding, Verdict } from "./finding.ts";
import { RULES, analysePull } from "./rules.ts";
import { checkWalls } from "./check-walls.ts";
import type { WallMap } from "./wall-map.ts";

/** What a check needs. */
export interface CheckInput {
  readonly part: Part;
  readonly spatial: SpatialModule;
  readonly profile: Profile;
  /** Body ids; all by default. */
  readonly bodies?: readonly string[];
  /** Oversize factor along x, y, z. */
  readonly osf?: Vec3;
  readonly densityGcm3?: number;
  /** Need not be unit length; `auto` by default. */
  readonly pull?: Vec3 | "auto";
  readonly budget?: Partial<Budget>;
  /** Called with the first coarse wall map of each body, long before the verdicts are ready. */
  readonly onCoarseMap?: (bodyId: string, map: WallMap) => void;
}

/** What a check gives. */
export interface CheckOutput {
  /** All bodies', by code and then in descending weight. */
  readonly findings: readonly Finding[];
  readonly bodies: readonly BodyCheck[];
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** Maps and choices of one body, for display and for the mold. */
export interface BodyCheck {
  readonly id: string;
  readonly walls?: WallMap;
  readonly pull?: PullAnalysis;
}

/** Returning to the event loop more often than this costs more than it gives. */
const PAUSE_MS = 40;

type Draft = FindingDraft & { readonly body: string };

/**
 * Runs a profile over a part. CANCELLED when the signal is set, BODY_CHOICE when a body asked for is not there.
 * Results depend on the input and the budget alone, never on the machine's speed.
 */
export async function checkPart(input: CheckInput, work: Work = {}): Promise<Result<CheckOutput>> {
  const bodies = input.part.bodies.filter((b) => !input.bodies || input.bodies.includes(b.id));
  if (bodies.length === 0) return fail("BODY_CHOICE", `There are: ${input.part.bodies.map((b) => b.id).join(", ")}.`);
  const drafts: Draft[] = [], checked: BodyCheck[] = [], timingsMs: Record<string, number> = {};
  try {
    for (const [i, body] of bodies.entries()) {
      const span = { from: i / bodies.length, size: 1 / bodies.length };
      checked.push(await checkBody(input, body, work, span, drafts, timingsMs));
    }
  } catch (thrown) {
    if (thrown instanceof Cancelled) return fail("CANCELLED");
    throw thrown;
  }
  return ok({ findings: numberFindings(drafts), bodies: checked, timingsMs });
}

/** All stages of one body: tree, walls (coarse map first), pull, then the other rules. */
async function checkBody(input: CheckInput, body: Body, work: Work, span: { from: number; size: number }, drafts: Draft[], timingsMs: Record<string, number>): Promise<BodyCheck> {
  const stages = RULES.length + 3;
  let stage = 0, paused = performance.now();
  const pause = async (fraction = 0): Promise<void> => {
    if (work.signal?.aborted) throw new Cancelled();
    if (performance.now() - paused < PAUSE_MS) return;
    work.onProgress?.("checking", span.from + (span.size * Math.min(stage + fraction, stages)) / stages);
    await new Promise((resume) => setTimeout(resume));
    paused = performance.now();
    if (work.signal?.aborted) throw new Cancelled();
  };
  const timed = async <T>(name: string, run: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    await pause();
    const value = await run();
    timingsMs[name] = (timingsMs[name] ?? 0) + performance.now() - start;
    stage++;
    return value;
  };
  const keep = (found: readonly FindingDraft[]): void => { for (const draft of found) drafts.push({ ...draft, body: body.id }); };
  const { facets } = body;
  const bvh = await timed("tree", () => buildBvh(input.spatial, facets.positions, facets.indices, facets.faceOf));
  try {
    const base: CheckContext = {
      body, bvh, exact: input.part.reader === "exact", profile: input.profile, osf: input.osf ?? [1, 1, 1],
      densityGcm3: input.densityGcm3, askedPull: input.pull ?? "auto", budget: { ...BUDGET_DEFAULTS, ...input.budget }, pause,
    };
    const walls = await timed("walls", () => checkWalls(base, (map) => input.onCoarseMap?.(body.id, map)));
    keep(walls.findings);
    const pulled = await timed("pull", () => analysePull(base));
    keep(pulled.findings);
    const context: CheckContext = { ...base, pull: pulled.pull };
    for (const rule of RULES) keep(await timed(rule.name, () => rule.check(context)));
    return { id: body.id, walls: walls.map, pull: pulled.pull };
  } finally {
    bvh.dispose();
  }
}

const RANK: Record<Verdict, number> = { fail: 0, undecided: 1, "not-evaluated": 2, pass: 3 };

/** Stable numbers: by code, then by verdict, severity, weight, and the order in which the rules gave them. */
function numberFindings(drafts: readonly Draft[]): Finding[] {
  const byCode = new Map<string, Draft[]>();
  for (const draft of drafts) byCode.set(draft.code, [...(byCode.get(draft.code) ?? []), draft]);
  return [...byCode.values()].flatMap((group) => group
    .sort((a, b) => RANK[a.verdict] - RANK[b.verdict] || Number(a.severity === "advisory") - Number(b.severity === "advisory") || (b.weight ?? 0) - (a.weight ?? 0))
    .map(({ weight: _, ...finding }, i) => ({ ...finding, id: `${finding.code}-${i + 1}` })));
}

import type { Profile } from "../mim/profile.ts";
import type { Body, Part } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, type Result } from "../result.ts";
import { buildBvh } from "../spatial/bvh.ts";
import type { SpatialModule } from "../spatial/load-spatial.ts";
import type { Vec3 } from "../units.ts";
import type { HelperBody } from "./check-helper.ts";
import { HelperDied, SHARED_FACETS, type CheckHelpers } from "./check-helpers.ts";
import { CHECK_TASKS, FINDING_ORDER, type TaskOutcome } from "./check-tasks.ts";
import { BUDGET_DEFAULTS, Cancelled, type Budget, type CheckContext, type FindingDraft, type PullAnalysis } from "./context.ts";
import type { Finding, Verdict } from "./finding.ts";
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
  /** Other threads to share larger bodies with; none by default. */
  readonly helpers?: CheckHelpers;
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

/** What threads say that die of it. */
const OUT_OF_MEMORY = /out of memory|memory limit|allocation failed/i;

/**
 * Runs a profile over a part. CANCELLED when the signal is set, BODY_CHOICE when a body asked for is not there, CRASH or
 * OUT_OF_MEMORY when a helper dies. Results depend on the input and the budget alone, never on the machine's speed or on
 * the number of helpers.
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
    if (thrown instanceof HelperDied) return fail(OUT_OF_MEMORY.test(thrown.message) ? "OUT_OF_MEMORY" : "CRASH", `A thread of the check ended: ${thrown.message}.`);
    throw thrown;
  }
  return ok({ findings: numberFindings(drafts), bodies: checked, timingsMs });
}

/** All tasks of one body, in this thread and in helpers where there are any: the coarse wall map first. */
async function checkBody(input: CheckInput, body: Body, work: Work, span: { from: number; size: number }, drafts: Draft[], timingsMs: Record<string, number>): Promise<BodyCheck> {
  const outcomes = new Map<string, TaskOutcome>(), helpers = body.facets.faceOf.length >= SHARED_FACETS ? input.helpers : undefined;
  let paused = performance.now();
  const pause = async (fraction = 0): Promise<void> => {
    if (work.signal?.aborted) throw new Cancelled();
    helpers?.throwIfFailed();
    if (performance.now() - paused < PAUSE_MS) return;
    work.onProgress?.("checking", span.from + (span.size * Math.min(outcomes.size + fraction, CHECK_TASKS.length)) / CHECK_TASKS.length);
    await new Promise((resume) => setTimeout(resume));
    paused = performance.now();
    if (work.signal?.aborted) throw new Cancelled();
    helpers?.throwIfFailed();
  };
  const took = (stage: string, ms: number): void => { timingsMs[stage] = (timingsMs[stage] ?? 0) + ms; };
  const shared: HelperBody = {
    body, exact: input.part.reader === "exact", profile: input.profile, osf: input.osf ?? [1, 1, 1],
    densityGcm3: input.densityGcm3, askedPull: input.pull ?? "auto", budget: { ...BUDGET_DEFAULTS, ...input.budget },
  };
  const taken = new Set<string>();
  helpers?.share({ body: shared, spatial: input.spatial.code, tasks: CHECK_TASKS, outcomes, taken, onDone: ({ stage }, ms) => took(stage, ms) });
  const { positions, indices, faceOf } = body.facets, began = performance.now(), bvh = buildBvh(input.spatial, positions, indices, faceOf);
  took("tree", performance.now() - began);
  try {
    const context: CheckContext = { ...shared, bvh, pause };
    for (await pause(); outcomes.size < CHECK_TASKS.length; await pause()) {
      const task = CHECK_TASKS.find(({ name, needs }) => !taken.has(name) && needs.every((n) => outcomes.has(n)));
      if (!task) { await helpers?.next(work.signal); continue; }
      taken.add(task.name);
      const start = performance.now();
      outcomes.set(task.name, await task.run(context, outcomes, (map) => input.onCoarseMap?.(body.id, map)));
      took(task.stage, performance.now() - start);
    }
  } finally {
    bvh.dispose();
    helpers?.finish();
  }
  for (const name of FINDING_ORDER) for (const draft of outcomes.get(name)?.findings ?? []) drafts.push({ ...draft, body: body.id });
  return { id: body.id, walls: outcomes.get("walls")?.walls, pull: outcomes.get("pull")?.pull };
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

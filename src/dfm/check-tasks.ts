import { analysePull, comparedPull, pullsToCompare } from "./analyse-pull.ts";
import { checkWalls } from "./check-walls.ts";
import type { CheckContext, FindingDraft, PullAnalysis } from "./context.ts";
import { EXAMINED, type LikelyPull, type PullMarks } from "./rank-pulls.ts";
import { RULES } from "./rules.ts";
import type { WallMap } from "./wall-map.ts";

/** What a task of a check gives: plain data, each kind only from the tasks that say so. */
export interface TaskOutcome {
  readonly findings?: readonly FindingDraft[];
  readonly walls?: WallMap;
  readonly pull?: PullAnalysis;
  /** Directions to compare. */
  readonly likely?: readonly LikelyPull[];
  /** One of them examined; absent where there were fewer. */
  readonly marks?: PullMarks;
}

/** A piece of one body's check that any thread can do once it has what it needs. */
export interface CheckTask {
  readonly name: string;
  /** Key of its timing: what was once one stage stays one. */
  readonly stage: string;
  /** Tasks whose outcomes it is given. */
  readonly needs: readonly string[];
  /** It calls back while it runs, so it stays in the thread that asked. */
  readonly here?: true;
  readonly run: (context: CheckContext, given: ReadonlyMap<string, TaskOutcome>, onCoarse?: (map: WallMap) => void) => TaskOutcome | Promise<TaskOutcome>;
}

const comparisons: readonly string[] = Array.from({ length: EXAMINED }, (_, k) => `pull ${k + 1}`);

const rules: readonly CheckTask[] = RULES.map(({ name, check, needsPull }) => ({
  name, stage: name, needs: needsPull ? ["pull"] : [],
  run: async (context, given) => ({ findings: await check({ ...context, pull: given.get("pull")?.pull }) }),
}));

/** All of a body's check. Walls come first for their coarse map, then what others wait for. */
export const CHECK_TASKS: readonly CheckTask[] = [
  {
    name: "walls", stage: "walls", needs: [], here: true,
    run: async (context, _, onCoarse) => { const { findings, map } = await checkWalls(context, onCoarse); return { findings, walls: map }; },
  },
  { name: "pulls", stage: "pull", needs: [], run: (context) => ({ likely: pullsToCompare(context) }) },
  ...comparisons.map((name, k): CheckTask => ({
    name, stage: "pull", needs: ["pulls"],
    run: (context, given) => { const likely = given.get("pulls")?.likely?.[k]; return likely ? { marks: comparedPull(context, likely) } : {}; },
  })),
  {
    name: "pull", stage: "pull", needs: comparisons,
    run: (context, given) => analysePull(context, comparisons.flatMap((name) => given.get(name)?.marks ?? [])),
  },
  ...[...rules].sort((a, b) => b.needs.length - a.needs.length),
];

/** The order in which findings are listed whoever made them when. */
export const FINDING_ORDER: readonly string[] = ["walls", "pull", ...RULES.map(({ name }) => name)];

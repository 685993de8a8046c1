import type { CheckContext, FindingDraft, PullAnalysis, Rule } from "./context.ts";
import { checkEdges } from "./check-edges.ts";
import { checkRadii } from "./check-radii.ts";
import { checkSteel } from "./check-steel.ts";

/** What the pull stage gives. */
export interface PullStage {
  readonly pull?: PullAnalysis;
  readonly findings: readonly FindingDraft[];
}

/** Resolves the pull direction, parting line, undercuts and side actions before the other rules run. */
export const analysePull = (_context: CheckContext): PullStage | Promise<PullStage> => ({ findings: [] });

/** Every rule after walls and pull, in the order in which they run; `name` is also the key of its timing. */
export const RULES: readonly { readonly name: string; readonly check: Rule }[] = [
  { name: "radii", check: checkRadii },
  { name: "edges", check: checkEdges },
  { name: "steel", check: checkSteel },
];

import { checkDraft } from "./check-draft.ts";
import { checkEdges } from "./check-edges.ts";
import { checkHoles } from "./check-holes.ts";
import { checkProjectedArea } from "./check-projected-area.ts";
import { checkRadii } from "./check-radii.ts";
import { checkSize } from "./check-size.ts";
import { checkSlender } from "./check-slender.ts";
import { checkSteel } from "./check-steel.ts";
import { checkSupport } from "./check-support.ts";
import type { Rule } from "./context.ts";

/** Every rule after walls and pull, in the order in which their findings are listed; `name` is also the key of its timing. */
export const RULES: readonly { readonly name: string; readonly check: Rule; readonly needsPull?: true }[] = [
  { name: "draft", check: checkDraft, needsPull: true },
  { name: "radii", check: checkRadii },
  { name: "edges", check: checkEdges, needsPull: true },
  { name: "steel", check: checkSteel },
  { name: "size", check: checkSize },
  { name: "holes", check: checkHoles, needsPull: true },
  { name: "support", check: checkSupport },
  { name: "slender", check: checkSlender },
  { name: "projected area", check: checkProjectedArea, needsPull: true },
];

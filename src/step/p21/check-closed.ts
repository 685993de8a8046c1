import { fail, ok, type Result } from "../../result.ts";
import type { Part21 } from "./part21.ts";
import type { ShellTopology } from "./topology.ts";

/**
 * Watertightness from the text alone: in a closed shell every edge is used exactly twice, once in each sense.
 * Independent of any kernel, which may close gaps with tolerance and not say so.
 *
 * `NOT_CLOSED` when an edge is used once or in one sense only, `INVALID_SOLID` when a face stands in the shell
 * twice or an edge is used more often than twice.
 */
export function checkClosed(p: Part21, shell: ShellTopology): Result<void> {
  const faces = new Set<number>();
  for (const { instance } of shell.faces) {
    if (faces.has(instance)) return fail("INVALID_SOLID", `${p.name(shell.instance)} lists ${p.name(instance)} twice.`);
    faces.add(instance);
  }
  const uses = countUses(shell);
  let open = 0, turned = 0, many = 0, example = "";
  for (const [edge, [along, against]] of uses) {
    if (along === 1 && against === 1) continue;
    if (along + against > 2) many++;
    else if (along + against === 1) open++;
    else turned++;
    example ||= typeof edge === "number" ? `, for instance ${p.name(edge)}` : "";
  }
  if (open) return fail("NOT_CLOSED", `${count(open, "edge")} of ${p.name(shell.instance)} ${open === 1 ? "belongs" : "belong"} to one face only${example}.`);
  if (turned) return fail("NOT_CLOSED", `Faces of ${p.name(shell.instance)} disagree about the direction of ${count(turned, "edge")}${example}.`);
  if (many) return fail("INVALID_SOLID", `${count(many, "edge")} of ${p.name(shell.instance)} ${many === 1 ? "belongs" : "belong"} to more than two faces${example}.`);
  return ok(undefined);
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Uses of each edge `[along, against]`; edges of poly loops are keyed by their two points. */
function countUses(shell: ShellTopology): Map<number | string, [number, number]> {
  const uses = new Map<number | string, [number, number]>();
  const use = (edge: number | string, along: boolean): void => {
    let seen = uses.get(edge);
    if (!seen) uses.set(edge, (seen = [0, 0]));
    seen[along ? 0 : 1]++;
  };
  for (const face of shell.faces) {
    for (const loop of face.loops) {
      loop.edges.forEach((edge, i) => use(edge, loop.along[i]));
      loop.points.forEach((a, i) => {
        const b = loop.points[(i + 1) % loop.points.length];
        use(a < b ? `${a},${b}` : `${b},${a}`, a < b);
      });
    }
  }
  return uses;
}

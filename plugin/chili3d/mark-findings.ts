import type { Finding } from "../../src/dfm/finding.ts";
import { limitText, measuredText } from "../../src/report/format-value.ts";
import { standing } from "../../src/report/standing.ts";
import type { FaceSummary } from "../../worker/protocol.ts";
import type { HostCore, HostDocument, HostFaces, HostView } from "./host-types.ts";
import { matchFaces } from "./match-faces.ts";
import { Pins, placePins } from "./pins.ts";
import type { SelectedBody } from "./selected-body.ts";
import { translate } from "./translate.ts";

const COLORS = { blocking: 0xd1403a, advisory: 0xe0a13a } as const;
type Severity = keyof typeof COLORS;

/** More labels than this hide the part. */
const MOST_PINS = 12;

/**
 * Colours the faces of what breaks a limit and pins a label at each of the weightiest findings, in one undo step.
 * Answers how many faces with a finding have no sure counterpart in the host.
 */
export function markFindings(core: HostCore, view: HostView, body: SelectedBody, ours: readonly FaceSummary[], findings: readonly Finding[]): number {
  const open = findings.filter((f) => f.verdict === "fail" || f.verdict === "undecided");
  const wanted = severityByFace(open), faces: HostFaces | undefined = body.node.mesh.faces;
  // The host gives a body of one face the material for good, with no pair that could be taken away again.
  const matched = faces && faces.range.length > 1 ? matchFaces(ours, faces) : new Map<number, number>();
  const marks = [...wanted].flatMap(([face, severity]) => { const at = matched.get(face); return at === undefined ? [] : [{ faceIndex: at, severity }]; });
  const pins = open.filter((f) => f.points.length > 0).slice(0, MOST_PINS).map((f) => ({ text: labelText(core, f), at: f.points[0] }));
  core.Transaction.execute(body.document, translate(core, "oversize.step.mark"), () => {
    // Marks of an earlier check go first: the host would keep both.
    unmark(body);
    if (marks.length > 0) body.node.addFaceMaterial(marks.map(({ faceIndex, severity }) => ({ faceIndex, materialId: materialId(core, body.document, severity) })));
    placePins(core, body.document, body.node, new Pins(view, body.node, pins));
  });
  view.update();
  return wanted.size - marks.length;
}

/** Takes the marks and pins of the last check away, in one undo step. */
export function clearMarks(core: HostCore, view: HostView, body: SelectedBody): void {
  core.Transaction.execute(body.document, translate(core, "oversize.step.clear"), () => {
    unmark(body);
    placePins(core, body.document, body.node, undefined);
  });
  view.update();
}

function unmark(body: SelectedBody): void {
  const marked = markedFaces(body);
  if (marked.length > 0) body.node.removeFaceMaterial(marked);
}

/** Faces that carry one of our materials. Materials of the user's own stay. */
function markedFaces({ node, document: { modelManager } }: SelectedBody): number[] {
  const { materialId: ids } = node;
  if (typeof ids === "string") return [];
  const own = (id: string): boolean => modelManager.materials.find((m) => m.id === id)?.name.startsWith("Oversize ") ?? false;
  return node.faceMaterialPair.filter((pair) => own(ids[pair.materialIndex] ?? "")).map((pair) => pair.faceIndex);
}

/** The worst that is said of each face. Findings about edges colour nothing: their faces are not at fault. */
function severityByFace(findings: readonly Finding[]): Map<number, Severity> {
  const wanted = new Map<number, Severity>();
  for (const finding of findings) {
    if (finding.edges && finding.edges.length > 0) continue;
    const stands = standing(finding);
    if (stands !== "blocking" && stands !== "advisory") continue;
    for (const face of finding.faces) if (wanted.get(face) !== "blocking") wanted.set(face, stands);
  }
  return wanted;
}

/** One material a severity and document, made when first needed. */
function materialId(core: HostCore, document: HostDocument, severity: Severity): string {
  const name = `Oversize ${severity}`, { materials } = document.modelManager;
  const known = materials.find((material) => material.name === name);
  if (known) return known.id;
  const made = new core.PhongMaterial({ document, name, color: COLORS[severity] });
  materials.push(made);
  return made.id;
}

function labelText(core: HostCore, { code, measured, limit }: Finding): string {
  const title = translate(core, `oversize.finding.${code}`);
  const values = [measured && measuredText(measured), limit && limitText(limit)].filter(Boolean).join(", ");
  return values ? `${title}: ${values}` : title;
}

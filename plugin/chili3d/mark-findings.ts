import { FINDING_KINDS, type Finding } from "../../src/dfm/finding.ts";
import { limitText, measuredText } from "../../src/report/format-value.ts";
import { standing } from "../../src/report/standing.ts";
import type { Vec3 } from "../../src/units.ts";
import type { FaceSummary } from "../../worker/protocol.ts";
import type { HostCore, HostDocument, HostFaces, HostMatrix, HostView } from "./host-types.ts";
import { matchFaces } from "./match-faces.ts";
import type { SelectedBody } from "./selected-body.ts";

/** What was marked and what could not be. */
export interface Marked {
  readonly faces: number;
  /** Faces with a finding that have no sure counterpart in the host. */
  readonly unmatched: number;
  /** Takes the labels away. */
  readonly clear: () => void;
}

const COLORS = { blocking: 0xd1403a, advisory: 0xe0a13a } as const;
type Severity = keyof typeof COLORS;

/** More labels than this hide the part. */
const MOST_LABELS = 12;

/** Colours the faces of what breaks a limit, in one undo step, and pins a label at each of the weightiest findings. */
export function markFindings(core: HostCore, view: HostView, body: SelectedBody, ours: readonly FaceSummary[], findings: readonly Finding[]): Marked {
  const open = findings.filter((f) => f.verdict === "fail" || f.verdict === "undecided");
  const wanted = severityByFace(open), faces: HostFaces | undefined = body.node.mesh.faces;
  const matched = faces ? matchFaces(ours, faces) : new Map<number, number>();
  const marks = [...wanted].flatMap(([face, severity]) => { const at = matched.get(face); return at === undefined ? [] : [{ faceIndex: at, severity }]; });
  core.Transaction.execute(body.document, "Oversize: mark findings", () => {
    // Marks of an earlier check go first: the host would keep both.
    const earlier = markedFaces(body);
    if (earlier.length > 0) body.node.removeFaceMaterial(earlier);
    if (marks.length > 0) body.node.addFaceMaterial(marks.map(({ faceIndex, severity }) => ({ faceIndex, materialId: materialId(core, body.document, severity) })));
  });
  const pins = open.filter((f) => f.points.length > 0).slice(0, MOST_LABELS).map((f) => view.htmlText(labelText(f), placed(f.points[0], body.node.worldTransform()), { hideDelete: true }));
  return { faces: marks.length, unmatched: wanted.size - marks.length, clear: () => { for (const pin of pins) pin.dispose(); } };
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

function labelText({ code, measured, limit }: Finding): string {
  const values = [measured && measuredText(measured), limit && limitText(limit)].filter(Boolean).join(", ");
  return values ? `${FINDING_KINDS[code].title}: ${values}` : FINDING_KINDS[code].title;
}

/** A point of the body where the host shows it. */
export function placed([x, y, z]: Vec3, matrix: HostMatrix): { x: number; y: number; z: number } {
  const m = matrix.toArray();
  return { x: m[0] * x + m[4] * y + m[8] * z + m[12], y: m[1] * x + m[5] * y + m[9] * z + m[13], z: m[2] * x + m[6] * y + m[10] * z + m[14] };
}

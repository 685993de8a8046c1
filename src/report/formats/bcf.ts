import { strToU8, zipSync, type Zippable } from "fflate";
import { FINDING_KINDS, type Finding } from "../../dfm/finding.ts";
import type { Box, Vec3 } from "../../units.ts";
import { limitText, listText, measuredText } from "../format-value.ts";
import type { Report } from "../report.ts";
import type { Decisions, FindingDecision } from "../standing.ts";
import { escapeXml } from "./escape.ts";

/** A camera, mm and degrees, part frame. */
export type BcfCamera =
  | { readonly kind: "perspective"; readonly position: Vec3; readonly direction: Vec3; readonly up: Vec3; readonly fieldOfViewDeg: number; readonly aspect: number }
  | { readonly kind: "orthogonal"; readonly position: Vec3; readonly direction: Vec3; readonly up: Vec3; readonly heightMm: number; readonly aspect: number };

/** What is clipped away lies on the side `direction` points to. */
export interface BcfClippingPlane {
  readonly location: Vec3;
  readonly direction: Vec3;
}

/** How one finding was looked at. */
export interface BcfView {
  readonly camera?: BcfCamera;
  readonly clippingPlanes?: readonly BcfClippingPlane[];
  /** PNG file. */
  readonly snapshot?: Uint8Array;
}

/** What a BCF file needs beside the report. */
export interface BcfOptions {
  /** ISO 8601 with a time; part of every topic. */
  readonly date: string;
  readonly author: string;
  readonly decisions?: Decisions;
  /** By `Finding.id`; a finding without one is framed from its own points. */
  readonly views?: Readonly<Record<string, BcfView>>;
  readonly comments?: Readonly<Record<string, readonly { readonly text: string; readonly name?: string; readonly date: string }[]>>;
  /** Findings that passed are left out unless asked for. */
  readonly withPassed?: boolean;
}

const STATUSES = ["Open", "Accepted", "Waived", "Fixed", "Closed"] as const;
const TYPES = ["Blocking", "Advisory", "Passed", "Not evaluated"] as const;

/** The report as a BCF 3.0 file (a zip): one topic a finding, each with a viewpoint. Same input, same bytes. */
export function reportBcf(report: Report, options: BcfOptions): Uint8Array {
  const files: Zippable = {
    "bcf.version": xml('<Version VersionId="3.0"/>'),
    "project.bcfp": xml(`<ProjectInfo><Project ProjectId="${guid(report, "project")}"><Name>${escapeXml(report.part.name || report.part.file)}</Name></Project></ProjectInfo>`),
    "extensions.xml": xml(extensions(report, options)),
  };
  const wanted = report.findings.filter((f) => options.withPassed || (f.verdict !== "pass" && f.verdict !== "not-evaluated"));
  wanted.forEach((finding, index) => {
    const id = guid(report, `topic ${finding.id}`), view = options.views?.[finding.id] ?? {};
    files[`${id}/markup.bcf`] = xml(markup(report, finding, index, id, options));
    files[`${id}/viewpoint.bcfv`] = xml(viewpoint(guid(report, `view ${finding.id}`), view.camera ?? frame(finding, report.part.bboxMm), view.clippingPlanes ?? []));
    if (view.snapshot) files[`${id}/snapshot.png`] = [view.snapshot, { level: 0 }];
  });
  // A fixed time keeps the bytes the same; zip cannot hold one before 1980.
  return zipSync(files, { mtime: new Date(1980, 0, 1) });
}

const xml = (body: string): Uint8Array => strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`);
const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

function extensions({ findings }: Report, { author, comments }: BcfOptions): string {
  const group = (name: string, item: string, values: readonly string[]): string => `<${name}>${values.map((v) => element(item, v)).join("")}</${name}>`;
  const users = new Set([author, ...Object.values(comments ?? {}).flatMap((list) => list.map((c) => c.name ?? author))]);
  return `<Extensions>${group("TopicTypes", "TopicType", TYPES)}${group("TopicStatuses", "TopicStatus", STATUSES)}${group("Priorities", "Priority", ["High", "Normal"])}${
    group("TopicLabels", "TopicLabel", [...new Set(findings.map((f) => f.code))])}${group("Users", "User", [...users])}<SnippetTypes/><Stages/></Extensions>`;
}

function markup(report: Report, finding: Finding, index: number, id: string, options: BcfOptions): string {
  const { part } = report, decision = options.decisions?.[finding.id], view = guid(report, `view ${finding.id}`);
  const comments = commentsOf(finding, decision, options).map(({ text, name, date }, i) =>
    `<Comment Guid="${guid(report, `comment ${finding.id} ${i}`)}">${element("Date", date)}${element("Author", name)}${element("Comment", text)}<Viewpoint Guid="${view}"/></Comment>`);
  return `<Markup><Header><Files><File IsExternal="true">${element("Filename", part.file)}${element("Date", options.date)}</File></Files></Header>`
    + `<Topic Guid="${id}" TopicType="${typeOf(finding)}" TopicStatus="${statusOf(finding, decision)}">`
    + `${element("Title", `${finding.id} ${FINDING_KINDS[finding.code].title}`)}${element("Priority", finding.severity === "blocking" ? "High" : "Normal")}${element("Index", String(index))}`
    + `<Labels>${element("Label", finding.code)}</Labels>${element("CreationDate", options.date)}${element("CreationAuthor", options.author)}`
    + `${element("Description", describe(report, finding))}${comments.length > 0 ? `<Comments>${comments.join("")}</Comments>` : ""}`
    + `<Viewpoints><ViewPoint Guid="${view}"><Viewpoint>viewpoint.bcfv</Viewpoint>${options.views?.[finding.id]?.snapshot ? "<Snapshot>snapshot.png</Snapshot>" : ""}</ViewPoint></Viewpoints></Topic></Markup>`;
}

function commentsOf(finding: Finding, decision: FindingDecision | undefined, { author, date, comments }: BcfOptions): { text: string; name: string; date: string }[] {
  const said = (comments?.[finding.id] ?? []).map((c) => ({ text: c.text, date: c.date, name: c.name ?? author }));
  if (!decision) return said;
  return [...said, { text: decision.reason ? `${decision.state}: ${decision.reason}` : decision.state, name: decision.name ?? author, date: decision.date ?? date }];
}

function typeOf({ verdict, severity }: Finding): (typeof TYPES)[number] {
  if (verdict === "pass") return "Passed";
  if (verdict === "not-evaluated") return "Not evaluated";
  return severity === "blocking" ? "Blocking" : "Advisory";
}

function statusOf({ verdict }: Finding, decision: FindingDecision | undefined): (typeof STATUSES)[number] {
  if (decision) return decision.state === "accepted" ? "Accepted" : decision.state === "waived" ? "Waived" : "Fixed";
  return verdict === "pass" ? "Closed" : "Open";
}

function describe({ part }: Report, { message, measured, limit, body, faces, method }: Finding): string {
  return [
    message,
    measured && `Measured: ${measuredText(measured)}`, limit && `Limit: ${limitText(limit)}${limit.source ? ` (${limit.source})` : ""}`,
    `Body ${body}${faces.length > 0 ? `, faces ${listText(faces)}` : ""}`, `Method: ${method}`, `File SHA-256: ${part.sha256}`,
  ].filter(Boolean).join("\n");
}

/** Metres, with enough digits for a thousandth of a micrometre. */
const metres = (mm: number): string => String(Number((mm / 1000).toFixed(12)));
const point = (name: string, [x, y, z]: Vec3): string => `<${name}><X>${metres(x)}</X><Y>${metres(y)}</Y><Z>${metres(z)}</Z></${name}>`;
const direction = (name: string, v: Vec3): string => {
  const [x, y, z] = unit(v);
  return `<${name}><X>${x}</X><Y>${y}</Y><Z>${z}</Z></${name}>`;
};

function viewpoint(id: string, camera: BcfCamera, planes: readonly BcfClippingPlane[]): string {
  const pose = `${point("CameraViewPoint", camera.position)}${direction("CameraDirection", camera.direction)}${direction("CameraUpVector", camera.up)}`;
  const lens = camera.kind === "perspective"
    ? `<PerspectiveCamera>${pose}<FieldOfView>${camera.fieldOfViewDeg}</FieldOfView><AspectRatio>${camera.aspect}</AspectRatio></PerspectiveCamera>`
    : `<OrthogonalCamera>${pose}<ViewToWorldScale>${metres(camera.heightMm)}</ViewToWorldScale><AspectRatio>${camera.aspect}</AspectRatio></OrthogonalCamera>`;
  const cuts = planes.map((p) => `<ClippingPlane>${point("Location", p.location)}${direction("Direction", p.direction)}</ClippingPlane>`).join("");
  return `<VisualizationInfo Guid="${id}">${lens}${cuts ? `<ClippingPlanes>${cuts}</ClippingPlanes>` : ""}</VisualizationInfo>`;
}

/** Looks at a finding's points from outside, far enough to see a good part of the body around them. */
function frame({ points }: Finding, [low, high]: Box): BcfCamera {
  const centre: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  const sizeMm = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) || 1;
  const count = points.length;
  const mean = (k: 0 | 1 | 2): number => points.reduce((sum, p) => sum + p[k], 0) / count;
  const target: Vec3 = count > 0 ? [mean(0), mean(1), mean(2)] : centre;
  const out = [target[0] - centre[0], target[1] - centre[1], target[2] - centre[2]];
  const away = unit([1 + (2 * out[0]) / sizeMm, -1 + (2 * out[1]) / sizeMm, 0.8 + (2 * out[2]) / sizeMm]);
  const far = sizeMm * 1.4;
  return {
    kind: "perspective", fieldOfViewDeg: 45, aspect: 1.5, up: [0, 0, 1],
    position: [target[0] + away[0] * far, target[1] + away[1] * far, target[2] + away[2] * far],
    direction: [-away[0], -away[1], -away[2]],
  };
}

function unit([x, y, z]: Vec3): Vec3 {
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : [0, 0, 1];
}

/** A GUID that is the same for the same file and key: four FNV-1a hashes of the file's hash and the key. */
function guid({ part }: Report, key: string): string {
  const text = `${part.sha256} ${key}`;
  const hex = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => {
    let hash = seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

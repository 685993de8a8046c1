import type { Finding } from "../../../src/dfm/finding.ts";
import type { Vec3 } from "../../../src/units.ts";
import type { BodySummary } from "../../../worker/protocol.ts";

/**
 * What a finding is recognised by, in this revision and the next: its code and where it lies on what kind of
 * surface. Face numbers are not part of it: they change with every export.
 */
export interface Anchor {
  readonly code: string;
  readonly body: string;
  /** Sorted kinds of its faces with radii: `cylinder 2.000`. */
  readonly surfaces: readonly string[];
  /** Middle of its points, or of its faces; mm, part frame. Absent for a finding about the whole. */
  readonly at?: Vec3;
  /** Diagonal of the body's box, mm: the measure of what is near. */
  readonly sizeMm: number;
}

/** The anchor of a finding on a body. */
export function anchorOf(finding: Finding, body: BodySummary): Anchor {
  const faces = finding.faces.flatMap((index) => body.faces[index] ?? []);
  const surfaces = faces.map((face) => (face.radiusMm === undefined ? face.kind : `${face.kind} ${face.radiusMm.toFixed(3)}`)).sort();
  const at = mean(finding.points) ?? mean(faces.map((face) => face.centroidMm));
  return { code: finding.code, body: finding.body, surfaces: [...new Set(surfaces)], ...(at && { at }), sizeMm: diagonal(body) };
}

/**
 * Fingerprints of the findings of one part, in their order. The same file gives the same fingerprints whatever
 * the numbering of its faces; two findings that cannot be told apart are numbered.
 */
export function fingerprints(findings: readonly Finding[], bodies: readonly BodySummary[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const body = bodies.find(({ id }) => id === finding.body) ?? bodies[0];
    const key = fingerprint(anchorOf(finding, body));
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key}~${count}`;
  });
}

/** Places are rounded to this fraction of the body's diagonal: far below the distance of two features, far above noise. */
const GRID = 1 / 2000;

/** A fingerprint as text: code, body and a hash of surfaces and place. */
export function fingerprint(anchor: Anchor): string {
  const grid = anchor.sizeMm * GRID;
  const place = anchor.at?.map((x) => Math.round(x / grid)).join(",") ?? "whole";
  return `${anchor.code}.${anchor.body}.${hash([...anchor.surfaces, place].join("|"))}`;
}

/** FNV-1a over UTF-16 units, two lanes of 32 bits, as 13 base-36 digits or fewer. */
function hash(text: string): string {
  let a = 0x811c9dc5, b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x85ebca6b);
  }
  return (BigInt(a >>> 0) * 0x100000000n + BigInt(b >>> 0)).toString(36);
}

function mean(points: readonly Vec3[]): Vec3 | undefined {
  if (points.length === 0) return undefined;
  const sum = points.reduce((s, p) => [s[0] + p[0], s[1] + p[1], s[2] + p[2]] as Vec3, [0, 0, 0] as Vec3);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

const diagonal = ({ boxMm: [low, high] }: BodySummary): number => Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);

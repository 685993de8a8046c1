import { strFromU8, unzipSync, type Unzipped } from "fflate";
import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import { fail, ok, type Result } from "../../result.ts";
import type { Vec3 } from "../../units.ts";
import type { BcfCamera, BcfClippingPlane } from "./bcf.ts";

/** A BCF 3.0 file as read. */
export interface BcfFile {
  readonly version: string;
  readonly topics: readonly BcfTopic[];
}

/** One topic with its first viewpoint. Lengths in mm. */
export interface BcfTopic {
  readonly guid: string;
  readonly type: string;
  readonly status: string;
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly date: string;
  readonly author: string;
  readonly files: readonly string[];
  readonly comments: readonly { readonly text: string; readonly name: string; readonly date: string }[];
  readonly camera?: BcfCamera;
  readonly clippingPlanes: readonly BcfClippingPlane[];
  readonly snapshot?: Uint8Array;
}

/** A review file is small; one that unpacks to more than this is not opened. */
const MOST_BYTES = 256 * 1024 * 1024;

const LISTS = new Set(["File", "Label", "Comments.Comment", "Viewpoints.ViewPoint", "ClippingPlanes.ClippingPlane"]);
const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false, parseAttributeValue: false, trimValues: false, htmlEntities: true, processEntities: true,
  isArray: (_name, path) => [...LISTS].some((list) => String(path).endsWith(`.${list}`)),
});

const number = z.string().transform(Number).pipe(z.number());
const vector = z.object({ X: number, Y: number, Z: number }).transform(({ X, Y, Z }): Vec3 => [X, Y, Z]);
const pose = { CameraViewPoint: vector, CameraDirection: vector, CameraUpVector: vector, AspectRatio: number };
const text = z.union([z.string(), z.literal("").transform(() => "")]).default("");
const none = z.literal("").transform(() => undefined);
const group = <T extends z.ZodType>(shape: T) => z.union([shape, none]).optional();

const visualization = z.object({ VisualizationInfo: z.object({
  PerspectiveCamera: z.object({ ...pose, FieldOfView: number }).optional(),
  OrthogonalCamera: z.object({ ...pose, ViewToWorldScale: number }).optional(),
  ClippingPlanes: group(z.object({ ClippingPlane: z.array(z.object({ Location: vector, Direction: vector })) })),
}) });

const markup = z.object({ Markup: z.object({
  Header: group(z.object({ Files: group(z.object({ File: z.array(z.object({ Filename: text })) })) })),
  Topic: z.object({
    "@Guid": z.string(), "@TopicType": z.string(), "@TopicStatus": z.string(),
    Title: z.string(), Description: text, CreationDate: z.string(), CreationAuthor: z.string(),
    Labels: group(z.object({ Label: z.array(z.string()) })),
    Comments: group(z.object({ Comment: z.array(z.object({ Date: z.string(), Author: z.string(), Comment: text })) })),
    Viewpoints: group(z.object({ ViewPoint: z.array(z.object({ Viewpoint: z.string().optional(), Snapshot: z.string().optional() })) })),
  }),
}) });

const version = z.object({ Version: z.object({ "@VersionId": z.string() }) });

/** Reads a BCF 3.0 file. ARCHIVE_BAD: not a zip, or one that unpacks too large; CONFIG_INVALID names the entry that is wrong. */
export function readBcf(bytes: Uint8Array): Result<BcfFile> {
  const files = unpack(bytes);
  if (!files.ok) return files;
  let at = "bcf.version";
  try {
    const { "@VersionId": id } = version.parse(parse(files.value, at)).Version;
    if (!id.startsWith("3.")) return fail("CONFIG_INVALID", `BCF version ${id} is not 3.0.`);
    const topics = Object.keys(files.value).filter((name) => /^[^/]+\/markup\.bcf$/.test(name)).map((name) => readTopic(files.value, (at = name)));
    return ok({ version: id, topics });
  } catch (error) {
    return fail("CONFIG_INVALID", `BCF: ${at}: ${error instanceof z.ZodError ? error.issues[0].message : error instanceof Error ? error.message : String(error)}.`);
  }
}

function unpack(bytes: Uint8Array): Result<Unzipped> {
  let total = 0;
  try {
    return ok(unzipSync(bytes, { filter: ({ originalSize }) => {
      total += originalSize;
      if (total > MOST_BYTES) throw new Error(`it unpacks to more than ${MOST_BYTES / 1048576} MB`);
      return true;
    } }));
  } catch (error) {
    return fail("ARCHIVE_BAD", error instanceof Error ? error.message : String(error));
  }
}

function parse(files: Unzipped, name: string): unknown {
  const bytes = files[name];
  if (!bytes) throw new Error("it is missing");
  const value: unknown = parser.parse(strFromU8(bytes), true);
  return value;
}

function readTopic(files: Unzipped, path: string): BcfTopic {
  const { Header, Topic: topic } = markup.parse(parse(files, path)).Markup;
  const folder = path.slice(0, path.lastIndexOf("/") + 1), [view] = topic.Viewpoints?.ViewPoint ?? [];
  const seen = view?.Viewpoint ? visualization.parse(parse(files, folder + view.Viewpoint)).VisualizationInfo : undefined;
  const snapshot = view?.Snapshot ? files[folder + view.Snapshot] : undefined, camera = seen && cameraOf(seen);
  return {
    guid: topic["@Guid"], type: topic["@TopicType"], status: topic["@TopicStatus"], title: topic.Title, description: topic.Description,
    labels: topic.Labels?.Label ?? [], date: topic.CreationDate, author: topic.CreationAuthor,
    files: Header?.Files?.File.map((f) => f.Filename) ?? [],
    comments: topic.Comments?.Comment.map((c) => ({ text: c.Comment, name: c.Author, date: c.Date })) ?? [],
    ...(camera && { camera }), ...(snapshot && { snapshot }),
    clippingPlanes: seen?.ClippingPlanes?.ClippingPlane.map((p) => ({ location: mm(p.Location), direction: p.Direction })) ?? [],
  };
}

function cameraOf({ PerspectiveCamera: p, OrthogonalCamera: o }: z.infer<typeof visualization>["VisualizationInfo"]): BcfCamera | undefined {
  if (p) return { kind: "perspective", ...poseOf(p), fieldOfViewDeg: p.FieldOfView };
  return o && { kind: "orthogonal", ...poseOf(o), heightMm: o.ViewToWorldScale * 1000 };
}

const poseOf = (c: { CameraViewPoint: Vec3; CameraDirection: Vec3; CameraUpVector: Vec3; AspectRatio: number }): { position: Vec3; direction: Vec3; up: Vec3; aspect: number } =>
  ({ position: mm(c.CameraViewPoint), direction: c.CameraDirection, up: c.CameraUpVector, aspect: c.AspectRatio });

const mm = ([x, y, z]: Vec3): Vec3 => [x * 1000, y * 1000, z * 1000];

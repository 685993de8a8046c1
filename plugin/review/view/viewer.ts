import { BufferAttribute, BufferGeometry, Color, ColorManagement, LinearSRGBColorSpace, Plane, Raycaster, Scene, Vector2, Vector3, WebGLRenderer, type Object3D } from "three";
import type { Box, Vec3 } from "../../../src/units.ts";
import type { BodyBuffers, BodySummary, EdgeSummary, MoldPreview, OpenedPart } from "../../../worker/protocol.ts";
import { MeshBVH } from "three-mesh-bvh";
import type { Scale } from "../../../src/report/maps/scale.ts";
import { PartObject, type Painted, type PartColors } from "../../../src/report/viewer/part-object.ts";
import { unionBoxes } from "../state/framing.ts";
import { CameraRig, cubeMatrix, STANDARD_VIEWS, type StandardView } from "./camera-rig.ts";
import { EdgeLights } from "./edge-lights.ts";
import { MoldObject, type MoldColors } from "./mold-object.ts";
import { SectionCap } from "./section-cap.ts";

/** Colours of the view, from the theme. */
export interface ViewColors extends PartColors, MoldColors {
  readonly cap: string;
}

/** A body as it is drawn and picked. */
export type BodyObject = PartObject<PickedBody>;

/** A body's buffers with its edges and its picking tree. */
interface PickedBody extends BodyBuffers {
  readonly edges: readonly EdgeSummary[];
  readonly tree: MeshBVH;
}

/** What the pointer met: a point of a face. */
export interface Hit {
  readonly body: string;
  readonly face: number;
  /** mm, part frame. */
  readonly at: Vec3;
  /** Outward unit normal of the facet. */
  readonly normal: Vec3;
  readonly facet: number;
  /** Vertices of the facet, and the point's weights in it. */
  readonly vertices: readonly [number, number, number];
  readonly weights: Vec3;
}

/** A section plane: material beyond `offsetMm` along `normal` is cut away. Part frame. */
export interface Section {
  readonly normal: Vec3;
  readonly offsetMm: number;
}

// Colours are chosen as they appear on the screen and must equal the legend's: no conversion anywhere.
ColorManagement.enabled = false;

/**
 * The 3D view of one part. The scene's frame is the part frame moved so that the middle of its box is the origin.
 * Draws only when something changed.
 */
export class Viewer {
  readonly rig: CameraRig;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #section: SectionCap;
  readonly #edgeLights = new EdgeLights();
  readonly #raycaster = new Raycaster();
  #planes: Plane[] = [];
  #parts: BodyObject[] = [];
  #molds: MoldObject[] = [];
  /** How far bodies are moved to stand side by side in their molds, by body. */
  #shifts = new Map<string, Vector3>();
  #origin = new Vector3();
  #box: Box = [[-10, -10, -10], [10, 10, 10]];
  /** Kept, because a program goes with the last of its materials. */
  #warmed: PartObject | undefined;
  #frame = 0;
  #width = 1;
  #height = 1;
  #afterDraw: (() => void)[] = [];

  constructor(readonly canvas: HTMLCanvasElement, private colors: ViewColors, private readonly options: { reducedMotion: () => boolean; onDraw: () => void }) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, stencil: true, alpha: true, powerPreference: "high-performance" });
    this.#renderer.outputColorSpace = LinearSRGBColorSpace;
    // Asking for a program's messages waits until it is compiled; the tests look at what is drawn instead.
    this.#renderer.debug.checkShaderErrors = false;
    this.#renderer.localClippingEnabled = true;
    this.#renderer.setClearColor(new Color(0), 0);
    this.#section = new SectionCap(colors.cap);
    this.#scene.add(this.#section.group, this.#edgeLights.object);
    this.rig = new CameraRig(canvas, () => this.draw(), options.reducedMotion);
    void this.#warm();
  }

  /** Compiles the programs beside the main thread and uses them once, on nothing, before a part needs them in its first frame. */
  async #warm(): Promise<void> {
    const none = { id: "", positions: new Float32Array(9), normals: new Float32Array(9), indices: new Uint32Array([0, 1, 2]), edgePositions: new Float32Array(6), sharpSegments: 1 };
    const part = new PartObject(none, [{ start: 0, count: 1 }], [0, 0, 0], this.colors, this.#planes);
    this.#warmed = part;
    await this.#renderer.compileAsync(part.group, this.rig.camera, this.#scene).catch(() => {});
    // The first use of a program asks the graphics process for its uniforms, which waits for all that was sent before.
    if (this.#warmed) this.#renderer.render(part.group, this.rig.camera);
    this.draw();
  }

  /** Shows a part, or nothing. */
  setPart(opened: OpenedPart | undefined): void {
    this.setMolds([]);
    for (const part of this.#parts) part.dispose();
    this.#parts = [];
    this.#edgeLights.clear();
    if (opened) {
      this.#box = opened.summary.boxMm;
      this.#origin.set(...middle(this.#box));
      this.#parts = opened.bodies.map((buffers, i) => this.#partObject(buffers, opened.summary.bodies[i]));
      for (const part of this.#parts) this.#scene.add(part.group);
    }
    this.#capSolids();
    this.#reach();
    if (opened) this.look("iso", false);
    this.draw();
  }

  #partObject(buffers: BodyBuffers, { faces, edges }: BodySummary): BodyObject {
    const offset = new Vector3(...buffers.originMm).sub(this.#origin).toArray();
    return new PartObject({ ...buffers, edges, tree: pickingTree(buffers) }, faces, offset, this.colors, this.#planes);
  }

  /** Shows core and cavity of molds, several side by side. */
  setMolds(previews: readonly MoldPreview[]): void {
    for (const mold of this.#molds) mold.dispose();
    this.#molds = previews.map((preview) => new MoldObject(preview, new Vector3(...preview.originMm).sub(this.#origin).toArray(), this.colors, this.#planes));
    const shifts = sideBySide(this.#molds.map(({ box }) => box), previews[0]?.pull ?? [0, 0, 1]);
    this.#molds.forEach(({ group }, i) => { group.position.add(shifts[i]); this.#scene.add(group); });
    this.#shifts = new Map(previews.flatMap(({ bodies }, i) => bodies.map((id) => [id, shifts[i]] as const)));
    // A body that is not in these molds would stand in their steel.
    for (const part of this.#parts) part.group.visible = previews.length === 0 || this.#shifts.has(part.buffers.id);
    this.#capSolids();
    this.#reach();
    this.draw();
  }

  #capSolids(): void {
    this.#section.setSolids([...this.#parts.map(({ geometry, group }) => ({ geometry, holder: group })), ...this.#molds.flatMap(({ solids }) => solids)]);
  }

  /** How a cube of the page is turned to look as the part's axes do, as a CSS transform. */
  get cubeMatrix(): string { return cubeMatrix(this.rig.camera); }

  get molds(): readonly MoldObject[] { return this.#molds; }

  get hasPart(): boolean { return this.#parts.length > 0; }

  /** Grows the part about a point, as the mold does. */
  setPartScale(osf: Vec3, originMm: Vec3): void {
    const about = new Vector3(...originMm).sub(this.#origin);
    for (const part of this.#parts) {
      part.group.scale.set(...osf);
      part.group.position.set(...part.offset).sub(about).multiply(new Vector3(...osf)).add(about).add(this.#shifts.get(part.buffers.id) ?? STILL);
    }
    this.draw();
  }

  /** Paints a map, by body id, with a scale, or plain faces. */
  paint(scale: Scale | undefined, painted?: ReadonlyMap<string, Painted>): void {
    for (const part of this.#parts) part.paint(scale, painted?.get(part.buffers.id));
    this.draw();
  }

  /** Lights faces and edges of a body; nothing without a body. */
  light(body: string | undefined, faces: readonly number[], edges: readonly number[] = []): void {
    for (const part of this.#parts) part.light(part.buffers.id === body ? faces : []);
    const part = this.#parts.find((p) => p.buffers.id === body);
    this.#edgeLights.set(part && edges.length > 0 ? { part, edges, color: this.colors.accent } : undefined, this.#planes);
    this.draw();
  }

  hover(hit: Pick<Hit, "body" | "face"> | undefined): void {
    for (const part of this.#parts) part.hover(part.buffers.id === hit?.body ? hit.face : undefined);
    this.draw();
  }

  set edgesVisible(visible: boolean) { for (const part of this.#parts) part.edgesVisible = visible; this.draw(); }

  set opacity(opacity: number) { for (const part of this.#parts) part.opacity = opacity; this.draw(); }

  /** How much lit faces cover the map below them. */
  set lightOpacity(opacity: number) { for (const part of this.#parts) part.lightOpacity = opacity; this.draw(); }

  /** Cuts the part, or shows it whole. */
  section(section: Section | undefined): void {
    const on = section !== undefined;
    if (section) {
      const normal = new Vector3(...section.normal).normalize();
      this.#section.place(normal, section.offsetMm - normal.dot(this.#origin));
    }
    this.#section.visible = on;
    const planes = on ? [this.#section.plane] : [];
    // The array is shared by all materials; a changed number of planes needs new programs.
    if (planes.length !== this.#planes.length) {
      this.#planes.splice(0, this.#planes.length, ...planes);
      this.#scene.traverse((object) => { for (const material of materialsOf(object)) material.needsUpdate = true; });
    }
    this.draw();
  }

  /** The visible face under a point of the canvas, CSS px. */
  pick(x: number, y: number): Hit | undefined {
    const pointer = new Vector2((x / this.#width) * 2 - 1, 1 - (y / this.#height) * 2);
    this.#raycaster.setFromCamera(pointer, this.rig.camera);
    let best: { distance: number; hit: Hit } | undefined;
    for (const part of this.#parts) {
      if (!part.group.visible) continue;
      part.group.updateMatrixWorld();
      const inverse = part.group.matrixWorld.clone().invert();
      const ray = this.#raycaster.ray.clone().applyMatrix4(inverse);
      for (const met of part.buffers.tree.raycast(ray)) {
        const world = met.point.clone().applyMatrix4(part.group.matrixWorld);
        if (this.#planes.some((plane) => plane.distanceToPoint(world) < 0)) continue;
        const distance = world.distanceTo(this.#raycaster.ray.origin);
        if (best && best.distance <= distance) continue;
        best = { distance, hit: hitOf(part, met.faceIndex ?? 0, met.point) };
      }
    }
    return best?.hit;
  }

  /** Where a point of the part is on the canvas, CSS px, and whether it lies before the camera. */
  project(at: Vec3): { x: number; y: number; visible: boolean } {
    const p = this.toScene(at).project(this.rig.camera);
    return { x: ((p.x + 1) / 2) * this.#width, y: ((1 - p.y) / 2) * this.#height, visible: p.z > -1 && p.z < 1 };
  }

  toScene(at: Vec3): Vector3 { return new Vector3(...at).sub(this.#origin); }
  toPart(at: Vector3): Vec3 { return at.clone().add(this.#origin).toArray(); }
  get originMm(): Vec3 { return this.#origin.toArray(); }

  /** Looks from a standard side at everything. */
  look(view: StandardView, move = true): void { this.rig.frame(this.#contents(), STANDARD_VIEWS[view], 0, move); }

  /** Shows everything from where the eye is. */
  fit(move = true): void { this.rig.frame(this.#contents(), undefined, 0, move); }

  /** Frames boxes of the part, seen against their normal where there is one. */
  frameBoxes(boxes: readonly Box[], normal?: Vec3): void {
    const union = unionBoxes(boxes);
    if (!union) return this.fit();
    this.rig.frame(move(union, this.#origin), normal && lookFrom(normal), this.#diagonal() * 0.22);
  }

  resize(width: number, height: number): void {
    if (width < 1 || height < 1) return;
    this.#width = width;
    this.#height = height;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    this.#section.setPixelRatio(ratio);
    this.rig.resize(width, height);
    this.draw();
  }

  setColors(colors: ViewColors): void {
    this.colors = colors;
    for (const part of this.#parts) part.setColors(colors);
    for (const mold of this.#molds) mold.setColors(colors);
    this.#section.setColor(colors.cap);
    this.draw();
  }

  /** A picture of the view as it is, PNG data URL. */
  snapshot(): string {
    this.#render();
    return this.canvas.toDataURL("image/png");
  }

  /** Draws in the next frame. */
  draw(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#render(); });
  }

  /** Resolves after the next drawn frame. */
  drawn(): Promise<void> {
    return new Promise((resolve) => { this.#afterDraw.push(resolve); this.draw(); });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.setPart(undefined);
    this.#warmed?.dispose();
    this.#warmed = undefined;
    this.#section.dispose();
    this.#edgeLights.clear();
    this.rig.dispose();
    this.#renderer.dispose();
  }

  #render(): void {
    const ortho = this.rig.projection === "orthographic", ratio = this.#renderer.getPixelRatio();
    this.#scene.traverse((object) => {
      for (const material of materialsOf(object)) {
        if (!("uniforms" in material)) continue;
        const uniforms = material.uniforms as Record<string, { value: unknown }>;
        if (uniforms.uOrtho) uniforms.uOrtho.value = ortho;
        if (uniforms.uScale) uniforms.uScale.value = ratio;
      }
    });
    this.#edgeLights.resize(this.#width, this.#height);
    this.#renderer.render(this.#scene, this.rig.camera);
    this.options.onDraw();
    for (const resolve of this.#afterDraw.splice(0)) resolve();
  }

  #diagonal(): number { const [a, b] = this.#box; return Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]); }

  #contents(): Box {
    const part = move(this.#box, this.#origin);
    return unionBoxes(this.#molds.length > 0 ? this.#molds.map(({ box }) => box) : [part]) ?? part;
  }

  #reach(): void {
    const [a, b] = this.#contents();
    const radius = Math.max(Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]), ...this.#molds.map(({ reachMm }) => reachMm)) * 0.75;
    this.rig.sceneRadiusMm = radius;
    this.#section.sizeMm = radius * 5;
  }
}

const STILL = new Vector3();

/** Gap between molds side by side, as a share of their width. */
const GAP = 0.2;

/** How to move boxes so that they stand in a row across the pull, in the middle of where they were. */
function sideBySide(boxes: readonly Box[], pull: Vec3): Vector3[] {
  if (boxes.length < 2) return boxes.map(() => new Vector3());
  const axis = ([0, 1, 2] as const).reduce((best, k) => (Math.abs(pull[k]) < Math.abs(pull[best]) - 1e-9 ? k : best), 0);
  const widths = boxes.map(([low, high]) => high[axis] - low[axis]), gap = GAP * Math.max(...widths), all = unionBoxes(boxes) ?? boxes[0];
  let at = (all[0][axis] + all[1][axis] - widths.reduce((sum, width) => sum + width + gap, -gap)) / 2;
  return boxes.map(([low, high], i) => {
    const shift = new Vector3().setComponent(axis, at - low[axis]);
    // Across the row and along the pull they stand as the first does.
    for (const k of [0, 1, 2]) if (k !== axis) shift.setComponent(k, (boxes[0][0][k] + boxes[0][1][k] - low[k] - high[k]) / 2);
    at += widths[i] + gap;
    return shift;
  });
}

/** The tree that the worker built over these very buffers. */
function pickingTree({ positions, indices, bvh }: BodyBuffers): MeshBVH {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  const tree = { version: 1, roots: [...bvh.roots], index: indices, indirectBuffer: bvh.indirect };
  return MeshBVH.deserialize(tree, geometry, { setIndex: false });
}

function hitOf(part: BodyObject, triangle: number, point: Vector3): Hit {
  const { indices, positions, faceOf, originMm, id } = part.buffers;
  const vertices: [number, number, number] = [indices[triangle * 3], indices[triangle * 3 + 1], indices[triangle * 3 + 2]];
  const [a, b, c] = vertices.map((v) => new Vector3().fromArray(positions, v * 3));
  const normal = new Vector3().crossVectors(b.clone().sub(a), c.clone().sub(a));
  const area = normal.length() || 1;
  const part2 = (p: Vector3, q: Vector3): number => new Vector3().crossVectors(p.clone().sub(point), q.clone().sub(point)).length() / area;
  return {
    body: id, face: faceOf[triangle], facet: triangle,
    at: [point.x + originMm[0], point.y + originMm[1], point.z + originMm[2]],
    normal: normal.normalize().toArray(), vertices, weights: [part2(b, c), part2(c, a), part2(a, b)],
  };
}

const middle = ([a, b]: Box): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
const move = ([a, b]: Box, by: Vector3): Box => [[a[0] - by.x, a[1] - by.y, a[2] - by.z], [b[0] - by.x, b[1] - by.y, b[2] - by.z]];

/** A direction near a face's normal that still shows depth; steep enough not to look along the z axis. */
function lookFrom(normal: Vec3): Vec3 {
  const n = new Vector3(...normal).normalize();
  const tilt = Math.abs(n.z) > 0.8 ? new Vector3(0.35, -0.45, 0) : new Vector3(0.25, -0.15, 0.4);
  return n.add(tilt).normalize().toArray();
}

function materialsOf(object: Object3D): { needsUpdate: boolean; uniforms?: unknown }[] {
  return "material" in object && object.material ? ([object.material].flat() as { needsUpdate: boolean }[]) : [];
}

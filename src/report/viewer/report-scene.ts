import { Box3, BufferGeometry, ColorManagement, LineBasicMaterial, LinearSRGBColorSpace, LineSegments, Mesh, PerspectiveCamera, Points, PointsMaterial, Raycaster, Scene, Sphere, Vector2, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { PageModel } from "../formats/page-model.ts";
import { onPatch } from "../maps/patches.ts";
import type { MapKind } from "../maps/surface-maps.ts";
import { decodeBody, pageScales, type PageDrawn, type PageScale } from "./decode-model.ts";
import { PartObject, type PartColors } from "./part-object.ts";

/** Directions from the part to the eye, z up. */
export const VIEWS = { iso: [1, -1.25, 0.85], top: [0, -1e-4, 1], front: [0, -1, 0], right: [1, 0, 0], below: [0, -1e-4, -1] } as const;

// Colours are chosen as they appear on the screen and must equal the legend's: no conversion anywhere.
ColorManagement.enabled = false;

/** Which map is shown; none is plain shading. */
export type ShownMap = MapKind | "none";

/** Where a finding is. */
export interface Place {
  readonly body: string;
  readonly faces: readonly number[];
  /** Where it is about edges, they are marked and not their faces. */
  readonly edges?: readonly number[];
  readonly points: readonly (readonly [number, number, number])[];
}

/** A face under the pointer, with the value of the shown map there; NaN where it was not measured. */
export interface Picked {
  readonly body: string;
  readonly face: number;
  readonly value?: number;
}

/** The part in a canvas. Draws only when something changed. */
export class ReportScene {
  map: ShownMap = "none";
  onPick: (picked: Picked | undefined) => void = () => {};
  readonly scales: ReadonlyMap<MapKind, PageScale>;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(32, 1, 0.01, 1e5);
  readonly #controls: OrbitControls;
  readonly #markLine = new LineBasicMaterial({ depthTest: false });
  readonly #markPoint = new PointsMaterial({ size: 7, sizeAttenuation: false, depthTest: false });
  readonly #marks = [new LineSegments(new BufferGeometry(), this.#markLine), new Points(new BufferGeometry(), this.#markPoint)] as const;
  readonly #parts: readonly PartObject<PageDrawn>[];
  readonly #whole: Sphere;
  readonly #centre: readonly number[];
  #selected: Place | undefined;
  #waiting = false;

  private constructor(readonly canvas: HTMLCanvasElement, private readonly renderer: WebGLRenderer, model: PageModel) {
    this.#centre = model.bodies[0].originMm;
    const bodies = model.bodies.map(decodeBody), colors = themeColors(), box = new Box3();
    this.scales = pageScales(model, bodies);
    this.#parts = bodies.map((body) => new PartObject(body, body.faces, this.#fromCentre(body.originMm), colors, []));
    for (const { group, mesh } of this.#parts) {
      group.updateMatrixWorld(true);
      box.expandByObject(mesh);
      this.#scene.add(group);
    }
    for (const mark of this.#marks) { mark.renderOrder = 2; mark.frustumCulled = false; this.#scene.add(mark); }
    this.#whole = box.getBoundingSphere(new Sphere());
    this.#camera.up.set(0, 0, 1);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.#fitCanvas()).observe(canvas);
    this.#connectPointer();
    this.#connectKeys();
    this.#fitCanvas();
    this.readTheme();
    this.look(VIEWS.iso);
  }

  /** Undefined where there is no WebGL. */
  static open(canvas: HTMLCanvasElement, model: PageModel): ReportScene | undefined {
    try {
      // Kept after drawing, so that the page prints what is on screen.
      const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, preserveDrawingBuffer: true });
      renderer.outputColorSpace = LinearSRGBColorSpace;
      return new ReportScene(canvas, renderer, model);
    } catch {
      return undefined;
    }
  }

  /** Colours of the page's theme as it is now. */
  readTheme(): void {
    const colors = themeColors();
    for (const part of this.#parts) part.setColors(colors);
    for (const material of [this.#markLine, this.#markPoint]) material.color.set(colors.accent);
    this.#render();
  }

  /** Shows a map, or none. */
  showMap(kind: ShownMap): void {
    this.map = kind;
    const scale = kind === "none" ? undefined : this.scales.get(kind)?.scale;
    for (const part of this.#parts) {
      part.paint(scale, kind === "none" ? undefined : part.buffers.maps.get(kind));
      part.lightOpacity = scale ? 0.5 : 1;
    }
    this.draw();
  }

  /** Looks at the whole part from a direction. */
  look(direction: readonly [number, number, number]): void {
    this.#frame(this.#whole.center, this.#whole.radius, new Vector3(...direction));
  }

  /** Marks faces, edges and points, and brings them into view from the side they face. */
  select(place: Place | undefined, move: boolean): void {
    this.#selected = place;
    const byEdges = (place?.edges?.length ?? 0) > 0, points = (place?.points ?? []).map((p) => new Vector3(...this.#fromCentre(p)));
    for (const part of this.#parts) part.light(place && !byEdges && part.buffers.id === place.body ? place.faces : []);
    const segments = place && byEdges ? this.#segmentsOf(place) : [];
    // A geometry's buffers cannot grow: new ones each time.
    [segments, points].forEach((list, i) => { this.#marks[i].geometry.dispose(); this.#marks[i].geometry = new BufferGeometry().setFromPoints(list); });
    if (place && move) this.#lookAt(place, segments.length > 0 ? segments : points);
    this.draw();
  }

  /** Both ends of each segment of the edges. */
  #segmentsOf({ body, edges }: Place): Vector3[] {
    const part = this.#partOf(body), asked = new Set(edges), out: Vector3[] = [];
    if (!part) return out;
    const { edgeOf, edgePositions } = part.buffers;
    for (let s = 0; s < edgeOf.length; s++) {
      if (asked.has(edgeOf[s])) for (const at of [s * 6, s * 6 + 3]) out.push(new Vector3().fromArray(edgePositions, at).add(part.group.position));
    }
    return out;
  }

  #partOf(id: string): PartObject<PageDrawn> | undefined { return this.#parts.find(({ buffers }) => buffers.id === id); }

  #fromCentre(p: readonly [number, number, number]): [number, number, number] { return [p[0] - this.#centre[0], p[1] - this.#centre[1], p[2] - this.#centre[2]]; }

  /** A PNG picture as a data URI, without moving what the reader looks at. */
  picture(width: number, height: number, { map, place }: { readonly map: ShownMap; readonly place?: Place }): string {
    const kept = { position: this.#camera.position.clone(), target: this.#controls.target.clone(), map: this.map, aspect: this.#camera.aspect, selected: this.#selected };
    const size = this.renderer.getSize(new Vector2()), ratio = this.renderer.getPixelRatio();
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(width, height, false);
    this.#setAspect(width / height);
    this.showMap(map);
    this.look(VIEWS.iso);
    this.select(place, place !== undefined);
    this.#render();
    const uri = this.canvas.toDataURL("image/png");
    this.select(kept.selected, false);
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(size.x, size.y, false);
    this.#setAspect(kept.aspect);
    this.showMap(kept.map);
    this.#camera.position.copy(kept.position);
    this.#controls.target.copy(kept.target);
    this.#controls.update();
    this.#render();
    return uri;
  }

  /** Draws before the next frame. */
  draw(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => this.#render());
  }

  #render(): void {
    this.#waiting = false;
    const { radius, center } = this.#whole, away = this.#camera.position.distanceTo(center);
    this.#camera.near = Math.max(away - radius * 1.5, away / 2000, 1e-4);
    this.#camera.far = away + radius * 1.5;
    this.#camera.updateProjectionMatrix();
    this.#scene.traverse((object) => {
      if (object instanceof Mesh) for (const { uniforms } of [object.material].flat()) uniforms.uScale.value = this.renderer.getPixelRatio();
    });
    this.renderer.render(this.#scene, this.#camera);
  }

  /** Looks at marks, or where there are none at the faces, from the side that the faces face. */
  #lookAt({ body, faces }: Place, marks: readonly Vector3[]): void {
    const part = this.#partOf(body), outward = new Vector3(), at = new Vector3(), box = new Box3().setFromPoints([...marks]);
    for (const { start, count } of faces.flatMap((face) => part?.faces[face] ?? [])) {
      for (let i = start * 3; part && i < (start + count) * 3; i++) {
        const v = part.buffers.indices[i] * 3;
        outward.add(at.fromArray(part.buffers.normals, v));
        if (marks.length === 0) box.expandByPoint(at.fromArray(part.buffers.positions, v).add(part.group.position));
      }
    }
    if (box.isEmpty()) return;
    const sphere = box.getBoundingSphere(new Sphere());
    const away = outward.lengthSq() > 1e-6 ? outward.normalize() : sphere.center.clone().sub(this.#whole.center);
    // Never straight on: a little of the standard view keeps the reader oriented.
    const view = new Vector3(...VIEWS.iso).normalize().multiplyScalar(0.55).add(away.lengthSq() > 1e-9 ? away.normalize() : new Vector3());
    this.#frame(sphere.center, Math.min(this.#whole.radius, Math.max(sphere.radius * 2.2, this.#whole.radius * 0.5)), view.lengthSq() > 1e-3 ? view : new Vector3(...VIEWS.iso));
  }

  #frame(centre: Vector3, radius: number, direction: Vector3): void {
    const half = (this.#camera.fov * Math.PI) / 360, narrow = Math.min(half, Math.atan(Math.tan(half) * this.#camera.aspect));
    this.#controls.target.copy(centre);
    this.#camera.position.copy(centre).addScaledVector(direction.clone().normalize(), (radius * 1.04) / Math.sin(narrow));
    this.#controls.update();
    this.draw();
  }

  #setAspect(aspect: number): void {
    this.#camera.aspect = aspect;
    this.#camera.updateProjectionMatrix();
  }

  #fitCanvas(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.#setAspect(clientWidth / clientHeight);
    this.#render();
  }

  #connectPointer(): void {
    let down: readonly [number, number] | undefined;
    this.canvas.addEventListener("pointerdown", (e) => { down = [e.clientX, e.clientY]; });
    this.canvas.addEventListener("pointerup", (e) => { if (down && Math.hypot(e.clientX - down[0], e.clientY - down[1]) < 4) this.onPick(this.#pick(e)); });
  }

  #connectKeys(): void {
    const turns: Record<string, readonly [number, number]> = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, 0.15], ArrowDown: [0, -0.15] };
    const zooms: Record<string, number> = { "+": 0.87, "=": 0.87, "-": 1.15 };
    this.canvas.addEventListener("keydown", (event) => {
      const turn = turns[event.key], zoom = zooms[event.key];
      if (!turn && !zoom && event.key !== "f") return;
      event.preventDefault();
      if (event.key === "f") return this.look(VIEWS.iso);
      const arm = this.#camera.position.clone().sub(this.#controls.target);
      if (zoom) arm.multiplyScalar(zoom);
      if (turn) {
        arm.applyAxisAngle(new Vector3(0, 0, 1), turn[0]);
        const side = new Vector3(0, 0, 1).cross(arm).normalize(), lifted = arm.clone().applyAxisAngle(side, -turn[1]);
        if (Math.abs(lifted.clone().normalize().z) < 0.999) arm.copy(lifted);
      }
      this.#camera.position.copy(this.#controls.target).add(arm);
      this.#controls.update();
      this.draw();
    });
  }

  #pick(event: PointerEvent): Picked | undefined {
    const { left, top, width, height } = this.canvas.getBoundingClientRect(), ray = new Raycaster();
    ray.setFromCamera(new Vector2(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2), this.#camera);
    const [hit] = ray.intersectObjects(this.#parts.map(({ mesh }) => mesh), false);
    const part = this.#parts.find(({ mesh }) => mesh === hit?.object);
    if (!hit?.face || !part) return undefined;
    const { a, b, c } = hit.face, { buffers } = part, facet = hit.faceIndex ?? 0, painted = this.map === "none" ? undefined : buffers.maps.get(this.map), weight = hit.barycoord;
    const picked = { body: buffers.id, face: buffers.faceOf[facet] };
    if (!painted || !weight) return picked;
    if (painted.patches) return { ...picked, value: onPatch(painted.patches, facet, weight.toArray()) ? 1 : 0 };
    return { ...picked, value: painted.values[a] * weight.x + painted.values[b] * weight.y + painted.values[c] * weight.z };
  }
}

const themeColors = (): PartColors => {
  const style = getComputedStyle(document.documentElement), read = (name: string): string => resolveColor(style.getPropertyValue(name));
  return { base: read("--part"), accent: read("--accent"), hover: read("--part"), edge: read("--part-edge") };
};

/** A CSS colour as the browser computes it: `light-dark()` has to be resolved by an element. */
function resolveColor(value: string): string {
  const probe = document.createElement("i");
  probe.style.color = value;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

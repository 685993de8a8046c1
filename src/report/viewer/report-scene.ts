import { Box3, BufferGeometry, Color, LineBasicMaterial, LineSegments, PerspectiveCamera, Points, PointsMaterial, Raycaster, Scene, ShaderMaterial, Sphere, SRGBColorSpace, Vector2, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { PageModel } from "../formats/page-model.ts";
import { drawBody, type DrawnBody } from "./decode-model.ts";
import { setBands, surfaceMaterial } from "./surface-material.ts";

/** Directions from the part to the eye, z up. */
export const VIEWS = { iso: [1, -1.25, 0.85], top: [0, -1e-4, 1], front: [0, -1, 0], right: [1, 0, 0], below: [0, -1e-4, -1] } as const;

/** Where a finding is. */
export interface Place {
  readonly body: string;
  readonly faces: readonly number[];
  /** Where it is about edges, they are marked and not their faces. */
  readonly edges?: readonly number[];
  readonly points: readonly (readonly [number, number, number])[];
}

/** A face under the pointer, with the value of the shown map there. */
export interface Picked {
  readonly body: string;
  readonly face: number;
  readonly value?: number;
}

/** The part in a canvas. Draws only when something changed. */
export class ReportScene {
  map = "";
  onPick: (picked: Picked | undefined) => void = () => {};
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(32, 1, 0.01, 1e5);
  readonly #controls: OrbitControls;
  readonly #surface: ShaderMaterial = surfaceMaterial();
  readonly #line = new LineBasicMaterial({ transparent: true, opacity: 0.75 });
  readonly #markLine = new LineBasicMaterial({ depthTest: false });
  readonly #markPoint = new PointsMaterial({ size: 7, sizeAttenuation: false, depthTest: false });
  readonly #marks = [new LineSegments(new BufferGeometry(), this.#markLine), new Points(new BufferGeometry(), this.#markPoint)] as const;
  readonly #bodies: readonly DrawnBody[];
  readonly #whole: Sphere;
  readonly #centre: readonly number[];
  #waiting = false;

  private constructor(readonly canvas: HTMLCanvasElement, private readonly renderer: WebGLRenderer, model: PageModel) {
    this.#centre = model.bodies[0].originMm;
    this.#bodies = model.bodies.map((body) => drawBody(body, this.#centre, this.#surface, this.#line));
    const box = new Box3();
    for (const { mesh, edges } of this.#bodies) {
      mesh.updateMatrixWorld();
      box.expandByObject(mesh);
      this.#scene.add(mesh);
      if (edges) this.#scene.add(edges);
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
      renderer.outputColorSpace = SRGBColorSpace;
      return new ReportScene(canvas, renderer, model);
    } catch {
      return undefined;
    }
  }

  /** Colours of the page's theme as it is now. */
  readTheme(): void {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string): Color => new Color(...channels(resolveColor(style.getPropertyValue(name))));
    this.#surface.uniforms.base.value.copy(read("--part"));
    this.#surface.uniforms.mark.value.copy(read("--accent"));
    for (const material of [this.#markLine, this.#markPoint]) material.color.copy(read("--accent")).convertSRGBToLinear();
    this.#line.color.copy(read("--part-edge")).convertSRGBToLinear();
    this.#render();
  }

  /** Shows a map by kind, or none. */
  showMap(kind: string): void {
    this.map = kind;
    setBands(this.#surface, this.#bodies.flatMap((body) => body.maps).find((m) => m.kind === kind)?.bands ?? []);
    for (const { mesh, values } of this.#bodies) {
      const attribute = mesh.geometry.getAttribute("value"), of = values.get(kind);
      for (let i = 0; i < attribute.count; i++) attribute.setX(i, of ? of[i] : -1e9);
      attribute.needsUpdate = true;
    }
    this.draw();
  }

  /** Looks at the whole part from a direction. */
  look(direction: readonly [number, number, number]): void {
    this.#frame(this.#whole.center, this.#whole.radius, new Vector3(...direction));
  }

  /** Marks faces, edges and points, and brings them into view from the side they face. */
  select(place: Place | undefined, move: boolean): void {
    const faces = new Set(place?.faces), byEdges = (place?.edges?.length ?? 0) > 0, box = new Box3(), outward = new Vector3(), at = new Vector3();
    this.#surface.uniforms.anyMark.value = faces.size > 0 && !byEdges ? 1 : 0;
    for (const { id, mesh, faceOfVertex } of this.#bodies) {
      const marked = mesh.geometry.getAttribute("marked"), position = mesh.geometry.getAttribute("position"), normal = mesh.geometry.getAttribute("normal");
      for (let i = 0; i < marked.count; i++) {
        const hit = id === place?.body && faces.has(faceOfVertex[i]);
        marked.setX(i, hit && !byEdges ? 1 : 0);
        if (!hit || !move) continue;
        box.expandByPoint(at.fromBufferAttribute(position, i).add(mesh.position));
        outward.add(at.fromBufferAttribute(normal, i));
      }
      marked.needsUpdate = true;
    }
    const points = (place?.points ?? []).map((p) => new Vector3(...p).sub(new Vector3(...this.#centre)));
    const segments = place && byEdges ? this.#segmentsOf(place) : [];
    // A geometry's buffers cannot grow: new ones each time.
    [segments, points].forEach((list, i) => { this.#marks[i].geometry.dispose(); this.#marks[i].geometry = new BufferGeometry().setFromPoints(list); });
    if (place && move) {
      if (segments.length > 0) box.setFromPoints(segments);
      else if (points.length > 0) box.setFromPoints(points);
      if (!box.isEmpty()) this.#lookAt(box, outward);
    }
    this.draw();
  }

  /** Both ends of each segment of the edges. */
  #segmentsOf({ body: wanted, edges }: Place): Vector3[] {
    const body = this.#bodies.find((b) => b.id === wanted), asked = new Set(edges), out: Vector3[] = [];
    if (!body?.edges || !body.edgeOf) return out;
    const position = body.edges.geometry.getAttribute("position");
    for (let s = 0; s < body.edgeOf.length; s++) {
      if (!asked.has(body.edgeOf[s])) continue;
      for (const i of [2 * s, 2 * s + 1]) out.push(new Vector3().fromBufferAttribute(position, i).add(body.edges.position));
    }
    return out;
  }

  /** A PNG picture as a data URI, without moving what the reader looks at. */
  picture(width: number, height: number, { map, place }: { readonly map: string; readonly place?: Place }): string {
    const kept = { position: this.#camera.position.clone(), target: this.#controls.target.clone(), map: this.map, aspect: this.#camera.aspect, marks: this.#bodies.map((b) => b.mesh.geometry.getAttribute("marked").array.slice()), any: this.#surface.uniforms.anyMark.value, shown: this.#marks.map((m) => m.geometry) };
    for (const mark of this.#marks) mark.geometry = new BufferGeometry();
    const size = this.renderer.getSize(new Vector2()), ratio = this.renderer.getPixelRatio();
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(width, height, false);
    this.#setAspect(width / height);
    this.showMap(map);
    this.select(place, false);
    this.look(VIEWS.iso);
    if (place) this.select(place, true);
    this.#render();
    const uri = this.canvas.toDataURL("image/png");
    this.#bodies.forEach((b, i) => { const marked = b.mesh.geometry.getAttribute("marked"); marked.array.set(kept.marks[i]); marked.needsUpdate = true; });
    this.#surface.uniforms.anyMark.value = kept.any;
    this.#marks.forEach((mark, i) => { mark.geometry.dispose(); mark.geometry = kept.shown[i]; });
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
    this.renderer.render(this.#scene, this.#camera);
  }

  #lookAt(box: Box3, outward: Vector3): void {
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
    this.#surface.uniforms.hatchScale.value = this.renderer.getPixelRatio();
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
    const [hit] = ray.intersectObjects(this.#bodies.map((b) => b.mesh), false);
    const body = this.#bodies.find((b) => b.mesh === hit?.object);
    if (!hit?.face || !body) return undefined;
    const { a, b, c } = hit.face, values = body.values.get(this.map), weight = hit.barycoord;
    const value = values && weight ? values[a] * weight.x + values[b] * weight.y + values[c] * weight.z : undefined;
    return { body: body.id, face: body.faceOfVertex[a], ...(value !== undefined && { value }) };
  }
}

/** A CSS colour as the browser computes it: `light-dark()` has to be resolved by an element. */
function resolveColor(value: string): string {
  const probe = document.createElement("i");
  probe.style.color = value;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

const channels = (css: string): [number, number, number] => {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number);
  return [r / 255, g / 255, b / 255];
};

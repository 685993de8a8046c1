import { OrthographicCamera, PerspectiveCamera, Vector3, type Camera } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { Box, Vec3 } from "../../../src/units.ts";
import { frameBox } from "../state/framing.ts";
import type { CameraPose } from "../state/review-file.ts";

/** Directions from the part to the eye of the seven standard views. */
export const STANDARD_VIEWS = {
  front: [0, -1, 0], back: [0, 1, 0], left: [-1, 0, 0], right: [1, 0, 0], top: [0, 0, 1], bottom: [0, 0, -1], iso: [0.62, -0.62, 0.48],
} as const satisfies Record<string, Vec3>;

/** A standard view's name. */
export type StandardView = keyof typeof STANDARD_VIEWS;

const FOV_DEG = 30;
const MOVE_MS = 200;

/** Both cameras, the mouse's control of them, and their moves. Positions in the scene's frame. */
export class CameraRig {
  readonly perspective = new PerspectiveCamera(FOV_DEG, 1, 0.1, 1000);
  readonly orthographic = new OrthographicCamera(-1, 1, 1, -1, 0.1, 1000);
  readonly controls: OrbitControls;
  #aspect = 1;
  #heightMm = 100;
  #radiusMm = 100;
  #frame = 0;

  constructor(element: HTMLElement, private readonly changed: () => void, private readonly reducedMotion: () => boolean) {
    for (const camera of [this.perspective, this.orthographic]) {
      camera.up.set(0, 0, 1);
      camera.position.set(60, -60, 45);
    }
    this.controls = new OrbitControls(this.perspective, element);
    this.controls.zoomToCursor = true;
    this.controls.rotateSpeed = 0.9;
    this.controls.addEventListener("change", () => { this.#clip(); changed(); });
    this.controls.addEventListener("start", () => cancelAnimationFrame(this.#frame));
  }

  get camera(): PerspectiveCamera | OrthographicCamera {
    return this.controls.object instanceof OrthographicCamera ? this.orthographic : this.perspective;
  }

  get projection(): CameraPose["projection"] {
    return this.camera === this.orthographic ? "orthographic" : "perspective";
  }

  /** Radius of everything in the scene, for the clipping distances. */
  set sceneRadiusMm(radius: number) {
    this.#radiusMm = Math.max(radius, 1e-3);
    this.#clip();
  }

  resize(width: number, height: number): void {
    this.#aspect = width / Math.max(1, height);
    this.perspective.aspect = this.#aspect;
    this.perspective.updateProjectionMatrix();
    this.#setHeight(this.#heightMm);
  }

  /** Millimetres that one pixel shows at the target. */
  mmPerPixel(viewHeightPx: number): number {
    return this.#visibleHeight() / Math.max(1, viewHeightPx);
  }

  /** Looks from a direction at a box so that it fills the view. */
  frame(box: Box, from?: Vec3, minimumMm = 0, move = true): void {
    const framing = frameBox(box, FOV_DEG, this.#aspect, minimumMm);
    const direction = from ? new Vector3(...from).normalize() : this.camera.position.clone().sub(this.controls.target).normalize();
    const target = new Vector3(...framing.target);
    this.#go({ target, position: target.clone().addScaledVector(direction, framing.distanceMm), heightMm: framing.heightMm }, move);
  }

  pose(): CameraPose {
    const { position, up } = this.camera, { target } = this.controls;
    return { projection: this.projection, position: position.toArray(), target: target.toArray(), up: up.toArray(), heightMm: this.#visibleHeight() };
  }

  restore(pose: CameraPose, move = true): void {
    if (pose.projection !== this.projection) this.project(pose.projection);
    this.#go({ position: new Vector3(...pose.position), target: new Vector3(...pose.target), heightMm: pose.heightMm }, move);
  }

  /** Switches projection without changing what is seen at the target. */
  project(projection: CameraPose["projection"]): void {
    const height = this.#visibleHeight(), from = this.camera, direction = from.position.clone().sub(this.controls.target).normalize();
    const to = projection === "orthographic" ? this.orthographic : this.perspective;
    if (to === from) return;
    this.controls.object = to;
    const distance = height / 2 / Math.tan((FOV_DEG * Math.PI) / 360);
    to.position.copy(this.controls.target).addScaledVector(direction, distance);
    this.orthographic.zoom = 1;
    this.#setHeight(height);
    this.controls.update();
    this.#clip();
    this.changed();
  }

  /** Turns the view about its target; degrees to the right and up. */
  turn(rightDeg: number, upDeg: number): void {
    const offset = this.camera.position.clone().sub(this.controls.target);
    offset.applyAxisAngle(new Vector3(0, 0, 1), (rightDeg * Math.PI) / 180);
    const side = new Vector3().crossVectors(new Vector3(0, 0, 1), offset).normalize();
    if (side.lengthSq() > 0) offset.applyAxisAngle(side, (-upDeg * Math.PI) / 180);
    if (Math.abs(offset.z) / offset.length() < 0.999) this.camera.position.copy(this.controls.target).add(offset);
    this.controls.update();
  }

  zoom(factor: number): void {
    const offset = this.camera.position.clone().sub(this.controls.target);
    if (this.camera === this.perspective) this.camera.position.copy(this.controls.target).addScaledVector(offset, 1 / factor);
    else this.#setHeight(this.#visibleHeight() / factor);
    this.controls.update();
    this.#clip();
    this.changed();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.controls.dispose();
  }

  #visibleHeight(): number {
    if (this.camera === this.orthographic) return (this.orthographic.top - this.orthographic.bottom) / this.orthographic.zoom;
    return 2 * this.perspective.position.distanceTo(this.controls.target) * Math.tan((FOV_DEG * Math.PI) / 360);
  }

  #setHeight(heightMm: number): void {
    this.#heightMm = heightMm;
    const o = this.orthographic;
    o.zoom = 1;
    o.top = heightMm / 2;
    o.bottom = -heightMm / 2;
    o.left = (-heightMm / 2) * this.#aspect;
    o.right = (heightMm / 2) * this.#aspect;
    o.updateProjectionMatrix();
  }

  /** Moves along a straight path in 200 ms, keeping the distance steady; at once under reduced motion. */
  #go(to: { position: Vector3; target: Vector3; heightMm: number }, move: boolean): void {
    cancelAnimationFrame(this.#frame);
    const from = { position: this.camera.position.clone(), target: this.controls.target.clone(), heightMm: this.#visibleHeight() };
    const began = performance.now();
    const put = (t: number): void => {
      const eased = t * t * (3 - 2 * t);
      this.controls.target.lerpVectors(from.target, to.target, eased);
      const a = from.position.clone().sub(from.target), b = to.position.clone().sub(to.target);
      const length = a.length() + (b.length() - a.length()) * eased;
      const direction = a.normalize().lerp(b.normalize(), eased);
      if (direction.lengthSq() < 1e-6) direction.set(0, -1, 0);
      this.camera.position.copy(this.controls.target).addScaledVector(direction.normalize(), length);
      if (this.camera === this.orthographic) this.#setHeight(from.heightMm + (to.heightMm - from.heightMm) * eased);
      this.controls.update();
      this.#clip();
      this.changed();
    };
    if (!move || this.reducedMotion()) return put(1);
    const tick = (): void => {
      const t = Math.min(1, (performance.now() - began) / MOVE_MS);
      put(t);
      if (t < 1) this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #clip(): void {
    const distance = this.camera.position.length() + this.controls.target.length();
    const near = this.camera === this.perspective ? Math.max(this.#radiusMm / 500, this.camera.position.distanceTo(new Vector3()) - this.#radiusMm * 1.5) : -this.#radiusMm * 4;
    const far = distance + this.#radiusMm * 4;
    for (const camera of [this.perspective, this.orthographic]) {
      const own = camera === this.perspective ? Math.max(this.#radiusMm / 500, near) : near;
      if (camera.near === own && camera.far === far) continue;
      camera.near = own;
      camera.far = far;
      camera.updateProjectionMatrix();
    }
  }
}

/** The rotation of a camera as a CSS matrix for the view cube: x right, y down, z to the viewer. */
export function cubeMatrix(camera: Camera): string {
  const e = camera.matrixWorldInverse.elements;
  const rows = [[e[0], -e[1], e[2]], [-e[4], e[5], -e[6]], [e[8], -e[9], e[10]]];
  return `matrix3d(${rows.map((r) => `${r.map((x) => x.toFixed(5)).join(",")},0`).join(",")},0,0,0,1)`;
}

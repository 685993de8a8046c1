import { BufferAttribute, BufferGeometry, Color, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, Vector3, type Plane, type ShaderMaterial } from "three";
import type { Box } from "../../../src/units.ts";
import type { MoldPreview, PieceBuffers } from "../../../worker/protocol.ts";
import type { CappedSolid } from "./section-cap.ts";
import { createFaceMaterial } from "../../../src/report/viewer/face-material.ts";

/** Quiet tints of the mold's halves. */
export interface MoldColors {
  readonly core: string;
  readonly cavity: string;
  readonly edge: string;
}

/** Core and cavity of a mold, which can be drawn apart along the pull direction. */
export class MoldObject {
  readonly group = new Group();
  readonly #pieces: { piece: PieceBuffers; mesh: Mesh<BufferGeometry, ShaderMaterial>; holder: Group }[] = [];
  readonly #pull: Vector3;
  readonly #lift: number;

  constructor(readonly preview: MoldPreview, readonly offset: readonly [number, number, number], colors: MoldColors, planes: Plane[]) {
    this.#pull = new Vector3(...preview.pull).normalize();
    this.#lift = Math.max(...preview.blockMm) * 0.8;
    this.group.position.set(...offset);
    for (const piece of preview.pieces) this.#add(piece, colors, planes);
  }

  #add(piece: PieceBuffers, colors: MoldColors, planes: Plane[]): void {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(piece.positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(piece.normals, 3));
    const zeros = new BufferAttribute(new Float32Array(piece.positions.length / 3), 1);
    geometry.setAttribute("value", zeros);
    geometry.setAttribute("flag", zeros);
    const material = createFaceMaterial(colorOf(piece, colors), planes, DoubleSide);
    material.uniforms.uInside.value = new Color(colorOf(piece, colors)).multiplyScalar(0.8);
    const mesh = new Mesh(geometry, material), holder = new Group();
    mesh.frustumCulled = false;
    holder.add(mesh);
    const edges = new BufferGeometry();
    edges.setAttribute("position", new BufferAttribute(piece.outline, 3));
    const lines = new LineSegments(edges, new LineBasicMaterial({ color: colors.edge, transparent: true, opacity: 0.55, clippingPlanes: planes }));
    lines.frustumCulled = false;
    holder.add(lines);
    this.#pieces.push({ piece, mesh, holder });
    this.group.add(holder);
  }

  /** Its pieces as solids to cap where they are cut. */
  get solids(): readonly CappedSolid[] { return this.#pieces.map(({ mesh, holder }) => ({ geometry: mesh.geometry, holder })); }

  /** 0 closed, 1 fully open. */
  explode(apart: number): void {
    for (const { piece, holder } of this.#pieces) {
      const way = piece.role === "cavity" ? 1 : -1;
      holder.position.copy(this.#pull).multiplyScalar(way * apart * this.#lift * 0.5);
    }
  }

  set opacity(opacity: number) {
    for (const { mesh } of this.#pieces) {
      mesh.material.uniforms.uOpacity.value = opacity;
      mesh.material.transparent = opacity < 1;
      mesh.material.depthWrite = opacity >= 1;
      mesh.renderOrder = opacity < 1 ? 3 : 0;
    }
  }

  /** Box of the mold as it stands in the scene's frame. */
  get box(): Box {
    const low = new Vector3(Infinity, Infinity, Infinity), high = new Vector3(-Infinity, -Infinity, -Infinity), p = new Vector3();
    for (const { mesh, holder } of this.#pieces) {
      mesh.geometry.computeBoundingBox();
      const box = mesh.geometry.boundingBox;
      if (!box) continue;
      low.min(p.copy(box.min).add(holder.position).add(this.group.position));
      high.max(p.copy(box.max).add(holder.position).add(this.group.position));
    }
    return [low.toArray(), high.toArray()];
  }

  /** How far the opened mold reaches. */
  get reachMm(): number { return 3 * Math.hypot(...this.preview.blockMm); }

  setColors(colors: MoldColors): void {
    for (const { piece, mesh } of this.#pieces) {
      mesh.material.uniforms.uBase.value.set(colorOf(piece, colors));
      mesh.material.uniforms.uInside.value.set(colorOf(piece, colors)).multiplyScalar(0.8);
    }
  }

  dispose(): void {
    this.group.traverse((object) => {
      if (object instanceof Mesh || object instanceof LineSegments) {
        object.geometry.dispose();
        object.material.dispose();
      }
    });
    this.group.removeFromParent();
  }
}

const colorOf = ({ role }: PieceBuffers, colors: MoldColors): string => (role === "cavity" ? colors.cavity : colors.core);

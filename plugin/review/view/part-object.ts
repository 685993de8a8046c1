import { BufferAttribute, BufferGeometry, Group, LineBasicMaterial, LineSegments, Mesh, type Plane, type ShaderMaterial } from "three";
import { MeshBVH } from "three-mesh-bvh";
import type { BodyBuffers, BodySummary, FaceSummary } from "../../../worker/protocol.ts";
import { createFaceMaterial } from "./face-material.ts";

/** One body in the scene: its faces, its edges and the faces that are lit. */
export class PartObject {
  readonly group = new Group();
  readonly geometry = new BufferGeometry();
  readonly material: ShaderMaterial;
  readonly mesh: Mesh;
  readonly bvh: MeshBVH;
  readonly #lit: Mesh;
  readonly #hover: Mesh;
  readonly #edges: LineSegments;

  constructor(readonly buffers: BodyBuffers, readonly summary: BodySummary, readonly offset: readonly [number, number, number], colors: PartColors, planes: Plane[]) {
    const { geometry } = this;
    geometry.setAttribute("position", new BufferAttribute(buffers.positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(buffers.normals, 3));
    const vertices = buffers.positions.length / 3;
    geometry.setAttribute("value", new BufferAttribute(new Float32Array(vertices), 1));
    geometry.setAttribute("flag", new BufferAttribute(new Float32Array(vertices), 1));
    geometry.setIndex(new BufferAttribute(buffers.indices, 1));
    // The tree was built in the worker over these very buffers.
    const tree = { version: 1, roots: [...buffers.bvh.roots], index: buffers.indices, indirectBuffer: buffers.bvh.indirect };
    this.bvh = MeshBVH.deserialize(tree, geometry, { setIndex: false });
    this.material = createFaceMaterial(colors.base, planes);
    this.mesh = new Mesh(geometry, this.material);
    this.#lit = this.#overlay(colors.accent, planes, -1);
    this.#hover = this.#overlay(colors.hover, planes, -0.5);
    this.#edges = new LineSegments(edgeGeometry(buffers), new LineBasicMaterial({ color: colors.edge, clippingPlanes: planes, transparent: true, opacity: 0.85 }));
    for (const object of [this.mesh, this.#lit, this.#hover, this.#edges]) object.frustumCulled = false;
    this.group.add(this.mesh, this.#hover, this.#lit, this.#edges);
    this.group.position.set(...offset);
  }

  /** Lights faces in the accent colour. */
  light(faces: readonly number[]): void {
    setFaces(this.#lit, faces.map((index) => this.summary.faces[index]));
  }

  /** Lights the face under the pointer faintly. */
  hover(face: number | undefined): void {
    setFaces(this.#hover, face === undefined ? [] : [this.summary.faces[face]]);
  }

  setValues(values: Float32Array | undefined, flags: Float32Array | undefined): void {
    this.#fill("value", values);
    this.#fill("flag", flags);
  }

  set edgesVisible(visible: boolean) { this.#edges.visible = visible; }

  /** 1 is solid. */
  set opacity(opacity: number) {
    this.material.uniforms.uOpacity.value = opacity;
    this.material.transparent = opacity < 1;
    this.material.depthWrite = opacity >= 1;
  }

  set lightOpacity(opacity: number) {
    const material = overlayMaterial(this.#lit);
    material.uniforms.uOpacity.value = opacity;
    material.transparent = opacity < 1;
  }

  setColors(colors: PartColors): void {
    this.material.uniforms.uBase.value.set(colors.base);
    this.material.uniforms.uInside.value.set(colors.base).multiplyScalar(0.55);
    overlayMaterial(this.#lit).uniforms.uBase.value.set(colors.accent);
    overlayMaterial(this.#hover).uniforms.uBase.value.set(colors.hover);
    (this.#edges.material as LineBasicMaterial).color.set(colors.edge);
  }

  dispose(): void {
    for (const object of [this.mesh, this.#lit, this.#hover, this.#edges]) {
      object.geometry.dispose();
      for (const material of [object.material].flat()) material.dispose();
    }
    this.group.removeFromParent();
  }

  #fill(name: "value" | "flag", values: Float32Array | undefined): void {
    const attribute = this.geometry.getAttribute(name) as BufferAttribute;
    if (values) attribute.array.set(values);
    else attribute.array.fill(0);
    attribute.needsUpdate = true;
  }

  /** A mesh over the same buffers that draws chosen faces only, nearer to the eye by a polygon offset. */
  #overlay(color: string, planes: Plane[], offset: number): Mesh {
    const geometry = new BufferGeometry();
    for (const [name, attribute] of Object.entries(this.geometry.attributes)) geometry.setAttribute(name, attribute);
    geometry.setIndex(this.geometry.getIndex());
    const material = createFaceMaterial(color, planes);
    material.polygonOffsetFactor = material.polygonOffsetUnits = offset;
    const mesh = new Mesh(geometry, [material]);
    mesh.visible = false;
    return mesh;
  }
}

/** Colours that follow the theme. */
export interface PartColors {
  readonly base: string;
  readonly accent: string;
  readonly hover: string;
  readonly edge: string;
}

const overlayMaterial = (mesh: Mesh): ShaderMaterial => [mesh.material].flat()[0] as ShaderMaterial;

function setFaces(mesh: Mesh, faces: readonly (FaceSummary | undefined)[]): void {
  mesh.geometry.clearGroups();
  for (const face of faces) if (face) mesh.geometry.addGroup(face.start * 3, face.count * 3, 0);
  mesh.visible = mesh.geometry.groups.length > 0;
}

function edgeGeometry(buffers: BodyBuffers): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(buffers.edgePositions, 3));
  geometry.setDrawRange(0, buffers.sharpSegments * 2);
  return geometry;
}

import { BufferAttribute, BufferGeometry, Group, LineBasicMaterial, LineSegments, Mesh, Sphere, Vector3, type Plane, type ShaderMaterial } from "three";
import type { FacetPatches } from "../../dfm/context.ts";
import type { FineWalls } from "../../dfm/fine-walls.ts";
import type { FaceRun } from "../maps/draft-classes.ts";
import { patchTriangles, type DrawnFacets } from "../maps/patches.ts";
import type { Scale } from "../maps/scale.ts";
import { createFaceMaterial, paintScale } from "./face-material.ts";

/** A body ready to draw: positions in mm relative to the middle of its box. */
export interface DrawnBody extends DrawnFacets {
  readonly id: string;
  /** `[s*6]` both ends of each edge segment. */
  readonly edgePositions: Float32Array;
  /** How many of the segments, from the first, are drawn. */
  readonly sharpSegments: number;
}

/** What a map puts on one body. */
export interface Painted {
  /** `[v]`; NaN where nothing was measured. */
  readonly values: Float32Array;
  /** `[v]` 1 at vertices of crossover faces. */
  readonly flags?: Float32Array;
  /** Pieces whose value is 1. */
  readonly patches?: FacetPatches;
  /** Pieces with a value at each corner, drawn over the vertices' values. */
  readonly fine?: FineWalls;
}

/** Colours that follow the theme. */
export interface PartColors {
  readonly base: string;
  readonly accent: string;
  readonly hover: string;
  readonly edge: string;
}

/** One body in a scene: its faces, its edges, the pieces of a map that do not end at facets, and the faces that are lit. */
export class PartObject<B extends DrawnBody = DrawnBody> {
  readonly group = new Group();
  readonly geometry = new BufferGeometry();
  readonly material: ShaderMaterial;
  readonly mesh: Mesh;
  readonly #lit: Mesh;
  readonly #hover: Mesh;
  readonly #patches: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #edges: LineSegments<BufferGeometry, LineBasicMaterial>;
  readonly #sphere: Sphere;

  constructor(readonly buffers: B, readonly faces: readonly FaceRun[], readonly offset: readonly [number, number, number], colors: PartColors, planes: Plane[]) {
    const { geometry } = this, vertices = buffers.positions.length / 3;
    geometry.setAttribute("position", new BufferAttribute(buffers.positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(buffers.normals, 3));
    geometry.setAttribute("value", new BufferAttribute(new Float32Array(vertices), 1));
    geometry.setAttribute("flag", new BufferAttribute(new Float32Array(vertices), 1));
    geometry.setIndex(new BufferAttribute(buffers.indices, 1));
    // Known beforehand: the renderer would walk over every vertex of each geometry for it.
    this.#sphere = new Sphere(new Vector3(), reachOf(buffers.positions));
    geometry.boundingSphere = this.#sphere;
    this.material = createFaceMaterial(colors.base, planes);
    this.mesh = new Mesh(geometry, this.material);
    this.#lit = this.#overlay(colors.accent, planes, -1);
    this.#hover = this.#overlay(colors.hover, planes, -0.5);
    this.#patches = new Mesh(new BufferGeometry(), overlayOf(colors.base, planes, 0));
    this.#patches.visible = false;
    this.#edges = new LineSegments(this.#edgeGeometry(), new LineBasicMaterial({ color: colors.edge, clippingPlanes: planes, transparent: true, opacity: 0.85 }));
    for (const object of this.#objects) object.frustumCulled = false;
    this.group.add(...this.#objects);
    this.group.position.set(...offset);
  }

  get #objects(): readonly (Mesh | LineSegments)[] { return [this.mesh, this.#patches, this.#hover, this.#lit, this.#edges]; }

  /** Lights faces in the accent colour. */
  light(faces: readonly number[]): void {
    setFaces(this.#lit, faces.map((index) => this.faces[index]));
  }

  /** Lights the face under the pointer faintly. */
  hover(face: number | undefined): void {
    setFaces(this.#hover, face === undefined ? [] : [this.faces[face]]);
  }

  /** Paints a map by a scale; plain faces without one, and where the map says nothing of this body the colour of what was not measured. */
  paint(scale: Scale | undefined, painted: Painted | undefined): void {
    if (scale) {
      this.#fill("value", painted?.values ?? NaN);
      this.#fill("flag", painted?.flags ?? 0);
    }
    paintScale(this.material, scale);
    this.#setPatches(scale && (painted?.fine ?? painted?.patches), painted?.fine);
    paintScale(this.#patches.material, scale);
  }

  set edgesVisible(visible: boolean) { this.#edges.visible = visible; }

  /** 1 is solid. */
  set opacity(opacity: number) {
    for (const material of [this.material, this.#patches.material]) setOpacity(material, opacity);
    this.material.depthWrite = opacity >= 1;
  }

  /** How much lit faces, and less of it the one under the pointer, cover what is below them. */
  set lightOpacity(opacity: number) {
    setOpacity(overlayMaterial(this.#lit), opacity);
    setOpacity(overlayMaterial(this.#hover), opacity < 1 ? opacity / 2 : 1);
  }

  setColors(colors: PartColors): void {
    for (const { uniforms } of [this.material, this.#patches.material]) {
      uniforms.uBase.value.set(colors.base);
      uniforms.uInside.value.set(colors.base).multiplyScalar(0.55);
    }
    overlayMaterial(this.#lit).uniforms.uBase.value.set(colors.accent);
    overlayMaterial(this.#hover).uniforms.uBase.value.set(colors.hover);
    this.#edges.material.color.set(colors.edge);
  }

  dispose(): void {
    for (const object of this.#objects) {
      object.geometry.dispose();
      for (const material of [object.material].flat()) material.dispose();
    }
    this.group.removeFromParent();
  }

  #fill(name: "value" | "flag", values: Float32Array | number): void {
    const attribute = this.geometry.getAttribute(name) as BufferAttribute;
    if (typeof values === "number") attribute.array.fill(values);
    else attribute.array.set(values);
    attribute.needsUpdate = true;
  }

  /** @param fine what the patches show; 1 everywhere without */
  #setPatches(patches: FacetPatches | undefined, fine: FineWalls | undefined): void {
    this.#patches.geometry.dispose();
    this.#patches.visible = patches !== undefined && patches.facets.length > 0;
    if (!patches || !this.#patches.visible) return;
    const { positions, normals } = patchTriangles(this.buffers, patches), geometry = new BufferGeometry(), count = positions.length / 3;
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(normals, 3));
    geometry.setAttribute("value", new BufferAttribute(fine?.values ?? new Float32Array(count).fill(1), 1));
    if (fine) geometry.setAttribute("blank", new BufferAttribute(fine.blanks, 1));
    geometry.setAttribute("flag", new BufferAttribute(new Float32Array(count), 1));
    geometry.boundingSphere = this.#sphere;
    this.#patches.geometry = geometry;
  }

  /** A mesh over the same buffers that draws chosen faces only, nearer to the eye by a polygon offset. */
  #overlay(color: string, planes: Plane[], offset: number): Mesh {
    const geometry = new BufferGeometry();
    for (const [name, attribute] of Object.entries(this.geometry.attributes)) geometry.setAttribute(name, attribute);
    geometry.setIndex(this.geometry.getIndex());
    geometry.boundingSphere = this.#sphere;
    const mesh = new Mesh(geometry, [overlayOf(color, planes, offset)]);
    mesh.visible = false;
    return mesh;
  }

  #edgeGeometry(): BufferGeometry {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(this.buffers.edgePositions, 3));
    geometry.setDrawRange(0, this.buffers.sharpSegments * 2);
    geometry.boundingSphere = this.#sphere;
    return geometry;
  }
}

/** The face material nearer to the eye by a polygon offset. */
function overlayOf(color: string, planes: Plane[], offset: number): ShaderMaterial {
  const material = createFaceMaterial(color, planes);
  material.polygonOffsetFactor = material.polygonOffsetUnits = offset;
  return material;
}

function setOpacity(material: ShaderMaterial, opacity: number): void {
  material.uniforms.uOpacity.value = opacity;
  material.transparent = opacity < 1;
}

/** Radius of a ball about the origin that holds all points. */
function reachOf(positions: Float32Array): number {
  let most = 0;
  for (let i = 0; i < positions.length; i += 3) most = Math.max(most, positions[i] * positions[i] + positions[i + 1] * positions[i + 1] + positions[i + 2] * positions[i + 2]);
  return Math.sqrt(most);
}

const overlayMaterial = (mesh: Mesh): ShaderMaterial => [mesh.material].flat()[0] as ShaderMaterial;

function setFaces(mesh: Mesh, faces: readonly (FaceRun | undefined)[]): void {
  mesh.geometry.clearGroups();
  for (const face of faces) if (face) mesh.geometry.addGroup(face.start * 3, face.count * 3, 0);
  mesh.visible = mesh.geometry.groups.length > 0;
}

import { AlwaysStencilFunc, BackSide, DecrementWrapStencilOp, DoubleSide, FrontSide, Group, IncrementWrapStencilOp, Mesh, MeshBasicMaterial, NotEqualStencilFunc, Plane, PlaneGeometry, ReplaceStencilOp, ShaderMaterial, Color, Vector3, type BufferGeometry, type Object3D, type Side } from "three";

/** A closed surface, and what moves it. */
export interface CappedSolid {
  readonly geometry: BufferGeometry;
  readonly holder: Object3D;
}

/** A section plane in the scene, with caps that show solid material as hatched. */
export class SectionCap {
  readonly plane = new Plane(new Vector3(0, 0, -1), 0);
  readonly group = new Group();
  readonly #counters: Mesh<BufferGeometry, MeshBasicMaterial>[] = [];
  #solids: readonly CappedSolid[] = [];
  readonly #cap: Mesh<PlaneGeometry, ShaderMaterial>;

  constructor(color: string) {
    this.#cap = new Mesh(new PlaneGeometry(1, 1), capMaterial(color));
    this.#cap.renderOrder = 2;
    this.#cap.onAfterRender = (renderer) => renderer.clearStencil();
    this.group.add(this.#cap);
    this.group.visible = false;
  }

  /** The solids to cap, each where its holder is drawn. */
  setSolids(solids: readonly CappedSolid[]): void {
    this.#solids = solids;
    for (const mesh of this.#counters.splice(0)) {
      mesh.material.dispose();
      mesh.removeFromParent();
    }
    if (this.group.visible) for (const { geometry, holder } of solids) for (const side of [BackSide, FrontSide] as const) {
      const mesh = new Mesh(geometry, counter(side, this.plane));
      mesh.renderOrder = 1;
      mesh.frustumCulled = false;
      this.#counters.push(mesh);
      holder.add(mesh);
    }
  }

  set visible(visible: boolean) {
    if (this.group.visible === visible) return;
    this.group.visible = visible;
    this.setSolids(this.#solids);
  }

  /** How far the cap must reach. */
  set sizeMm(sizeMm: number) { this.#cap.scale.setScalar(sizeMm); }

  /** Cuts away what lies beyond `offset` along `normal`. */
  place(normal: Vector3, offset: number): void {
    this.plane.normal.copy(normal).negate();
    this.plane.constant = offset;
    this.#cap.position.copy(normal).multiplyScalar(offset);
    this.#cap.lookAt(this.#cap.position.clone().add(normal));
  }

  setColor(color: string): void {
    this.#cap.material.uniforms.uColor.value.set(color);
  }

  setPixelRatio(ratio: number): void {
    this.#cap.material.uniforms.uScale.value = ratio;
  }

  dispose(): void {
    this.setSolids([]);
    this.#cap.geometry.dispose();
    this.#cap.material.dispose();
  }
}

/** Counts back faces up and front faces down: what stays unequal to zero is inside the solid. */
function counter(side: Side, plane: Plane): MeshBasicMaterial {
  const op = side === BackSide ? IncrementWrapStencilOp : DecrementWrapStencilOp;
  return new MeshBasicMaterial({
    side, clippingPlanes: [plane], depthWrite: false, depthTest: false, colorWrite: false,
    stencilWrite: true, stencilFunc: AlwaysStencilFunc, stencilFail: op, stencilZFail: op, stencilZPass: op,
  });
}

function capMaterial(color: string): ShaderMaterial {
  return new ShaderMaterial({
    side: DoubleSide,
    stencilWrite: true, stencilRef: 0, stencilFunc: NotEqualStencilFunc,
    stencilFail: ReplaceStencilOp, stencilZFail: ReplaceStencilOp, stencilZPass: ReplaceStencilOp,
    uniforms: { uColor: { value: new Color(color) }, uScale: { value: 1 } },
    vertexShader: "void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }",
    fragmentShader: /* glsl */ `
      uniform vec3 uColor; uniform float uScale;
      void main() {
        vec2 p = gl_FragCoord.xy / uScale;
        float ink = 1.0 - smoothstep(0.3, 1.3, abs(mod((p.x + p.y) * 0.7071, 7.0) - 3.5));
        gl_FragColor = vec4(mix(uColor, uColor * 0.6, ink), 1.0);
      }`,
  });
}

import { unzipSync, strFromU8 } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { write3mf } from "../../src/export/write-3mf.ts";
import { writeGlb } from "../../src/export/write-glb.ts";
import { writeStl } from "../../src/export/write-stl.ts";
import type { PlainMesh } from "../../src/export/plain-mesh.ts";
import { closedVolume, isClosed, weldExact } from "../../src/part/mesh-measures.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { meshSolid } from "../../src/step/mesh-solid.ts";
import { readBackExact } from "../../src/step/read-back.ts";
import { writeStep } from "../../src/step/write-step.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

let shapes: ShapeKernel, meshes: PlainMesh[];

beforeAll(async () => {
  shapes = await shapeKernel();
  const mesh = (name: string, shape: Parameters<ShapeKernel["body"]>[0], color: PlainMesh["color"]): PlainMesh => {
    const made = meshSolid(shapes.oc, new ExactSolid(shape), 0.01, 10);
    if (!made.ok) throw new Error(made.problem.message);
    return { name, color, ...made.value };
  };
  meshes = [
    mesh("core <1> & \"co\"", shapes.cut(shapes.box([0, 0, 0], [30, 20, 10]), shapes.cylinder([10, 10, -1], [0, 0, 1], 4, 12)), [0.5, 0.2, 0.1]),
    mesh("cavité", shapes.sphere([50, 0, 0], 7), [0.1, 0.6, 0.9]),
  ];
});

const volumeOf = (m: { positions: Float64Array; indices: Uint32Array }): number => closedVolume(m.positions, m.indices).volumeMm3;

describe("STL", () => {
  it("reads back closed with the same volume and outward normals", () => {
    for (const mesh of meshes) {
      const bytes = writeStl([mesh]), view = new DataView(bytes.buffer), count = view.getUint32(80, true);
      expect(bytes.length).toBe(84 + count * 50);
      expect(new TextDecoder().decode(bytes.subarray(0, 5))).not.toBe("solid");
      const positions = new Float64Array(count * 9);
      for (let t = 0; t < count; t++) for (let k = 0; k < 9; k++) positions[t * 9 + k] = view.getFloat32(84 + t * 50 + 12 + k * 4, true);
      const read = weldExact(positions, Uint32Array.from({ length: count * 3 }, (_, i) => i));
      expect(isClosed(read.indices)).toBe(true);
      expect(volumeOf(read) / volumeOf(mesh)).toBeCloseTo(1, 6);
      const [ax, ay, az, bx, by, bz, cx, cy, cz] = positions;
      const n = [0, 1, 2].map((k) => view.getFloat32(84 + k * 4, true));
      const cross = [(by - ay) * (cz - az) - (bz - az) * (cy - ay), (bz - az) * (cx - ax) - (bx - ax) * (cz - az), (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)];
      expect(n.reduce((s, v, k) => s + v * cross[k], 0) / Math.hypot(...cross)).toBeCloseTo(1, 5);
    }
  });
});

describe("3MF", () => {
  it("reads back in millimetres with names, colours and volumes", () => {
    const files = unzipSync(write3mf("mold", meshes));
    expect(Object.keys(files)[0]).toBe("[Content_Types].xml");
    const model = new DOMLess(strFromU8(files["3D/3dmodel.model"]));
    expect(model.attribute("model", "unit")).toBe("millimeter");
    expect(model.all("object").map((o) => unescapeXml(/name="([^"]*)"/.exec(o)![1]))).toEqual(meshes.map((m) => m.name));
    expect(model.all("base").map((b) => /displaycolor="(#[0-9A-F]{6})"/.exec(b)?.[1])).toHaveLength(2);
    expect(model.all("item").map((i) => /objectid="(\d+)"/.exec(i)![1])).toEqual(["2", "3"]);
    const bodies = model.text.split("<object ").slice(1);
    bodies.forEach((body, i) => {
      const positions = Float64Array.from([...body.matchAll(/<vertex x="([^"]+)" y="([^"]+)" z="([^"]+)"/g)].flatMap((m) => [Number(m[1]), Number(m[2]), Number(m[3])]));
      const indices = Uint32Array.from([...body.matchAll(/<triangle v1="(\d+)" v2="(\d+)" v3="(\d+)"/g)].flatMap((m) => [Number(m[1]), Number(m[2]), Number(m[3])]));
      expect(isClosed(indices)).toBe(true);
      expect(volumeOf({ positions, indices }) / volumeOf(meshes[i])).toBeCloseTo(1, 6);
    });
  });

  it("is the same bytes for the same meshes", () => expect(write3mf("mold", meshes)).toEqual(write3mf("mold", meshes)));
});

describe("GLB", () => {
  it("reads back in metres with names, materials and volumes", () => {
    const bytes = writeGlb("mold", meshes), view = new DataView(bytes.buffer);
    expect([view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)]).toEqual([0x46546c67, 2, bytes.length]);
    const jsonLength = view.getUint32(12, true);
    expect(jsonLength % 4).toBe(0);
    const gltf = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength))) as {
      nodes: { name: string; mesh?: number; rotation?: number[] }[]; materials: { name: string }[];
      meshes: { primitives: { attributes: { POSITION: number; NORMAL: number }; indices: number }[] }[];
      accessors: { bufferView: number; count: number; min?: number[]; max?: number[] }[]; bufferViews: { byteOffset: number; byteLength: number }[];
    };
    expect(gltf.nodes.filter((n) => n.mesh !== undefined).map((n) => n.name)).toEqual(meshes.map((m) => m.name));
    expect(gltf.materials).toHaveLength(2);
    const start = 20 + jsonLength + 8;
    const slice = (accessor: number): ArrayBuffer => { const v = gltf.bufferViews[gltf.accessors[accessor].bufferView]; return bytes.slice(start + v.byteOffset, start + v.byteOffset + v.byteLength).buffer; };
    gltf.meshes.forEach(({ primitives: [{ attributes, indices }] }, i) => {
      const positions = Float64Array.from(new Float32Array(slice(attributes.POSITION)), (n) => n * 1000);
      const read = weldExact(positions, new Uint32Array(slice(indices)));
      expect(isClosed(read.indices)).toBe(true);
      expect(volumeOf(read) / volumeOf(meshes[i])).toBeCloseTo(1, 5);
      const normals = new Float32Array(slice(attributes.NORMAL));
      for (let n = 0; n < normals.length; n += 3) expect(Math.hypot(normals[n], normals[n + 1], normals[n + 2])).toBeCloseTo(1, 5);
      expect(gltf.accessors[attributes.POSITION].max![0] * 1000).toBeCloseTo(Math.max(...positions.filter((_, k) => k % 3 === 0)), 4);
    });
  });
});

describe("STEP", () => {
  const write = (): Uint8Array => {
    const made = writeStep(shapes.oc, "l'été \\ 模具", [
      { name: "cavité 腔", color: [0.1, 0.25, 0.5], solid: new ExactSolid(shapes.box([0, 0, 0], [10, 20, 30])) },
      { name: "core", color: [0.35, 0.37, 0.4], solid: new ExactSolid(shapes.sphere([50, 0, 0], 5)) },
    ]);
    if (!made.ok) throw new Error(made.problem.message);
    return made.value;
  };

  it("declares millimetres, names and colours, and reads back", () => {
    const bytes = write(), text = new TextDecoder().decode(bytes);
    expect(text).toMatch(/LENGTH_UNIT\(\) NAMED_UNIT\(\*\) SI_UNIT\(\.MILLI\.,\.METRE\.\)/);
    expect(text).toContain("PRODUCT('cavit\\X2\\00E9\\X0\\ \\X2\\8154\\X0\\'");
    expect(text).toContain("FILE_NAME('l''\\X2\\00E9\\X0\\t\\X2\\00E9\\X0\\ \\\\ \\X2\\6A21\\X0\\\\X2\\5177\\X0\\'");
    expect([...text.matchAll(/COLOUR_RGB/g)]).toHaveLength(2);
    // eslint-disable-next-line no-control-regex
    expect(/^[\x00-\x7f]*$/.test(text)).toBe(true);
    const read = readBackExact(shapes.oc, bytes);
    if (!read.ok) throw new Error(read.problem.message);
    expect(read.value.map((solid) => solid.withinMm3)).toEqual([expect.closeTo(6000, 6), expect.closeTo((500 / 3) * Math.PI, 6)]);
  });

  it("is the same bytes for the same solids", () => expect(write()).toEqual(write()));
});

/** Enough of an XML reader for what the writer makes. */
class DOMLess {
  constructor(readonly text: string) {}
  all(tag: string): string[] { return [...this.text.matchAll(new RegExp(`<${tag}\\s[^>]*>`, "g"))].map((m) => m[0]); }
  attribute(tag: string, name: string): string | undefined { return new RegExp(`\\s${name}="([^"]*)"`).exec(this.all(tag)[0])?.[1]; }
}

const unescapeXml = (text: string): string => text.replace(/&#(\d+);/g, (_, n: string) => String.fromCharCode(Number(n)));

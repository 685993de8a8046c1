import { expect, it } from "vitest";
import { SURFACE_POINT, evaluateSurface } from "../../src/part/evaluate-surface.ts";
import { closedVolume } from "../../src/part/mesh-measures.ts";
import { shapeKernel } from "../shapes/kernel.ts";

const SHIFT = [1, 2, 3] as const;

/** A cylinder in the kernel's own text whose surfaces lie elsewhere and are brought home by a location of the face's geometry. */
const located = (text: string): string => text
  .replace("Locations 0", `Locations 1\n1\n1 0 0 ${SHIFT[0]} \n0 1 0 ${SHIFT[1]} \n0 0 1 ${SHIFT[2]} `)
  .replace(/(Surfaces 3\n)((?:.*\n){3})/, (_, head: string, rows: string) => head + rows.replace(/^([12]) (\S+) (\S+) (\S+)/gm, (_row, kind: string, ...origin: string[]) => `${kind} ${SHIFT.map((s, k) => Number(origin[k]) - s).join(" ")}`))
  .replace(/^(Fa\n0 {2}\S+ \d) 0$/gm, "$1 1").replace(/^(2 {2}\d \d) 0 /gm, "$1 1 ").replace(/^(3 {2}\d \dCN \d) 0 /gm, "$1 1 ");

it("facets lie on surfaces that the kernel keeps at a location of their own", async () => {
  const k = await shapeKernel(), text = located(k.oc.BRepToolsWrapper.Write(k.cylinder([0, 0, 0], [0, 0, 1], 2, 5)));
  expect(text.match(/Fa\n0 {2}\S+ \d 1\n/g)).toHaveLength(3);
  const body = k.body(k.oc.BRepToolsWrapper.Read(text)), { positions, uvs, indices, faceOf } = body.facets, point = new Float64Array(SURFACE_POINT);
  expect(body.mass.volumeMm3).toBeCloseTo(20 * Math.PI, 9);
  let off = 0;
  for (let c = 0; c < indices.length; c++) {
    const v = indices[c];
    evaluateSurface(body.faces[faceOf[Math.floor(c / 3)]].surface, uvs[v * 2], uvs[v * 2 + 1], point);
    off = Math.max(off, Math.hypot(...[0, 1, 2].map((i) => point[i] - positions[v * 3 + i])));
  }
  expect(off).toBeLessThan(1e-9);
  expect(body.mass.boxMm[0].map((x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([-2, -2, 0]);
  expect(closedVolume(positions, indices).volumeMm3).toBeGreaterThan(0.99 * 20 * Math.PI);
});

import { readFileSync, writeFileSync } from "node:fs";
import init from "replicad-opencascadejs";
import { SAMPLES } from "./parts.ts";
import { SolidKit } from "./solid-kit.ts";

/** Writes every sample as `samples/NAME.step`. Run with `npm run samples`. */
const root = process.cwd();
const silent = (): void => {};
const oc = await init({ wasmBinary: readFileSync(`${root}/dist/kernels/occt.wasm`), print: silent, printErr: silent });
const kit = new SolidKit(oc);
for (const { name, title, build } of SAMPLES) {
  const solid = kit.solid(build(kit));
  if (!new oc.BRepCheck_Analyzer(solid, true, false, false).IsValid()) throw new Error(`${name} is not valid`);
  writeFileSync(`${root}/samples/${name}.step`, kit.step(solid, title));
  console.log(`samples/${name}.step`);
}

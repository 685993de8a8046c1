import { MOLD_DEFAULTS, type BlockSpec, type MoldDesign } from "../../../src/mold/design.ts";
import type { Vec3 } from "../../../src/units.ts";

/** A parameter of the mold in JSCAD's parameter-definition convention, so that JSCAD's own tools can show it. */
export type ParameterDefinition =
  | { readonly name: string; readonly type: "group"; readonly caption: string }
  | { readonly name: string; readonly type: "float" | "int"; readonly caption: string; readonly initial: number; readonly min: number; readonly max: number; readonly step: number; readonly unit?: "mm" }
  | { readonly name: string; readonly type: "choice"; readonly caption: string; readonly initial: string; readonly values: readonly string[]; readonly captions: readonly string[] }
  | { readonly name: string; readonly type: "checkbox"; readonly caption: string; readonly checked: boolean };

/** Values by parameter name; missing ones are at their initial value. */
export type ParameterValues = Readonly<Record<string, number | string | boolean>>;

const margin = MOLD_DEFAULTS.block.kind === "margin" ? MOLD_DEFAULTS.block : { sideMm: 15, topMm: 15, bottomMm: 15, roundToMm: 5 };
const mm = (name: string, caption: string, initial: number, min: number, max: number, step: number): ParameterDefinition => ({ name, type: "float", caption, initial, min, max, step, unit: "mm" });

/** The parameters of a mold. `reach` are the heights along the pull between which the parting plane may lie, mm. */
export function getParameterDefinitions(reach: readonly [lowMm: number, highMm: number], bodies = 1): ParameterDefinition[] {
  const [low, high] = reach;
  return [
    { name: "block", type: "group", caption: "Block" },
    mm("sideMm", "Steel at the sides", margin.sideMm, 2, 60, 1),
    mm("topMm", "Steel above", margin.topMm, 2, 60, 1),
    mm("bottomMm", "Steel below", margin.bottomMm, 2, 60, 1),
    mm("roundToMm", "Round up to", margin.roundToMm, 0, 25, 1),
    { name: "parting", type: "group", caption: "Parting plane" },
    { name: "partingAuto", type: "checkbox", caption: "Choose by least trapped area", checked: true },
    mm("partingMm", "Height along the pull", round((low + high) / 2), round(low), round(high), round(Math.max(0.01, (high - low) / 200))),
    mm("clearanceMm", "Gap around the land", MOLD_DEFAULTS.clearanceMm, 0, 2, 0.05),
    { name: "pins", type: "group", caption: "Alignment pins" },
    { name: "pinCount", type: "choice", caption: "Pins", initial: String(MOLD_DEFAULTS.pins.count), values: ["0", "2", "4"], captions: ["none", "two", "four"] },
    mm("pinDiameterMm", "Diameter", MOLD_DEFAULTS.pins.diameterMm, 1, 20, 0.5),
    mm("pinLengthMm", "Length", MOLD_DEFAULTS.pins.lengthMm, 1, 40, 0.5),
    mm("pinFitMm", "Radial gap", MOLD_DEFAULTS.pins.fitMm, 0, 0.2, 0.005),
    mm("pinInsetMm", "From the edge", MOLD_DEFAULTS.pins.insetMm, 1, 40, 0.5),
    ...(bodies > 1 ? [{ name: "several", type: "group", caption: "Bodies" }, { name: "bodies", type: "choice", caption: "Molds", initial: MOLD_DEFAULTS.bodies, values: ["each", "together"], captions: ["one each", "all in one"] }] as const : []),
    { name: "scale", type: "group", caption: "Growth" },
    { name: "scaleOrigin", type: "choice", caption: "Fixed point", initial: MOLD_DEFAULTS.scaleOrigin, values: ["part-origin", "centroid", "box-centre"], captions: ["part origin", "centroid", "middle of the box"] },
  ];
}

/** The mold design that parameter values describe. */
export function designFrom(values: ParameterValues, osf: Vec3, pull: Vec3 | "auto"): MoldDesign {
  const number = (name: string, initial: number): number => { const value = values[name]; return typeof value === "number" && Number.isFinite(value) ? value : initial; };
  const block: BlockSpec = {
    kind: "margin", sideMm: number("sideMm", margin.sideMm), topMm: number("topMm", margin.topMm),
    bottomMm: number("bottomMm", margin.bottomMm), roundToMm: number("roundToMm", margin.roundToMm),
  };
  const { pins } = MOLD_DEFAULTS;
  const origin = values.scaleOrigin;
  return {
    ...MOLD_DEFAULTS, osf, pull, block, bodies: values.bodies === "together" ? "together" : MOLD_DEFAULTS.bodies,
    scaleOrigin: origin === "centroid" || origin === "box-centre" || origin === "part-origin" ? origin : MOLD_DEFAULTS.scaleOrigin,
    partingMm: values.partingAuto === false && typeof values.partingMm === "number" ? values.partingMm : "auto",
    clearanceMm: number("clearanceMm", MOLD_DEFAULTS.clearanceMm),
    pins: {
      count: values.pinCount === "0" ? 0 : values.pinCount === "2" ? 2 : 4,
      diameterMm: number("pinDiameterMm", pins.diameterMm), lengthMm: number("pinLengthMm", pins.lengthMm),
      fitMm: number("pinFitMm", pins.fitMm), insetMm: number("pinInsetMm", pins.insetMm),
    },
  };
}

const round = (value: number): number => Number(value.toFixed(2));

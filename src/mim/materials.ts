import { sourced, type Range, type Sourced } from "./sources.ts";

/** The four groups of the Align guide. */
export const MATERIAL_GROUPS = ["Stainless steels", "Low alloy and carbon steels", "Specialty alloys", "Soft magnetic alloys"] as const;

/** A group of {@link MATERIAL_GROUPS}. */
export type MaterialGroup = (typeof MATERIAL_GROUPS)[number];

/**
 * An alloy, or a class of alloys, with what is known of it. A property that is missing has no source: using it
 * means asking the user for the value. The OSF of an alloy is a default only; the true one belongs to a
 * feedstock lot.
 */
export interface Material {
  readonly id: string;
  readonly name: string;
  readonly group: MaterialGroup;
  /** `class`: the source speaks of a family, not of one alloy. `custom`: given by the user. */
  readonly kind: "alloy" | "class" | "custom";
  readonly aliases: readonly string[];
  /** What it is chosen for. */
  readonly use?: string;
  /** Linear factor cavity / sintered, the same in x, y and z. */
  readonly osf?: Sourced<number>;
  /** Where the source gives several factors and does not say which: none of them is used unasked. */
  readonly osfCandidates?: Sourced<readonly number[]>;
  /** Pore-free density, g/cm³. */
  readonly theoreticalDensityGcm3?: Sourced<number>;
  /** Sintered density, % of theoretical. */
  readonly sinteredDensityPercent?: Sourced<Range>;
}

type Facts = Pick<Material, "osf" | "osfCandidates" | "theoreticalDensityGcm3" | "sinteredDensityPercent" | "use">;

const guideDensity = sourced<Range>({ min: 96, max: 99 }, "align");
const stainlessOsf = sourced(1.165, "pim");
const lowAlloyOsf = sourced<readonly number[]>([1.191, 1.216], "pim", "gives both for the class");
const tungstenOsf = sourced(1.259, "pim");

const inGroup =
  (group: MaterialGroup) =>
  (kind: Material["kind"], id: string, name: string, aliases: readonly string[], facts: Facts): Material => ({ id, name, group, kind, aliases, ...facts });

const stainless = inGroup("Stainless steels");
const lowAlloy = inGroup("Low alloy and carbon steels");
const specialty = inGroup("Specialty alloys");
const magnetic = inGroup("Soft magnetic alloys");

/** Every alloy of the Align guide in its order, and the classes of the PIM International article. */
export const MATERIALS: readonly Material[] = [
  stainless("alloy", "316L", "316L stainless steel", ["AISI 316L", "1.4404"], {
    use: "excellent corrosion resistance, medical",
    osf: stainlessOsf,
    theoreticalDensityGcm3: sourced(7.95, "secondary"),
    sinteredDensityPercent: guideDensity,
  }),
  stainless("alloy", "17-4PH", "17-4PH stainless steel", ["17-4", "AISI 630", "1.4542"], {
    use: "high strength, good corrosion resistance",
    osf: stainlessOsf,
    theoreticalDensityGcm3: sourced(7.85, "pim", "7.78 is given elsewhere"),
    sinteredDensityPercent: guideDensity,
  }),
  stainless("alloy", "420", "420 stainless steel", ["AISI 420"], { use: "high hardness, moderate corrosion resistance", sinteredDensityPercent: guideDensity }),
  stainless("alloy", "440C", "440C stainless steel", ["AISI 440C"], { use: "excellent wear resistance", sinteredDensityPercent: guideDensity }),
  stainless("class", "3XX", "3XX series stainless steels", ["300 series"], { osf: stainlessOsf, sinteredDensityPercent: guideDensity }),

  lowAlloy("alloy", "4140", "4140 low alloy steel", ["AISI 4140"], {
    use: "high fatigue strength",
    osfCandidates: lowAlloyOsf,
    theoreticalDensityGcm3: sourced(7.7, "secondary"),
    sinteredDensityPercent: guideDensity,
  }),
  lowAlloy("alloy", "8620", "8620 low alloy steel", ["AISI 8620"], { use: "excellent carburizing", osfCandidates: lowAlloyOsf, sinteredDensityPercent: guideDensity }),
  lowAlloy("alloy", "1070", "1070 carbon steel", ["AISI 1070"], { use: "high carbon, wear", osfCandidates: lowAlloyOsf, sinteredDensityPercent: guideDensity }),
  lowAlloy("alloy", "4605", "4605 low alloy steel", ["MIM 4605"], { use: "high strength, good toughness", osfCandidates: lowAlloyOsf, sinteredDensityPercent: guideDensity }),
  lowAlloy("class", "CIP", "carbonyl iron powder", ["carbonyl iron"], { osfCandidates: lowAlloyOsf, sinteredDensityPercent: guideDensity }),
  lowAlloy("class", "low-alloy", "low alloy steels", [], { osfCandidates: lowAlloyOsf, sinteredDensityPercent: guideDensity }),

  specialty("alloy", "Ti-6Al-4V", "Ti-6Al-4V titanium", ["Ti64", "titanium", "grade 5"], {
    use: "medical and aerospace",
    osf: sourced(1.19, "secondary", "16 % linear shrinkage"),
    theoreticalDensityGcm3: sourced(4.43, "secondary"),
    sinteredDensityPercent: sourced<Range>({ max: 99 }, "secondary"),
  }),
  specialty("alloy", "Inconel", "Inconel nickel alloys", ["Inconel 718", "IN718", "718"], { use: "high temperature" }),
  specialty("alloy", "Kovar", "Kovar (Fe-29Ni-17Co)", ["ASTM F15", "FeNiCo"], {
    use: "controlled expansion for electronics",
    theoreticalDensityGcm3: sourced(8.32, "calc", "54Fe-29Ni-17Co"),
  }),
  specialty("class", "W-alloy", "tungsten alloys", ["tungsten", "tungsten alloy"], { use: "high density", osf: tungstenOsf }),
  specialty("class", "W-Ni-Fe", "tungsten heavy alloy W-Ni-Fe", [], {
    osf: tungstenOsf,
    theoreticalDensityGcm3: sourced(17.74, "calc", "93W-4.9Ni-2.1Fe"),
  }),
  specialty("class", "W-Ni-Cu", "tungsten heavy alloy W-Ni-Cu", [], { osf: tungstenOsf }),

  magnetic("alloy", "Fe-50Ni", "Fe-50Ni (Fe-Ni alloys)", ["Fe-Ni", "FeNi50", "Permalloy 50"], {
    use: "high magnetic permeability",
    osf: sourced(1.163, "secondary", "14 % linear shrinkage"),
    theoreticalDensityGcm3: sourced(8.36, "calc", "50Fe-50Ni"),
  }),
  magnetic("alloy", "Fe-Si", "Fe-Si alloys", ["Fe-3Si", "silicon iron"], { use: "low core loss" }),
  magnetic("alloy", "soft-ferrite", "soft ferrites", ["ferrite", "soft ferrites"], { use: "high frequency" }),
];

/**
 * The material of that id or alias, whatever its case, spaces and dashes; `custom` materials come first, so that
 * a user may replace a shipped one.
 */
export function findMaterial(id: string, custom: readonly Material[] = []): Material | undefined {
  const wanted = key(id);
  const all = [...custom, ...MATERIALS];
  return all.find((m) => key(m.id) === wanted) ?? all.find((m) => m.aliases.some((alias) => key(alias) === wanted));
}

const key = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]/g, "");

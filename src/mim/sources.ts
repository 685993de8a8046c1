/** Where numbers come from. A value without an entry here is not shipped. */
export const SOURCES = {
  align: { title: "Align Manufacturing, Metal Injection Molding (MIM) Guide", date: "undated" },
  pim: { title: "Chiou and Chao, The maths in the magic, PIM International vol. 16 no. 2", date: "2022-06" },
  xtmim: { title: "XTMIM, Metal Injection Molding Process: 8 Steps from Feedstock to Final Inspection", date: "undated" },
  mima: { title: "MIMA (Metal Injection Molding Association) design guidance", date: "undated" },
  optimim: { title: "OptiMIM design guidance", date: "undated" },
  sintex: { title: "Sintex design guidance", date: "undated" },
  app: { title: "Advanced Powder Products (APP) design guidance", date: "undated" },
  brm: { title: "BRM design guidance", date: "undated" },
  smith: { title: "Smith Metal Products design guidance", date: "undated" },
  secondary: { title: "secondary source, not confirmed", date: "undated" },
  calc: { title: "computed by the rule of mixtures from elemental densities", date: "undated" },
} as const satisfies Record<string, { title: string; date: string }>;

/** Key of {@link SOURCES}. */
export type SourceId = keyof typeof SOURCES;

/** A value with where it comes from and when that was said (`undated` when the source carries no date). */
export interface Sourced<T> {
  readonly value: T;
  readonly source: string;
  readonly date: string;
}

/** A closed or half-open range. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** Attaches a catalogued source to a value; `note` is added to the source's title. */
export function sourced<T>(value: T, id: SourceId, note?: string): Sourced<T> {
  const { title, date } = SOURCES[id];
  return { value, source: note ? `${title} (${note})` : title, date };
}

/** File formats a mold or part can be written in. */
export const EXPORT_FORMATS = ["step", "stl", "3mf", "glb"] as const;

/** A file format a mold or part can be written in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

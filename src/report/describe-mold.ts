import type { Mold } from "../mold/mold.ts";
import type { ReportMold } from "./report.ts";

/** A mold as the report has it, before its files are written. */
export const describeMold = ({ bodies, realisation, design, pull, partingMm, proofs }: Mold): Omit<ReportMold, "files"> => ({ bodies, realisation, design, pull, partingMm, proofs });

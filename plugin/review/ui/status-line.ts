import { formatQuantity } from "../state/format.ts";
import type { Busy } from "../session.ts";
import type { ReviewUi } from "./ui-state.ts";

/** Facts of the open part for the bottom of the panel. */
export function statusLine(ui: ReviewUi): string {
  const { opened, checked, phase } = ui.session;
  if (!opened) return phase === "opening" ? "Reading …" : "No part open. All work stays on this machine.";
  const { summary } = opened;
  const parts = [summary.reader === "exact" ? "exact" : "facets only", `${summary.faces} faces`, formatQuantity(summary.volumeMm3, "mm3", ui.unit)];
  if (checked?.massG !== undefined) parts.push(formatQuantity(checked.massG, "g"));
  if (checked) parts.push(`checked in ${(checked.checkMs / 1000).toFixed(1)} s`);
  return [...parts, "all on this machine"].join(" · ");
}

/** What runs, in words: `meshing 61 %`. */
export function workText({ what, stage, fraction }: Busy): string {
  const now = stage ?? what;
  return `${now[0].toUpperCase()}${now.slice(1)}${fraction === undefined ? " …" : ` ${Math.round(fraction * 100)} %`}`;
}

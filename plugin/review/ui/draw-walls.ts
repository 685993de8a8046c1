import { html, svg, type TemplateResult } from "lit";
import type { ReportWalls } from "../../../src/report/report.ts";
import { wallChart } from "../../../src/report/wall-chart.ts";
import { formatQuantity } from "../state/format.ts";
import type { ReviewUi } from "./ui-state.ts";

const WIDE = 232, HIGH = 48;

/** Walls of one body, or of each, as bars of area over thickness with the limits; styled by the parent's `.walls`. */
export function drawWalls(ui: ReviewUi, body?: string): readonly TemplateResult[] {
  const all = ui.session.checked?.walls ?? [];
  return all.filter((walls) => body === undefined || walls.body === body).map((walls) => drawing(ui, walls, all.length > 1));
}

function drawing(ui: ReviewUi, walls: ReportWalls, several: boolean): TemplateResult {
  const { maxMm, bars, limits } = wallChart(walls, ui.session.profile?.limits.wall);
  const words = `${several ? `Body ${walls.body}: ` : ""}median ${formatQuantity(walls.medianMm, "mm", ui.unit)}, mean ${formatQuantity(walls.meanMm, "mm", ui.unit)} of ${formatQuantity(walls.areaMm2, "mm2", ui.unit)}`;
  return html`<svg class="walls" viewBox="0 0 ${WIDE} ${HIGH + 17}" role="img" aria-label="Area of walls by thickness">
      ${bars.map((b) => svg`<rect class=${b.outside ? "outside" : ""} x=${b.x * WIDE + 0.4} y=${(1 - b.height) * HIGH} width=${b.width * WIDE - 0.8} height=${b.height * HIGH}></rect>`)}
      <path d="M0 ${HIGH + 0.5}H${WIDE}"></path>${limits.map((x) => svg`<path class="limit" d="M${x * WIDE} 0V${HIGH}"></path>`)}
      <text x="0" y=${HIGH + 14}>0</text><text x=${WIDE} y=${HIGH + 14} text-anchor="end">${formatQuantity(maxMm, "mm", ui.unit)}</text></svg>
    <p class="muted">${words}</p>`;
}

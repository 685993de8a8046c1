import { FINDING_KINDS } from "../../dfm/finding.ts";
import type { Report } from "../report.ts";
import { judgeReport, type Decisions } from "../standing.ts";
import { escapeHtml, jsonForScript, sourceForScript } from "./escape.ts";
import { findingsSection, headerSection, limitsSection, moldSection, picturesSection, problemsSection, pullSection, signOffSection, wallsSection } from "./html-sections.ts";
import { PAGE_STYLE } from "./html-style.ts";
import type { PageBody } from "./page-body.ts";
import { base64, pageModel } from "./page-model.ts";

/** What the page shows beside the report. */
export interface ReportPageOptions {
  /** Source of the viewer (`dist/report-viewer.js`); without it, or without bodies, the page has no 3D view. */
  readonly viewer?: string;
  readonly bodies?: readonly PageBody[];
  readonly decisions?: Decisions;
  /** Pictures to show as they are; without any, the viewer makes one of each map. */
  readonly images?: readonly PageImage[];
  /** Pictures of findings by `Finding.id`; the viewer makes those that are missing. */
  readonly thumbnails?: Readonly<Record<string, Uint8Array>>;
}

/** A PNG picture and what it shows. */
export interface PageImage {
  readonly title: string;
  readonly png: Uint8Array;
}

/**
 * The report as one HTML file that opens offline: facts, verdict, a 3D view with maps, findings with their
 * states, proofs of the molds and sign-off lines. It can load nothing: its policy forbids every request. All
 * names are text, never markup.
 */
export function reportHtml(report: Report, options: ReportPageOptions = {}): string {
  const { viewer, bodies = [], decisions = {} } = options;
  const verdict = judgeReport(report, decisions), title = report.part.name || report.part.file;
  // Only a script with the file's own hash runs: no name inside the file can know it.
  const nonce = report.part.sha256.replace(/[^0-9a-f]/gi, "").slice(0, 32) || "none";
  const seen = viewer !== undefined && bodies.length > 0;
  const thumbnails = Object.fromEntries(Object.entries(options.thumbnails ?? {}).map(([id, png]) => [id, pngUri(png)]));
  const model = seen ? pageModel(bodies, report.findings.map((f) => ({ ...f, title: FINDING_KINDS[f.code].title }))) : undefined;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data: blob:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="oversize ${escapeHtml(report.tool.version)}">
<title>${escapeHtml(title)} · ${escapeHtml(verdict.text)}</title>
<style nonce="${nonce}">${PAGE_STYLE}</style>
</head>
<body>
<main>
${headerSection(report, verdict)}
<div class="columns${seen ? "" : " single"}">
${seen ? viewSection(title) : ""}
${findingsSection(report, decisions, thumbnails, seen)}
</div>
${picturesSection((options.images ?? []).map(({ title: caption, png }) => ({ caption, uri: pngUri(png) })), seen)}
${wallsSection(report)}
${report.molds.map((mold, i) => moldSection(mold, i)).join("\n")}
${problemsSection(report)}
${pullSection(report)}
${limitsSection(report)}
${signOffSection()}
<footer>Made by oversize ${escapeHtml(report.tool.version)} · ${escapeHtml(report.schema)} · everything in this page is in this file</footer>
</main>
${model ? `<script type="application/json" id="model" nonce="${nonce}">${jsonForScript(model)}</script>\n<script type="module" nonce="${nonce}">${sourceForScript(viewer ?? "")}</script>` : ""}
</body>
</html>
`;
}

const viewSection = (title: string): string => `<section class="view" id="view" aria-label="3D view">
  <div class="bar"><div class="group" id="map-buttons" role="group" aria-label="Colouring"></div><div class="group" id="view-buttons" role="group" aria-label="View"></div></div>
  <div class="stage"><canvas id="canvas" tabindex="0" role="img" aria-label="3D view of ${escapeHtml(title)}. Arrow keys turn it, plus and minus zoom. The findings table says the same in words."></canvas><p id="view-note">The 3D view needs JavaScript and WebGL.</p></div>
  <ul class="legend" id="legend"></ul>
  <p class="readout" id="readout" role="status">Click a face or a finding to read it here.</p>
</section>`;

const pngUri = (png: Uint8Array): string => `data:image/png;base64,${base64(png)}`;

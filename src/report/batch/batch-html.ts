import { escapeHtml as esc } from "../formats/escape.ts";
import { uriOf, type BatchFormat, type BatchInfo } from "./batch-format.ts";
import { fileOf, ROW_STATUSES, type BatchRow } from "./batch-row.ts";
import { BATCH_SCRIPT, BATCH_STYLE } from "./batch-page.ts";

const LABELS: Record<BatchRow["status"], string> = {
  failed: "✗ failed", blocking: "■ blocking", undecided: "? undecided", advisory: "▲ advisory", unchecked: "– not evaluated", passed: "✓ passed",
};

const HEADINGS = ["", "Part", "Result", "Findings", "Size, mm", "Mass, g", "Material", "Mold", "Seconds"];

/**
 * One page over the whole batch, worst first, that opens offline. It is whole without its script; the script only
 * sorts and filters. Everything that comes from a file is text.
 */
export const BATCH_HTML: BatchFormat = {
  head: (batch) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Oversize batch</title><style>${BATCH_STYLE}</style></head><body>
<header><h1>Oversize batch</h1><p>${headline(batch)}</p></header>
<form class="bar" role="search"><label>Find <input type="search" id="find" placeholder="name, code, material"></label>
<fieldset><legend>Show</legend>${ROW_STATUSES.map((s) => filterBox(s, batch.rows)).join("")}</fieldset><output id="shown" aria-live="polite"></output></form>
<table><thead><tr>${HEADINGS.map((h, i) => (i === 0 ? "<th><span class=\"sr\">Picture</span></th>" : `<th aria-sort="none"><button type="button">${h}</button></th>`)).join("")}</tr></thead><tbody>
`,
  entry: (row) => rowMarkup(row),
  tail: () => `</tbody></table><script>${BATCH_SCRIPT}</script></body></html>\n`,
};

function headline({ rows, missing, skipped, version }: BatchInfo): string {
  const parts = ROW_STATUSES.map((s) => [s, rows.filter((r) => r.status === s).length] as const).filter(([, n]) => n > 0).map(([s, n]) => `<b>${n}</b> ${esc(LABELS[s])}`);
  const rest = [missing > 0 ? `<b>${missing}</b> without a result yet: use --resume` : "", skipped > 0 ? `${skipped} other files passed over` : ""].filter(Boolean);
  return `${rows.length} parts: ${[...parts, ...rest].join(" · ")}. Oversize ${esc(version)}`;
}

function filterBox(status: BatchRow["status"], rows: readonly BatchRow[]): string {
  const n = rows.filter((r) => r.status === status).length;
  return n === 0 ? "" : `<label class="${status}"><input type="checkbox" checked value="${status}">${LABELS[status]} (${n})</label>`;
}

function rowMarkup(row: BatchRow): string {
  const picture = fileOf(row, ".png"), page = fileOf(row, ".report.html") ?? fileOf(row, ".report.json"), name = esc(row.file);
  const cells: [text: string, sort: string | number][] = [
    [page ? `<a href="${esc(uriOf(page))}">${name}</a>` : name, row.file],
    [`<b>${LABELS[row.status]}</b>${row.problem ? `<br><code>${esc(row.problem.code)}</code> ${esc(row.problem.message)} <i>${esc(row.problem.suggestion)}</i>` : ""}`, ROW_STATUSES.indexOf(row.status)],
    [findingText(row), (row.findings?.blocking ?? 0) * 1e6 + (row.findings?.undecided ?? 0) * 1e3 + (row.findings?.advisory ?? 0)],
    [row.part ? row.part.sizeMm.map((v) => v.toFixed(1)).join(" × ") : "", row.part ? Math.max(...row.part.sizeMm) : -1],
    [row.part?.massG?.toFixed(2) ?? "", row.part?.massG ?? -1],
    [row.material ? `${esc(row.material.id)}<br>OSF ${[...new Set(row.material.osf)].join(", ")}` : "", row.material?.id ?? ""],
    [moldText(row), row.molds.exact * 1e3 + row.molds.facets],
    [(row.durationMs / 1000).toFixed(1), row.durationMs],
  ];
  const image = picture ? `<img src="${esc(uriOf(picture))}" alt="" loading="lazy" width="160" height="120">` : "";
  return `<tr class="${row.status}"><td>${image}</td>${cells.map(([text, sort], i) => `<td data-label="${HEADINGS[i + 1]}" data-sort="${esc(String(sort))}">${text}</td>`).join("")}</tr>\n`;
}

function findingText(row: BatchRow): string {
  if (!row.findings) return "";
  const { blocking, undecided, advisory, passed, notEvaluated } = row.findings;
  const counts = [[blocking, "■"], [undecided, "?"], [advisory, "▲"], [passed, "✓"], [notEvaluated, "–"]].filter(([n]) => n !== 0).map(([n, mark]) => `${mark}\u00a0${n}`).join(" ");
  return `${counts}${row.codes.length > 0 ? `<br><small>${row.codes.map(esc).join(" ")}</small>` : ""}${row.warnings.length > 0 ? `<br><small class="warn">${row.warnings.map(esc).join(" ")}</small>` : ""}`;
}

function moldText({ molds, part }: BatchRow): string {
  if (!part) return "";
  return [molds.exact > 0 ? `${molds.exact} exact` : "", molds.facets > 0 ? `${molds.facets} facets` : ""].filter(Boolean).join(", ") || "none";
}

import { FINDING_KINDS, type Finding } from "../../dfm/finding.ts";
import { LIMITS, type LimitName } from "../../mim/limits.ts";
import { directionText, limitText, listText, measuredText, osfText } from "../format-value.ts";
import type { MoldProofs, Proof, Report, ReportMold } from "../report.ts";
import { standing, STANDING_MARKS, type Decisions, type FindingDecision, type ReportVerdict, type Standing } from "../standing.ts";
import { wallChart } from "../wall-chart.ts";
import { escapeHtml as text } from "./escape.ts";

const WORDS: Record<Standing, string> = { blocking: "blocking", advisory: "advisory", passed: "passed", "not-evaluated": "not evaluated" };
const mark = (of: Standing): string => `<span class="mark ${of}" role="img" aria-label="${WORDS[of]}">${STANDING_MARKS[of]}</span>`;
const fact = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** Part, material, profile, file hash and verdict. */
export function headerSection(report: Report, verdict: ReportVerdict): string {
  const { part, material, profile, pull } = report;
  const size = [0, 1, 2].map((k) => (part.bboxMm[1][k] - part.bboxMm[0][k]).toFixed(2)).join(" × ");
  const counts = (Object.entries(verdict.counts) as [Standing, number][]).filter(([, n]) => n > 0).map(([of, n]) => `<li>${mark(of)} ${n} ${WORDS[of]}</li>`).join("");
  return `<header>
  <p class="kind">Moldability report · metal injection molding</p>
  <div class="title"><h1>${text(part.name || part.file)}</h1><div class="verdict ${verdict.kind}"><strong>${text(verdict.text)}</strong><ul>${counts}</ul></div></div>
  <dl class="facts">
    ${fact("File", text(part.file))}
    ${fact("Material", material ? text(material.id) : "not given")}
    ${fact("OSF", material ? `${text(osfText(material.osf))}${material.osfPlusMinus === undefined ? "" : ` ± ${material.osfPlusMinus}`}` : "not given")}
    ${fact("Rule profile", profile ? text(profile.id) : "none")}
    ${fact("Pull", pull ? `${directionText(pull.direction)}${pull.chosenBy === "auto" ? " (chosen)" : ""}` : "not given")}
    ${fact("Size", `${size} mm`)}
    ${fact("Volume", part.volumeMm3 >= 1000 ? `${(part.volumeMm3 / 1000).toFixed(3)} cm³` : `${part.volumeMm3.toFixed(2)} mm³`)}
    ${fact("Mass", part.massG === undefined ? "not evaluated" : `${part.massG.toFixed(2)} g`)}
    ${fact("Read as", `${part.reader === "exact" ? "exact surfaces" : "facets only"}, ${part.solids} ${part.solids === 1 ? "body" : "bodies"}, ${part.faces} faces`)}
    ${material ? `<div class="wide"><dt>Source</dt><dd>${text(material.source)}${material.feedstock ? `; lot ${text(material.feedstock.lot)}` : ""}</dd></div>` : ""}
    <div class="wide"><dt>SHA-256</dt><dd class="hash">${text(part.sha256)}</dd></div>
  </dl>
</header>`;
}

const GROUPS: readonly { readonly title: string; readonly of: readonly Standing[]; readonly empty?: string }[] = [
  { title: "Needs attention", of: ["blocking", "advisory"], empty: "Nothing breaks a limit." },
  { title: "Not evaluated", of: ["not-evaluated"] },
  { title: "Passed", of: ["passed"] },
];

/** Every finding with its state; `linked` when there is a view to show it in. */
export function findingsSection(report: Report, decisions: Decisions, thumbnails: Readonly<Record<string, string>>, linked: boolean): string {
  const bodies = report.part.bodies.length > 1;
  const groups = GROUPS.map(({ title, of, empty }) => {
    const found = report.findings.filter((f) => of.includes(standing(f)));
    if (found.length === 0 && (!empty || report.findings.length === 0)) return "";
    const rows = found.map((f) => row(f, decisions[f.id], thumbnails[f.id], linked, bodies)).join("\n");
    return `<tbody><tr class="group-row"><th colspan="5" scope="rowgroup">${title} <span>${found.length}</span></th></tr>${rows || `<tr><td colspan="5" class="muted">${empty}</td></tr>`}</tbody>`;
  }).join("\n");
  return `<section class="findings"><h2>Findings</h2>
${report.findings.length === 0 ? '<p class="muted">This part was not checked.</p>' : `<table><caption class="hidden">Findings with measured value, limit and state</caption>
<thead><tr><th scope="col">Finding</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Limit</th><th scope="col">State</th><th scope="col"><span class="hidden">Picture</span></th></tr></thead>
${groups}</table>`}</section>`;
}

function row(finding: Finding, decision: FindingDecision | undefined, thumbnail: string | undefined, linked: boolean, bodies: boolean): string {
  const { id, code, measured, limit, faces, verdict } = finding, title = text(FINDING_KINDS[code].title);
  const where = [bodies && `body ${text(finding.body)}`, faces.length > 0 && `${faces.length === 1 ? "face" : "faces"} ${listText(faces)}`, finding.areaMm2 !== undefined && `${finding.areaMm2.toFixed(2)} mm²`].filter(Boolean).join(" · ");
  const name = linked && (faces.length > 0 || finding.points.length > 0) ? `<button type="button" class="show" data-finding="${text(id)}">${title}</button>` : `<span class="name">${title}</span>`;
  return `<tr data-row="${text(id)}"><th scope="row"><div class="rule">${mark(standing(finding))}<div>${name}${verdict === "undecided" ? ' <span class="chip">undecided</span>' : ""}
<p>${text(finding.message)}</p><p class="muted"><code>${text(id)}</code>${where ? ` · ${where}` : ""}</p></div></div></th>
<td class="number">${measured ? unbroken(measuredText(measured)) : "–"}</td><td class="number"${limit?.source ? ` title="${text(limit.source)}"` : ""}>${limit ? unbroken(limitText(limit)) : "–"}</td>
<td>${stateCell(finding, decision)}</td><td class="thumb">${thumbnail ? `<img src="${thumbnail}" alt="">` : linked ? `<img data-thumb="${text(id)}" alt="" hidden>` : ""}</td></tr>`;
}

/** Value and interval each stay on one line. */
const unbroken = (value: string): string => text(value).replace(/ (?!±)/g, "&nbsp;").replace(" ±", "<br>±");

function stateCell({ verdict }: Finding, decision: FindingDecision | undefined): string {
  if (!decision) return verdict === "pass" || verdict === "not-evaluated" ? "–" : "open";
  const by = [decision.name, decision.date?.slice(0, 10)].filter((part) => part !== undefined).map(text).join(", ");
  return `<strong>${decision.state}</strong>${decision.reason ? `<p>${text(decision.reason)}</p>` : ""}${by ? `<p class="muted">${by}</p>` : ""}`;
}

/** Pictures of the maps; the viewer fills the place when none are given. */
export function picturesSection(pictures: readonly { caption: string; uri: string }[], seen: boolean): string {
  if (pictures.length === 0 && !seen) return "";
  const figures = pictures.map(({ caption, uri }) => `<figure><img src="${uri}" alt="${text(caption)}"><figcaption>${text(caption)}</figcaption></figure>`).join("");
  return `<section class="pictures"${pictures.length === 0 ? ' id="pictures" hidden' : ""}><h2>Maps</h2><div class="figures">${figures}</div></section>`;
}

/** A mold: what it is, its proofs, its files. */
export function moldSection(mold: ReportMold, index: number): string {
  const { proofs, files, pull, design } = mold;
  const fileRows = files.map((f) => `<tr><th scope="row">${text(f.path)}</th><td class="number">${f.bytes.toLocaleString("en")}</td><td class="hash">${text(f.sha256)}</td></tr>`).join("");
  return `<section class="mold"><h2>Mold${index > 0 ? ` ${index + 1}` : ""}</h2>
<p>Bodies ${mold.bodies.map(text).join(", ")} · ${mold.realisation === "exact" ? "exact surfaces" : "facets"} · OSF ${text(osfText(design.osf))} · pull ${directionText(pull.direction)}${pull.chosenBy === "auto" ? " (chosen)" : ""} · parting plane at ${Number(mold.partingMm.toFixed(4))} mm</p>
<table class="proofs"><caption class="hidden">Proofs</caption><thead><tr><th scope="col">Proof</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Expected</th><th scope="col" class="number">Within</th></tr></thead><tbody>${proofRows(proofs)}</tbody></table>
${fileRows ? `<table class="files"><caption class="hidden">Files</caption><thead><tr><th scope="col">File</th><th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th></tr></thead><tbody>${fileRows}</tbody></table>` : ""}</section>`;
}

function proofRows({ pullFree, ...proofs }: MoldProofs): string {
  const trapped: Proof = { holds: pullFree.holds, measured: pullFree.trappedMm2, expected: 0, tolerance: 0 };
  const rows: readonly [string, Proof | undefined][] = [
    ["Volume grown by OSF x · y · z", proofs.volumeRatio], ["Faces that kept their surface type", proofs.sameSurfaces],
    ["Core + cavity + part over block", proofs.closure], ["Moments against the block, relative", proofs.moments],
    ["Valid solids", proofs.validSolids], ["Shared volume, mm³ at most", proofs.overlapMm3], ["Facets against exact, relative", proofs.crossCheck],
    ...(proofs.files ?? []).flatMap(({ file, readBack, secondReader }): [string, Proof][] => [[`${file}.step read back, mm³`, readBack], [`${file}.step by the second reader, mm³`, secondReader]]),
  ];
  return rows.map(([name, proof]) => proofRow(name, proof, "blocking")).join("") + proofRow("Area trapped when both halves are pulled, mm²", trapped, "advisory");
}

function proofRow(name: string, proof: Proof | undefined, failing: Standing): string {
  if (!proof) return `<tr><th scope="row">${mark("not-evaluated")} ${name}</th><td class="number muted" colspan="3">not evaluated</td></tr>`;
  const number = (x: number): string => (Number.isInteger(x) ? String(x) : Math.abs(x) < 1e-3 ? x.toExponential(2) : String(Number(x.toPrecision(12))));
  return `<tr><th scope="row">${mark(proof.holds ? "passed" : failing)} ${name}</th><td class="number">${number(proof.measured)}</td><td class="number">${number(proof.expected)}</td><td class="number">${number(proof.tolerance)}</td></tr>`;
}

/** What the reader should know about how the file was read and the mold was made. */
export function problemsSection({ problems, part }: Report): string {
  const { sheets, wires, annotations } = part.setAside;
  const aside = sheets + wires + annotations > 0 ? `<li>Set aside: ${sheets} sheets, ${wires} wires, ${annotations} annotations.</li>` : "";
  const items = problems.map((p) => `<li><strong>${text(p.message)}</strong> ${text(p.suggestion)} <code>${text(p.code)}</code></li>`).join("");
  const agreed = (part.declared ?? []).filter((d) => d.agrees).map((d) => `${d.quantity}${part.solids > 1 ? ` of body ${text(d.bodies.join(", "))}` : ""}`);
  const declared = agreed.length > 0 ? `<li>As the file itself states: ${agreed.join(", ")}.</li>` : "";
  return items || aside || declared ? `<section><h2>Notes</h2><ul class="notes">${items}${aside}${declared}</ul></section>` : "";
}

/** Walls of every body: their thickness by area, with the limits. */
export function wallsSection({ walls = [], profile, part }: Report): string {
  if (walls.length === 0) return "";
  const limit = profile?.limits.wall, figures = walls.map((of) => {
    const { maxMm, bars, limits } = wallChart(of, limit), share = (of.areaMm2 / (part.bodies.find(({ id }) => id === of.body)?.areaMm2 ?? of.areaMm2)) * 100;
    const words = `${walls.length > 1 ? `Body ${of.body}: ` : ""}${of.medianMm.toFixed(2)} mm in the median, ${of.meanMm.toFixed(2)} mm in the mean, over ${of.areaMm2.toFixed(1)} mm² of walls that face one another (${Math.min(100, share).toFixed(0)} % of the surface)`;
    const rects = bars.map((b) => `<rect${b.outside ? ' class="outside"' : ""} x="${(b.x * 320 + 0.5).toFixed(1)}" y="${(64 - b.height * 60).toFixed(1)}" width="${(b.width * 320 - 1).toFixed(1)}" height="${(b.height * 60).toFixed(1)}"/>`).join("");
    return `<figure><svg viewBox="0 0 320 82" role="img" aria-label="${text(words)}">${rects}<path d="M0 64.5H320"/>${limits.map((x) => `<path class="limit" d="M${(x * 320).toFixed(1)} 0V64"/>`).join("")}<text x="0" y="78">0</text><text x="320" y="78" text-anchor="end">${maxMm.toFixed(2)} mm</text></svg><figcaption>${text(words)}</figcaption></figure>`;
  });
  return `<section class="walls"><h2>Walls by thickness</h2><div class="figures">${figures.join("")}</div></section>`;
}

/** The directions a mold could open along, with what speaks against each. */
export function pullSection({ pull }: Report): string {
  if (!pull?.alternatives || pull.alternatives.length < 2) return "";
  const rows = pull.alternatives.map((a) =>
    `<tr><th scope="row">${directionText(a.direction)}${a.direction.every((x, k) => Math.abs(x - pull.direction[k]) < 1e-9) ? ` <span class="chip">${pull.chosenBy === "auto" ? "chosen" : "asked for"}</span>` : ""}</th><td class="number">${a.trappedMm2.toFixed(2)}</td><td class="number">${a.sideActions}</td><td class="number">${a.draftDeficitMm2.toFixed(2)}</td><td class="number">${a.partingSpreadMm.toFixed(3)}</td></tr>`).join("");
  return `<details><summary>Pull directions</summary><table><thead><tr><th scope="col">Direction</th><th scope="col" class="number">Trapped, mm²</th><th scope="col" class="number">Side actions</th><th scope="col" class="number">Short of draft, mm²</th><th scope="col" class="number">Parting line rises, mm</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** The limits the part was held against, with their sources. */
export function limitsSection({ profile }: Report): string {
  if (!profile) return "";
  const rows = (Object.entries(profile.limits) as [LimitName, NonNullable<(typeof profile.limits)[LimitName]>][]).map(([name, { min, max, unit, source }]) =>
    `<tr><th scope="row">${text(LIMITS[name]?.meaning ?? name)}</th><td class="number">${min ?? "–"}</td><td class="number">${max ?? "–"}</td><td>${text(unit)}</td><td class="muted">${text(source)}</td></tr>`).join("");
  return `<details><summary>Limits of profile ${text(profile.id)}</summary><table><thead><tr><th scope="col">Limit</th><th scope="col" class="number">Least</th><th scope="col" class="number">Most</th><th scope="col">Unit</th><th scope="col">Source</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** Lines to sign on paper. */
export const signOffSection = (): string => `<section class="sign"><h2>Sign-off</h2><div>${["Designer", "Molder", "Toolmaker"].map((who) =>
  `<div class="line"><span>${who}</span><i></i><small>name, date, signature</small></div>`).join("")}</div></section>`;


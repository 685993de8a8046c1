/** Colours of our pages, light and dark from the system. */
export const PALETTE = `:root{color-scheme:light dark;--bg:light-dark(#f3f4f6,#14171c);--panel:light-dark(#fff,#1b1f26);--raised:light-dark(#f6f7f9,#232831);--line:light-dark(#d8dce2,#323945);--text:light-dark(#1a1f27,#e8ebf0);--muted:light-dark(#555e6b,#a7b0be);--accent:light-dark(#1b5bc9,#82aeff);--accent-soft:light-dark(#e6eefc,#1f2e4d);--block:light-dark(#a8201a,#ff9b92);--advise:light-dark(#7a5200,#f0c169);--pass:light-dark(#1b6b3a,#83d3a1);--view-top:light-dark(#f5f7fa,#262c35);--view-bottom:light-dark(#dde2e9,#171b21);--part:light-dark(#c3c9d2,#8f98a6);--part-edge:light-dark(#20262f,#0b0e12)}`;

/** The report page's style: the review panel's picture made still, light and dark, and print. */
export const PAGE_STYLE = `
${PALETTE}
*,*::before,*::after{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:13px/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1320px;margin:0 auto;padding:20px 24px 40px;display:grid;gap:16px;grid-template-columns:minmax(0,1fr)}
h1{font-size:22px;line-height:1.25;margin:0;font-weight:650;overflow-wrap:anywhere}
h2{font-size:14px;margin:0 0 10px;font-weight:650}
p{margin:0}ul{margin:0;padding:0;list-style:none}
header,section,details{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:16px 18px;min-width:0}
.kind,.muted,dt,footer,small{color:var(--muted)}
.kind{font-size:12px;margin-bottom:4px}
.title{display:flex;gap:16px;justify-content:space-between;align-items:start;flex-wrap:wrap}
.title h1{flex:1 1 320px}
.verdict{border:1px solid var(--line);border-left:4px solid var(--muted);border-radius:6px;padding:6px 12px;background:var(--raised)}
.verdict.blocked{border-left-color:var(--block)}.verdict.open{border-left-color:var(--advise)}.verdict.clear{border-left-color:var(--pass)}
.verdict ul{display:flex;flex-wrap:wrap;gap:2px 12px;color:var(--muted)}
.verdict strong{font-size:15px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:10px 18px;margin:16px 0 0}
.facts .wide{grid-column:1/-1}
dt{font-size:11.5px}dd{margin:0;overflow-wrap:anywhere}
.hash{font:11.5px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
code{font:11px/1.4 ui-monospace,monospace}
.mark{display:inline-block;width:1.2em;text-align:center;font-size:11px}
.blocking{color:var(--block)}.advisory{color:var(--advise)}.passed{color:var(--pass)}.not-evaluated{color:var(--muted)}
.columns{display:grid;gap:16px;grid-template-columns:minmax(0,1fr);align-items:start}
@media(min-width:1100px){.columns:not(.single){grid-template-columns:minmax(0,1.12fr) minmax(0,1fr)}.columns .findings{order:-1}.view{position:sticky;top:12px}}
.bar{display:flex;flex-wrap:wrap;gap:8px 12px;justify-content:space-between;margin-bottom:10px}
.group{display:inline-flex;flex-wrap:wrap}
button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);padding:3px 10px;min-height:28px;cursor:pointer;margin-left:-1px}
.group button:first-child{border-radius:6px 0 0 6px;margin-left:0}.group button:last-child{border-radius:0 6px 6px 0}.group button:only-child{border-radius:6px}
button:hover{background:var(--raised)}
button[aria-pressed="true"]{background:var(--accent-soft);border-color:var(--accent);color:var(--accent);position:relative;z-index:1}
:is(button,canvas,summary):focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.stage{position:relative;height:clamp(300px,52vh,520px);border-radius:8px;overflow:hidden;background:linear-gradient(var(--view-top),var(--view-bottom))}
.stage canvas{position:absolute;inset:0;width:100%;height:100%;display:block;touch-action:none}
#view-note{position:absolute;inset:0;display:grid;place-items:center;color:var(--muted);pointer-events:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin-top:10px;min-height:20px}
.legend li{display:inline-flex;gap:6px;align-items:center}
.legend svg{width:20px;height:12px;border-radius:2px;border:1px solid var(--line)}
.legend .method{flex-basis:100%;color:var(--muted)}
.readout{margin-top:6px;color:var(--muted);min-height:1.45em}
table{border-collapse:collapse;width:100%}
th{font-weight:inherit;text-align:left}
thead th{color:var(--muted);font-size:11.5px;padding:0 8px 6px;border-bottom:1px solid var(--line)}
td,tbody th{padding:8px;border-bottom:1px solid var(--line);vertical-align:top}
.number{text-align:right;white-space:nowrap}
.findings td,.findings th{padding-left:6px;padding-right:6px}
.findings tbody th:first-child{padding-left:0}
.findings td.number{width:92px}
.group-row th{padding:14px 0 6px;font-weight:650}.group-row span{color:var(--muted);font-weight:400}
.rule{display:grid;grid-template-columns:18px minmax(0,1fr);gap:4px}
.rule p{overflow-wrap:anywhere}
.show,.name{font-weight:600}
.show{border:0;background:none;padding:0;margin:0;min-height:24px;color:var(--accent);text-align:left;text-decoration:underline;text-decoration-color:transparent;text-underline-offset:2px}
.show:hover{background:none;text-decoration-color:currentColor}
tr.selected{background:var(--accent-soft)}
.chip{border:1px solid var(--line);border-radius:9px;padding:0 7px;font-size:11px;color:var(--muted)}
.thumb{width:84px}.thumb img{width:72px;height:54px;object-fit:contain;display:block;border-radius:4px;background:linear-gradient(var(--view-top),var(--view-bottom))}
.thumb img[hidden]{display:none}
.findings td p{overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));gap:14px}
.walls .figures{grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr))}.walls svg{display:block;width:100%;max-width:480px;fill:var(--accent)}.walls .outside{fill:var(--block)}.walls path{stroke:var(--line)}.walls .limit{stroke:var(--text);stroke-dasharray:3 2}.walls text{font-size:11px;fill:var(--muted)}
figure{margin:0}figure img{width:100%;display:block;border-radius:8px;border:1px solid var(--line);background:linear-gradient(var(--view-top),var(--view-bottom))}
figcaption{margin-top:6px}figcaption ul{display:flex;flex-wrap:wrap;gap:2px 10px;color:var(--muted);font-size:11.5px}
figcaption li{display:inline-flex;gap:5px;align-items:center}figcaption svg{width:16px;height:10px;border-radius:2px}
.proofs{margin:12px 0 0}.files{margin:16px 0 0}.files th{overflow-wrap:anywhere}
.notes{display:grid;gap:6px}
summary{cursor:pointer;font-weight:650}details table{margin-top:12px}
.sign>div{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:24px}
.line i{display:block;height:44px;border-bottom:1px solid var(--text)}
.line small{display:block;margin-top:3px;font-size:11.5px}
footer{font-size:11.5px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:640px){main{padding:12px}.thumb{display:none}.findings td.number{width:auto}}
@media print{@page{margin:14mm}:root{color-scheme:light}body{background:none;font-size:10.5px}main{display:block;padding:0;max-width:none}header,section,details{border:0;padding:0;margin:0 0 14px;background:none}.columns{display:block}.columns .view{position:static;break-inside:avoid}.bar,.readout{display:none}.stage{height:90mm;border:1px solid var(--line)}tr,figure,.line,.proofs{break-inside:avoid}thead{display:table-header-group}.show{color:inherit}.sign{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

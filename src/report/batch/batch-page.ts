import { PALETTE } from "../formats/html-style.ts";

/** Style of the batch page. Status is told by sign and word; colour only helps. Narrow windows show a card for each part. */
export const BATCH_STYLE = `
${PALETTE}
*{box-sizing:border-box}
body{font:14px/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;color:var(--text);background:var(--bg);margin:0 auto;max-width:104rem;padding:20px}
a{color:var(--accent)}h1{font-size:20px;margin:0 0 4px}header p{margin:0;color:var(--muted)}header b{color:var(--text)}
.bar{display:flex;gap:8px 18px;flex-wrap:wrap;align-items:center;margin:14px 0}
.bar input[type=search]{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:4px 9px;min-height:30px;width:15rem}
fieldset{border:0;padding:0;margin:0;display:flex;gap:4px 16px;flex-wrap:wrap;align-items:center}legend{float:left;color:var(--muted);padding:0;margin-right:12px}
fieldset label{display:inline-flex;gap:6px;align-items:center;font-weight:600}fieldset input{accent-color:var(--accent);width:15px;height:15px;margin:0}output{color:var(--muted);margin-left:auto}
table{border-collapse:separate;border-spacing:0;width:100%;background:var(--panel);border:1px solid var(--line);border-radius:10px}
th,td{text-align:left;vertical-align:top;padding:9px 10px;border-bottom:1px solid var(--line)}tbody tr:last-child td{border-bottom:0}
th{position:sticky;top:0;z-index:1;background:var(--panel);white-space:nowrap}th:first-child{border-top-left-radius:10px}th:last-child{border-top-right-radius:10px}
th button{font:inherit;font-size:12px;font-weight:600;border:0;background:none;padding:0;cursor:pointer;color:var(--muted);min-height:24px}:is(th button,.bar input,a):focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
td img{display:block;border-radius:6px;width:112px;height:84px;object-fit:cover}td:first-child{width:132px}
td[data-label=Part]{overflow-wrap:anywhere;min-width:9rem;font-weight:600}td[data-label=Result]{min-width:7rem}td[data-label=Result]>b,td[data-label^=Size],td[data-label=Mold],td[data-label=Material]{white-space:nowrap}
td[data-label^=Mass],td[data-label^=Size],td[data-label=Seconds]{text-align:right}th:nth-child(5),th:nth-child(6),th:nth-child(9){text-align:right}
small{color:var(--muted)}td code,small{font-size:12px}
.failed b,.blocking b,label.failed,label.blocking{color:var(--block)}.undecided b,.advisory b,label.undecided,label.advisory,.warn{color:var(--advise)}.passed b,label.passed{color:var(--pass)}
.sr{position:absolute;clip-path:inset(50%)}[hidden]{display:none!important}
@media(max-width:960px){table,thead,tbody{display:block}thead tr{display:flex;flex-wrap:wrap;gap:0 14px;padding:6px 12px}th{position:static;border:0;padding:2px 0}th:first-child{display:none}
tbody tr{display:grid;grid-template-columns:128px minmax(0,1fr) minmax(0,1fr);gap:2px 12px;padding:12px;border-top:1px solid var(--line)}td{border:0;padding:0;text-align:left!important;white-space:normal!important}
td:first-child{grid-row:1/8;width:auto}td[data-label=Part],td[data-label=Result],td[data-label=Findings]{grid-column:2/-1}td:not(:empty):is([data-label^=Size],[data-label^=Mass],[data-label=Material],[data-label=Mold],[data-label=Seconds])::before{content:attr(data-label) " ";color:var(--muted);font-size:12px}}
@media print{.bar{display:none}th{position:static}tr{break-inside:avoid}body{background:#fff}}`;

/** Sorting and filtering of the batch page. */
export const BATCH_SCRIPT = `
const body=document.querySelector("tbody"),rows=[...body.rows],find=document.getElementById("find"),shown=document.getElementById("shown");
const texts=new Map(rows.map(r=>[r,r.textContent.toLowerCase()])),boxes=[...document.querySelectorAll("fieldset input")];
function filter(){const words=find.value.toLowerCase().split(/\\s+/).filter(Boolean),on=new Set(boxes.filter(b=>b.checked).map(b=>b.value));let n=0;
for(const r of rows){const t=texts.get(r),keep=on.has(r.className)&&words.every(w=>t.includes(w));r.hidden=!keep;if(keep)n++}shown.value=n+" of "+rows.length}
const heads=[...document.querySelectorAll("th")];
heads.forEach((th,i)=>th.querySelector("button")?.addEventListener("click",()=>{const up=th.getAttribute("aria-sort")!=="ascending";
heads.forEach(h=>h.hasAttribute("aria-sort")&&h.setAttribute("aria-sort","none"));th.setAttribute("aria-sort",up?"ascending":"descending");
const of=r=>r.cells[i].dataset.sort,num=rows.every(r=>of(r)!==""&&isFinite(of(r)));
rows.sort((a,b)=>(num?of(a)-of(b):of(a)<of(b)?-1:of(a)>of(b)?1:0)*(up?1:-1));body.append(...rows)}));
find.addEventListener("input",filter);boxes.forEach(b=>b.addEventListener("change",filter));document.querySelector("form").addEventListener("submit",e=>e.preventDefault());filter();`;

/** Style of the batch page. Status is told by sign and word; colour only helps. */
export const BATCH_STYLE = `
:root{color-scheme:light dark;--line:#8886;--red:#b3261e;--amber:#8a5a00;--green:#1b6e3c}
@media(prefers-color-scheme:dark){:root{--red:#ff8a80;--amber:#ffc46b;--green:#7fd8a0}}
body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:100rem;padding:1rem}
h1{font-size:1.4rem;margin:0}.bar{display:flex;gap:1rem;flex-wrap:wrap;align-items:center;margin:.8rem 0}
fieldset{border:0;padding:0;margin:0;display:flex;gap:.8rem;flex-wrap:wrap}legend{float:left;margin-right:.8rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{position:sticky;top:0;background:Canvas;white-space:nowrap}th button{font:inherit;font-weight:600;border:0;background:none;padding:0;cursor:pointer;color:inherit}
th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
tr{content-visibility:auto;contain-intrinsic-size:auto 130px}td img{display:block;border-radius:4px}
.failed b,.blocking b{color:var(--red)}.undecided b,.advisory b,.warn{color:var(--amber)}.passed b{color:var(--green)}
.sr{position:absolute;clip-path:inset(50%)}[hidden]{display:none}
@media print{.bar{display:none}th{position:static}tr{break-inside:avoid}}`;

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

import { UNMEASURED, type PageModel } from "../formats/page-model.ts";
import { ReportScene, VIEWS } from "./report-scene.ts";
import { fillPictures } from "./pictures.ts";
import { legendItems } from "./legend.ts";

// The page's entry: connects the table, the buttons and the canvas. Runs only inside a report page.
const find = <T extends Element>(selector: string): T => {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
};

const model = JSON.parse(find("#model").textContent ?? "") as PageModel;
const note = find<HTMLElement>("#view-note");
const scene = ReportScene.open(find("#canvas"), model);
if (scene) start(scene);
else note.textContent = "This browser has no WebGL: the table below says the same in words.";

function start(scene: ReportScene): void {
  note.hidden = true;
  note.style.display = "none";
  document.body.classList.add("has-view");
  const maps = new Map(model.bodies.flatMap((body) => body.maps).map((map) => [map.kind, map]));
  const legend = find("#legend"), readout = find("#readout");
  const showMap = (kind: string): void => {
    scene.showMap(kind);
    const map = maps.get(kind);
    legend.replaceChildren(...(map ? legendItems(map, true) : []));
    press("#map-buttons", kind);
  };
  find("#map-buttons").append(...[["", "Shaded"], ...[...maps].map(([kind, { title }]) => [kind, title])].map(([kind, title]) => button(kind, title, () => showMap(kind))));
  find("#view-buttons").append(button("fit", "Fit", () => scene.look(VIEWS.iso)), ...Object.entries(VIEWS).filter(([name]) => name !== "iso").map(([name, direction]) => button(name, name[0].toUpperCase() + name.slice(1), () => scene.look(direction))));
  showMap([...maps.keys()][0] ?? "");
  connectRows(scene, readout);
  scene.onPick = (picked) => {
    select(undefined);
    scene.select(picked && { body: picked.body, faces: [picked.face], points: [] }, false);
    if (!picked) { readout.textContent = "Click a face or a finding to read it here."; return; }
    const value = picked.value, map = maps.get(scene.map);
    const measured = map && value !== undefined ? (value > UNMEASURED / 1e4 ? ` · ${value.toFixed(3)} ${map.unit}` : " · not measured here") : "";
    readout.textContent = `${model.bodies.length > 1 ? `Body ${picked.body} · ` : ""}face ${picked.face}${measured}`;
  };
  fillPictures(scene, model);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => scene.readTheme());
  // Paper is white: the canvas must not be printed in the colours of a dark screen.
  addEventListener("beforeprint", () => scene.readTheme());
  addEventListener("afterprint", () => scene.readTheme());
}

function connectRows(scene: ReportScene, readout: Element): void {
  const findings = new Map(model.findings.map((finding) => [finding.id, finding]));
  for (const show of document.querySelectorAll<HTMLButtonElement>("button[data-finding]")) {
    show.addEventListener("click", () => {
      const finding = findings.get(show.dataset.finding ?? "");
      if (!finding) return;
      select(finding.id);
      scene.select(finding, true);
      readout.textContent = `${finding.id}: ${finding.title}`;
      const view = find("#view"), { top, bottom } = view.getBoundingClientRect();
      if (top < -40 || bottom > innerHeight + 200) view.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    });
  }
}

function select(id: string | undefined): void {
  for (const row of document.querySelectorAll<HTMLElement>("tr[data-row]")) row.classList.toggle("selected", row.dataset.row === id);
}

function press(group: string, name: string): void {
  for (const b of document.querySelectorAll<HTMLButtonElement>(`${group} button`)) b.setAttribute("aria-pressed", String(b.dataset.name === name));
}

function button(name: string, title: string, run: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = title;
  made.dataset.name = name;
  made.addEventListener("click", run);
  return made;
}

import type { PageModel } from "../formats/page-model.ts";
import { MAP_TITLES } from "../maps/scale.ts";
import { ReportScene, VIEWS, type ShownMap } from "./report-scene.ts";
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
  const legend = find("#legend"), readout = find("#readout"), kinds = [...scene.scales.keys()];
  const showMap = (kind: ShownMap): void => {
    scene.showMap(kind);
    const map = kind === "none" ? undefined : scene.scales.get(kind);
    legend.replaceChildren(...(map ? legendItems(map.scale, map.method) : []));
    press("#map-buttons", kind);
  };
  find("#map-buttons").append(button("none", "Shaded", () => showMap("none")), ...kinds.map((kind) => button(kind, MAP_TITLES[kind], () => showMap(kind))));
  find("#view-buttons").append(button("fit", "Fit", () => scene.look(VIEWS.iso)), ...Object.entries(VIEWS).filter(([name]) => name !== "iso").map(([name, direction]) => button(name, name[0].toUpperCase() + name.slice(1), () => scene.look(direction))));
  showMap(kinds[0] ?? "none");
  connectRows(scene, readout);
  scene.onPick = (picked) => {
    select(undefined);
    scene.select(picked && { body: picked.body, faces: [picked.face], points: [] }, false);
    if (!picked) { readout.textContent = "Click a face or a finding to read it here."; return; }
    readout.textContent = `${model.bodies.length > 1 ? `Body ${picked.body} · ` : ""}face ${picked.face}${valueText(scene.map, picked.value)}`;
  };
  fillPictures(scene, model);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => scene.readTheme());
  // Paper is white: the canvas must not be printed in the colours of a dark screen.
  addEventListener("beforeprint", () => scene.readTheme());
  addEventListener("afterprint", () => scene.readTheme());
}

const SIGNS: Record<Exclude<ShownMap, "none" | "undercut">, string> = { thickness: " mm", radius: " mm", draft: "°" };

/** The shown map's value as text. Between vertices it is interpolated: two digits, no more. */
function valueText(map: ShownMap, value: number | undefined): string {
  if (map === "none" || value === undefined) return "";
  if (Number.isNaN(value)) return " · not measured here";
  return map === "undercut" ? ` · ${value > 0 ? "trapped" : "reachable"}` : ` · ${value.toFixed(2)}${SIGNS[map]}`;
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

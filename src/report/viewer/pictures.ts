import type { PageModel } from "../formats/page-model.ts";
import { MAP_TITLES } from "../maps/scale.ts";
import { legendItems } from "./legend.ts";
import type { ReportScene } from "./report-scene.ts";

/** Fills the thumbnails and the gallery of maps, one picture at a time so that the page stays responsive. */
export function fillPictures(scene: ReportScene, model: PageModel): void {
  const work: (() => void)[] = [];
  const gallery = document.querySelector<HTMLElement>("#pictures");
  if (gallery && scene.scales.size > 0) {
    gallery.hidden = false;
    for (const [kind, { scale }] of scene.scales) work.push(() => gallery.querySelector(".figures")?.append(figure(MAP_TITLES[kind], scene.picture(640, 440, { map: kind }), legendItems(scale))));
  }
  const findings = new Map(model.findings.map((finding) => [finding.id, finding]));
  for (const image of document.querySelectorAll<HTMLImageElement>("img[data-thumb]")) {
    const finding = findings.get(image.dataset.thumb ?? "");
    if (!finding || (finding.faces.length === 0 && finding.points.length === 0)) continue;
    work.push(() => { image.src = scene.picture(144, 108, { map: "none", place: finding }); image.hidden = false; });
  }
  const next = (): void => {
    work.shift()?.();
    if (work.length > 0) setTimeout(next);
    else document.documentElement.dataset.pictures = "done";
  };
  setTimeout(next);
  // On paper nothing may be missing.
  addEventListener("beforeprint", () => { for (let job = work.shift(); job; job = work.shift()) job(); });
}

function figure(title: string, uri: string, legend: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("figure"), image = document.createElement("img"), caption = document.createElement("figcaption"), list = document.createElement("ul");
  image.src = uri;
  image.alt = `${title} map`;
  list.append(...legend);
  caption.append(title, list);
  made.append(image, caption);
  return made;
}

import type { PageModel } from "../formats/page-model.ts";

type PageMapModel = PageModel["bodies"][number]["maps"][number];
const SVG = "http://www.w3.org/2000/svg";

/** A list item for each class of a map; `full` adds what was not measured and how it was measured. */
export function legendItems(map: PageMapModel, full: boolean): HTMLLIElement[] {
  const items = map.bands.map(({ label, color, hatched }) => item(label, `rgb(${color.map((c) => Math.round(c * 255)).join(" ")})`, hatched));
  if (!full) return items;
  const method = document.createElement("li");
  method.className = "method";
  method.textContent = map.method;
  return [...items, item("not measured", "var(--part)", false), method];
}

function item(label: string, color: string, hatched: boolean): HTMLLIElement {
  const made = document.createElement("li"), picture = document.createElementNS(SVG, "svg"), words = document.createElement("span");
  picture.setAttribute("viewBox", "0 0 20 12");
  picture.setAttribute("aria-hidden", "true");
  const shape = (tag: string, attributes: Record<string, string>): void => {
    const child = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, value);
    picture.append(child);
  };
  shape("rect", { width: "20", height: "12", fill: color });
  if (hatched) shape("path", { d: "M-2 12 10 0M4 12 16 0M10 12 22 0", stroke: "rgb(0 0 0 / 45%)", "stroke-width": "1.6" });
  words.textContent = label;
  made.append(picture, words);
  return made;
}

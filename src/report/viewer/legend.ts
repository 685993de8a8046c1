import { GREY, legendRows, MAP_TITLES, type Scale } from "../maps/scale.ts";
import { swatch } from "./swatch.ts";

/** A list item for each class of a map's scale; `method`, where given, says how it was measured. */
export function legendItems(scale: Scale, method?: string): HTMLLIElement[] {
  const items = legendRows(scale).map((row) => {
    const item = document.createElement("li"), words = document.createElement("span");
    words.textContent = row.label;
    item.append(swatch(row), words);
    return item;
  });
  if (method === undefined) return items;
  const last = document.createElement("li");
  last.className = "method";
  last.textContent = `${MAP_TITLES[scale.kind]}: ${method}.${GREY[scale.kind] ? ` ${GREY[scale.kind]}` : ""}`;
  return [...items, last];
}

import { css } from "../maps/cividis.ts";
import type { LegendRow } from "../maps/scale.ts";

const SVG = "http://www.w3.org/2000/svg";
const LINES = "M-4 14 10 0M4 14 18 0M12 14 26 0";
const CROSSED = `${LINES}M-4 0 10 14M4 0 18 14M12 0 26 14`;

/** A legend's sample of a class: its colour and, over it, its mark. */
export function swatch({ color, mark }: LegendRow): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg"), ink = color[0] * 0.3 + color[1] * 0.6 + color[2] * 0.1 > 0.45 ? "#0d1220" : "#fff";
  const shape = (name: string, attributes: Record<string, string>): void => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    picture.append(made);
  };
  picture.setAttribute("class", "swatch");
  picture.setAttribute("viewBox", "0 0 22 14");
  picture.setAttribute("aria-hidden", "true");
  shape("rect", { width: "22", height: "14", fill: css(color) });
  if (mark === "lines" || mark === "cross") shape("path", { d: mark === "lines" ? LINES : CROSSED, stroke: ink, "stroke-width": "1.3", fill: "none", opacity: "0.75" });
  if (mark === "dots") for (const [cx, cy] of [[5, 7], [11, 4], [17, 8]]) shape("circle", { cx: String(cx), cy: String(cy), r: "1.7", fill: ink, opacity: "0.75" });
  return picture;
}

import type { ViewColors } from "../view/viewer.ts";

/** The view's colours as the page's style resolves them for an element. */
export function viewColors(element: HTMLElement): ViewColors {
  const probe = element.ownerDocument.createElement("span");
  probe.style.display = "none";
  element.shadowRoot?.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colors: ViewColors = {
    base: color("--part"), accent: color("--accent-face"), hover: color("--hover-face"), edge: color("--part-edge"),
    core: color("--core"), cavity: color("--cavity"), cap: color("--cap"),
  };
  probe.remove();
  return colors;
}

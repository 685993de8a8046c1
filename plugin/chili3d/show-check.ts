import type { HostCore } from "./host-types.ts";
import { translate } from "./translate.ts";

/** What a check came to, and what can be done about it. */
export interface CheckShown {
  readonly lines: readonly string[];
  readonly review: () => void;
  readonly clear: () => void;
}

let shown: HTMLElement | undefined;

/** Shows a check beside the part, in the place of the one before. */
export function showCheck(core: HostCore, { lines, review, clear }: CheckShown): void {
  closePanel(shown);
  const content = (shown = document.createElement("div")), actions = document.createElement("div");
  content.style.cssText = "display:grid;gap:8px;padding:10px 12px;line-height:1.4;color:var(--foreground-color)";
  actions.style.cssText = "display:flex;gap:8px;flex-wrap:wrap";
  actions.append(action(translate(core, "command.oversize.review"), () => { closePanel(content); review(); }), action(translate(core, "oversize.check.clearMarks"), () => { closePanel(content); clear(); }));
  content.append(...lines.map((line, i) => Object.assign(document.createElement("div"), { textContent: line, style: i === 0 ? "font-weight:600" : "" })), actions);
  // Beside the part where the view is wide, over the host's property list where it is narrow.
  const [x, y] = innerWidth < 1000 ? [30, Math.max(60, innerHeight - 240)] : [372, 220];
  core.PubSub.default.pub("showFloatPanel", { title: "oversize.check.panel", content, width: 300, height: 210, minWidth: 240, minHeight: 150, x, y });
}

function action(text: string, run: () => void): HTMLButtonElement {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: run });
  button.style.cssText = "font:inherit;padding:6px 12px;border-radius:6px;border:1px solid var(--border-color);background:var(--panel-background-color);color:inherit;cursor:pointer";
  return button;
}

/** The host's panel closes by its own button only. */
const closePanel = (content: HTMLElement | undefined): void => content?.closest("chili-float-panel")?.remove();

import { openDialog } from "./open-dialog.ts";
import type { HostCore } from "./host-types.ts";

/** Says something that must be read, in a dialog: the host's toasts are gone after two seconds. */
export function tell(core: HostCore, lines: readonly string[]): void {
  const content = document.createElement("div");
  content.style.cssText = "display:grid;gap:8px;max-width:460px;line-height:1.45";
  content.append(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
  openDialog(core, "oversize.name", content, [{ key: "common.confirm" }]);
}

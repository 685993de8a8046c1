import type { CallWork } from "../../worker/client.ts";
import { openDialog } from "./open-dialog.ts";
import type { HostCore } from "./host-types.ts";
import { translate } from "./translate.ts";

/** Runs long work behind a dialog that shows how far it is and can cancel it. Nothing else can change the part meanwhile. */
export async function showWork<T>(core: HostCore, title: string, run: (work: CallWork) => Promise<T>): Promise<T> {
  const stop = new AbortController(), content = document.createElement("div"), stage = document.createElement("div"), bar = document.createElement("progress");
  stage.textContent = translate(core, "oversize.work.start");
  bar.style.width = "100%";
  bar.setAttribute("aria-label", translate(core, "oversize.work.progress"));
  content.style.cssText = "display:grid;gap:8px;min-width:280px";
  content.append(stage, bar);
  const { answer, close } = openDialog(core, title, content, [{ key: "common.cancel" }]);
  void answer.then(() => stop.abort());
  try {
    return await run({
      signal: stop.signal,
      onProgress: (name, fraction) => {
        stage.textContent = translate(core, `oversize.work.${name}`);
        if (fraction === undefined) bar.removeAttribute("value"); else bar.value = fraction;
      },
    });
  } finally {
    close();
  }
}

import { EXPORT_FORMATS, type ExportFormat } from "../../src/export/formats.ts";
import { MATERIALS } from "../../src/mim/materials.ts";
import { parseOsf } from "../../src/mim/osf.ts";
import type { MoldSettings } from "./make-mold.ts";
import type { HostCore } from "./host-types.ts";
import { openDialog } from "./open-dialog.ts";
import type { TextKey } from "./texts.ts";
import { translate, translateProblem } from "./translate.ts";

const FIELD = "font:inherit;padding:6px 8px;border-radius:6px;border:1px solid var(--input-border-color);background:var(--input-background-color);color:var(--input-text-color)";
const FORMAT_NAMES: Readonly<Record<Exclude<ExportFormat, "step">, string>> = { stl: "STL", "3mf": "3MF", glb: "GLB" };

/** Asks for material and factor in the host's own dialog, and for file formats where files are wanted. Undefined when it is cancelled. */
export async function askSettings(core: HostCore, title: string, last: MoldSettings, wantsFiles: boolean): Promise<MoldSettings | undefined> {
  const text = (key: TextKey, ...values: string[]): string => translate(core, key, ...values);
  const form = document.createElement("div"), material = document.createElement("select"), osf = document.createElement("input"), note = document.createElement("p");
  material.append(...MATERIALS.map(({ id, name, osf: known }) => new Option(known ? text("oversize.form.known", name, String(known.value)) : text("oversize.form.unknown", name), id, false, id === last.material)));
  osf.placeholder = text("oversize.form.default");
  osf.value = last.osf ? [...new Set(last.osf)].join(", ") : "";
  material.style.cssText = osf.style.cssText = FIELD;
  note.setAttribute("role", "alert");
  note.style.cssText = "margin:0;min-height:1.4em;max-width:400px;color:light-dark(#b3261e,#ff9b92)";
  form.style.cssText = `display:grid;gap:12px;min-width:300px;padding:8px;color-scheme:${document.documentElement.getAttribute("theme") ?? "light dark"}`;
  const files = EXPORT_FORMATS.map((format) => checkbox(format === "step" ? text("oversize.form.step") : FORMAT_NAMES[format], format, last.formats.includes(format))), report = checkbox(text("oversize.form.report"), "report", last.report);
  form.append(labelled(text("oversize.form.material"), material), labelled(text("oversize.form.osf"), osf));
  if (wantsFiles) form.append(group(text("oversize.form.files"), [...files, report].map(({ label }) => label)));
  form.append(note);
  const given = () => (osf.value.trim() === "" ? undefined : parseOsf(osf.value)), formats = () => EXPORT_FORMATS.filter((_, i) => files[i].box.checked);
  const accepts = (): boolean => {
    const factor = given(), nothing = wantsFiles && formats().length === 0 && !report.box.checked;
    note.textContent = factor && !factor.ok ? translateProblem(core, factor.problem) : nothing ? text("oversize.form.nothing") : "";
    return note.textContent === "";
  };
  const { answer } = openDialog(core, title, form, [{ key: "common.confirm", accepts }, { key: "common.cancel" }]);
  // Nothing of the key may be left over: the next dialog opens at once, and its button would take it.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    event.stopPropagation();
    form.closest("dialog")?.querySelector("button")?.click();
  });
  if ((await answer) !== "common.confirm") return undefined;
  const factor = given();
  return { material: material.value, profile: last.profile, formats: wantsFiles ? formats() : last.formats, report: wantsFiles ? report.box.checked : last.report, ...(factor?.ok && { osf: factor.value }) };
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = document.createElement("label");
  label.style.cssText = "display:grid;gap:4px";
  label.append(text, control);
  return label;
}

function checkbox(text: string, name: string, checked: boolean): { readonly label: HTMLLabelElement; readonly box: HTMLInputElement } {
  const label = document.createElement("label"), box = Object.assign(document.createElement("input"), { type: "checkbox", name, checked });
  label.style.cssText = "display:flex;gap:6px;align-items:center";
  label.append(box, text);
  return { label, box };
}

function group(legend: string, labels: readonly HTMLElement[]): HTMLFieldSetElement {
  const set = document.createElement("fieldset");
  set.style.cssText = "display:flex;flex-wrap:wrap;gap:6px 16px;max-width:400px;border:1px solid var(--border-color);border-radius:6px;padding:6px 10px 10px;margin:0";
  set.append(Object.assign(document.createElement("legend"), { textContent: legend }), ...labels);
  return set;
}

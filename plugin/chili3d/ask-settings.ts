import { MATERIALS } from "../../src/mim/materials.ts";
import { parseOsf } from "../../src/mim/osf.ts";
import type { MoldSettings } from "./commands.ts";
import type { HostCore } from "./host-types.ts";

/** Asks for material and factor in the host's own dialog. Undefined when it is cancelled. */
export function askSettings(core: HostCore, title: string, last: MoldSettings): Promise<MoldSettings | undefined> {
  const form = document.createElement("form"), material = document.createElement("select"), osf = document.createElement("input"), note = document.createElement("p");
  material.append(...MATERIALS.map(({ id, name, osf: known }) => new Option(known ? `${name} (OSF ${known.value})` : `${name} (give the OSF)`, id, false, id === last.material)));
  osf.placeholder = "from the material";
  osf.value = last.osf ? [...new Set(last.osf)].join(", ") : "";
  note.setAttribute("role", "alert");
  note.style.color = "#b3261e";
  form.style.cssText = "display:grid;gap:10px;min-width:300px;padding:8px";
  form.append(labelled("Material", material), labelled("Oversize factor of your feedstock lot (one number, or x, y, z)", osf), note);
  form.addEventListener("submit", (event) => event.preventDefault());
  const factor = () => (osf.value.trim() === "" ? undefined : parseOsf(osf.value));
  return new Promise((resolve) => {
    core.PubSub.default.pub("showDialog", title, form, [
      {
        content: "common.confirm",
        shouldClose: () => { const given = factor(); note.textContent = given && !given.ok ? `${given.problem.message} ${given.problem.suggestion}` : ""; return !given || given.ok; },
        onclick: () => { const given = factor(); if (!given || given.ok) resolve({ material: material.value, profile: last.profile, ...(given && { osf: given.value }) }); },
      },
      { content: "common.cancel", onclick: () => resolve(undefined) },
    ]);
  });
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = document.createElement("label");
  label.style.cssText = "display:grid;gap:4px";
  label.append(text, control);
  return label;
}

import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { StandardView } from "../view/camera-rig.ts";
import { controls, theme } from "./styles.ts";

/** Half the cube's side, px. */
const HALF = 23;

/** Each side with the CSS turn that puts it in place; CSS x is part x, y is −part y, z is part z seen from above. */
const SIDES: readonly (readonly [StandardView, string])[] = [
  ["top", ""], ["bottom", "rotateX(180deg)"],
  ["front", "rotateX(-90deg)"], ["back", "rotateX(-90deg) rotateY(180deg)"],
  ["right", "rotateX(-90deg) rotateY(90deg)"], ["left", "rotateX(-90deg) rotateY(-90deg)"],
];

/** The cube that shows and sets the direction of view. Fires `look` with the view's name. */
@customElement("ovz-cube")
export class ViewCube extends LitElement {
  static override styles = [theme, controls, css`
    :host { display: block; width: 78px; height: 78px; perspective: 420px; }
    .cube { position: absolute; left: 50%; top: 50%; transform-style: preserve-3d; }
    button { position: absolute; width: ${HALF * 2}px; height: ${HALF * 2}px; left: ${-HALF}px; top: ${-HALF}px; min-height: 0; padding: 0; border-radius: 2px; font-size: 10px; backface-visibility: hidden; background: var(--raised); color: var(--text); border: 1px solid var(--strong-line); }
    button:hover { background: var(--accent-soft); }
  `];

  override render(): TemplateResult {
    return html`<div class="cube" role="group" aria-label="Standard views">${SIDES.map(([view, turn]) => html`
      <button style="transform: ${turn} translateZ(${HALF}px)" tabindex="-1" aria-label="${view} view" title="${view}" @click=${() => this.dispatchEvent(new CustomEvent("look", { detail: view }))}>${view}</button>`)}</div>`;
  }

  /** Turns the cube as the camera is turned. */
  turn(matrix: string): void {
    const cube = this.renderRoot.querySelector<HTMLElement>(".cube");
    if (cube) cube.style.transform = matrix;
  }
}

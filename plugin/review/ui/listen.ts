import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ReviewUi } from "./ui-state.ts";

/** Keeps an element in step with the state it shows. */
export class Listen implements ReactiveController {
  #to: ReviewUi | undefined;
  readonly #update = (): void => this.host.requestUpdate();

  constructor(private readonly host: ReactiveControllerHost & { ui?: ReviewUi }) {
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#to === this.host.ui) return;
    this.#to?.removeEventListener("change", this.#update);
    this.#to = this.host.ui;
    this.#to?.addEventListener("change", this.#update);
  }

  hostDisconnected(): void {
    this.#to?.removeEventListener("change", this.#update);
    this.#to = undefined;
  }

  hostConnected(): void { this.host.requestUpdate(); }
}

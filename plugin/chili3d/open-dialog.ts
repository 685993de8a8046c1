import type { HostCore } from "./host-types.ts";

/** A button of a dialog; `accepts` may refuse to close it. */
export interface Choice {
  /** Text key of the host, which is also the answer. */
  readonly key: string;
  readonly accepts?: () => boolean;
}

/** Opens the host's dialog. Answers with the key of the button that closed it; undefined for Escape or `close`. */
export function openDialog(core: HostCore, title: string, content: HTMLElement, choices: readonly Choice[]): { readonly answer: Promise<string | undefined>; readonly close: () => void } {
  let settle: (key?: string) => void = () => {};
  const answer = new Promise<string | undefined>((resolve) => { settle = resolve; });
  // Builds differ in which of the two they ask first.
  core.PubSub.default.pub("showDialog", title, content, choices.map(({ key, accepts = () => true }) => ({ content: key, shouldClose: accepts, onclick: () => { if (accepts()) settle(key); } })));
  const dialog = content.closest("dialog"), close = (): void => { dialog?.remove(); settle(); };
  dialog?.addEventListener("close", close);
  // Later builds swallow Escape where there is no button to cancel.
  dialog?.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  if (dialog) keepKeys(dialog);
  return { answer, close };
}

/** Keeps what is typed here from the host's shortcuts: it would delete the selected body at a Backspace. */
export function keepKeys(element: HTMLElement): void {
  element.addEventListener("keydown", (event) => event.stopPropagation());
}

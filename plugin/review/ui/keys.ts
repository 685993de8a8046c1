import type { StandardView } from "../view/camera-rig.ts";

/** What a key does. */
export type KeyCommand =
  | "next" | "previous" | "fit" | "frame" | "section" | "heat" | "measure" | "pin" | "mold" | "edges" | "transparent" | "projection"
  | "open" | "save" | "undo" | "redo" | "accept" | "help" | "escape" | "unit" | "cancel"
  | "turn-left" | "turn-right" | "turn-up" | "turn-down" | "zoom-in" | "zoom-out"
  | { readonly view: StandardView };

/** One line of the help overlay. */
export interface KeyHelp {
  readonly keys: string;
  readonly what: string;
}

/** What the help overlay lists. */
export const KEY_HELP: readonly KeyHelp[] = [
  { keys: "N / P", what: "next, previous finding" },
  { keys: "F", what: "fit everything" },
  { keys: "Enter", what: "frame the selected finding" },
  { keys: "H", what: "next heat map" },
  { keys: "S", what: "section on, next axis, off" },
  { keys: "D", what: "measure a distance: two clicks" },
  { keys: "C", what: "put a pin with a comment" },
  { keys: "M", what: "part or mold" },
  { keys: "E / T", what: "edges, transparency" },
  { keys: "O", what: "orthographic or perspective" },
  { keys: "1 – 7", what: "front, back, left, right, top, bottom, oblique" },
  { keys: "Arrows, + −", what: "turn and zoom, with the view focused" },
  { keys: "A", what: "accept the selected finding" },
  { keys: "U", what: "millimetres or inches" },
  { keys: "Ctrl O / S", what: "open a part, save the review" },
  { keys: "Ctrl Z / Y", what: "undo, redo" },
  { keys: "Esc", what: "leave the tool, clear the selection" },
  { keys: "?", what: "this help" },
];

const VIEWS: readonly StandardView[] = ["front", "back", "left", "right", "top", "bottom", "iso"];
const PLAIN: Readonly<Record<string, KeyCommand>> = {
  n: "next", p: "previous", f: "fit", s: "section", h: "heat", d: "measure", c: "pin", m: "mold", e: "edges", t: "transparent", o: "projection", a: "accept", u: "unit", "?": "help", escape: "escape",
};
const IN_VIEW: Readonly<Record<string, KeyCommand>> = {
  arrowleft: "turn-left", arrowright: "turn-right", arrowup: "turn-up", arrowdown: "turn-down", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", enter: "frame",
};
const WITH_CONTROL: Readonly<Record<string, KeyCommand>> = { o: "open", s: "save", z: "undo", y: "redo" };

/** The command of a key press, or undefined. Plain letters mean nothing while someone types. */
export function commandOf(press: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }, typing: boolean, inView: boolean): KeyCommand | undefined {
  const key = press.key.toLowerCase();
  if (press.altKey) return undefined;
  if (press.ctrlKey || press.metaKey) return typing && (key === "z" || key === "y") ? undefined : key === "z" && press.shiftKey ? "redo" : WITH_CONTROL[key];
  if (key === "escape") return "escape";
  if (typing) return undefined;
  if (inView && key in IN_VIEW) return IN_VIEW[key];
  const digit = Number(key);
  if (digit >= 1 && digit <= VIEWS.length) return { view: VIEWS[digit - 1] };
  return PLAIN[key];
}

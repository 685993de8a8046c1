/** A label's anchor on the screen and its size, px. */
export interface LabelWish {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a label goes, px: its left upper corner, and the end of its leader line at the label. */
export interface LabelPlace {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  readonly lineX: number;
  readonly lineY: number;
}

/** Gap between labels, and between a label and the view's edge, px. */
const GAP = 6;

/**
 * Puts labels in two columns at the sides of the view, each on its anchor's side, in the order of their anchors
 * so that leader lines do not cross, and pushed apart so that none covers another. When a column is full, the
 * ones that fit least go to the other; what fits nowhere is left out.
 */
export function placeLabels(wishes: readonly LabelWish[], width: number, height: number, inset: { top: number; bottom: number; side: number }): LabelPlace[] {
  const room = height - inset.top - inset.bottom;
  const left: LabelWish[] = [], right: LabelWish[] = [];
  const used = (column: readonly LabelWish[]): number => column.reduce((sum, wish) => sum + wish.height + GAP, -GAP);
  for (const wish of [...wishes].sort((a, b) => Math.abs(b.x - width / 2) - Math.abs(a.x - width / 2))) {
    const [own, other] = wish.x < width / 2 ? [left, right] : [right, left];
    if (used([...own, wish]) <= room) own.push(wish);
    else if (used([...other, wish]) <= room) other.push(wish);
  }
  const place = (column: LabelWish[], onLeft: boolean): LabelPlace[] =>
    stack(column, inset.top, height - inset.bottom).map(({ wish, top }) => {
      const x = onLeft ? inset.side : width - inset.side - wish.width;
      return { id: wish.id, left: x, top, lineX: onLeft ? x + wish.width : x, lineY: top + wish.height / 2 };
    });
  return [...place(left, true), ...place(right, false)];
}

/** Stacks a column: each label as near to its anchor's height as those above and below allow. */
function stack(column: LabelWish[], from: number, to: number): { wish: LabelWish; top: number }[] {
  const sorted = column.sort((a, b) => a.y - b.y || a.id.localeCompare(b.id));
  const tops: number[] = [];
  let free = from;
  for (const wish of sorted) {
    const top = Math.max(free, wish.y - wish.height / 2);
    tops.push(top);
    free = top + wish.height + GAP;
  }
  let floor = to;
  for (let i = sorted.length - 1; i >= 0; i--) {
    tops[i] = Math.min(tops[i], floor - sorted[i].height);
    floor = tops[i] - GAP;
  }
  return sorted.map((wish, i) => ({ wish, top: tops[i] }));
}

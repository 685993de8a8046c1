import type { FindingCode } from "../src/dfm/finding.ts";

const part = (d: string): string => `<path d="${d}" fill="#d5dbe3" stroke="#33404f" stroke-width="1.5"/>`;
const bad = (d: string): string => `<path d="${d}" fill="none" stroke="#c0392b" stroke-width="2.5"/>`;
const ball = (x: number, y: number, r: number): string => `<circle cx="${x}" cy="${y}" r="${r}" fill="#f3b1a8" fill-opacity="0.6" stroke="#c0392b"/>`;
const arrow = (x1: number, y1: number, x2: number, y2: number): string => `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="#1f6fb2" stroke-width="2" marker-end="url(#a)"/>`;

/** Section drawings of each case, 160 × 90: part grey, the place red, the pull or travel blue. */
const DRAWINGS: Record<FindingCode, string> = {
  WALL_THIN: part("M20 20H140V70H100V32H60V70H20Z") + ball(80, 26, 6),
  WALL_THICK: part("M20 15H140V75H100V65H60V75H20Z") + ball(80, 40, 25),
  WALL_TRANSITION: part("M15 40H70V20H145V70H15Z") + ball(45, 55, 15) + ball(100, 45, 25),
  FEATHER_EDGE: part("M15 70H145V40Z") + bad("M40 64L15 70H45"),
  DRAFT_LOW: part("M30 75V15H130V75Z") + bad("M30 75V15M130 75V15") + arrow(80, 60, 80, 28),
  UNDERCUT: part("M25 75V15H135V35H110V50H135V75Z") + bad("M135 35H110V50H135") + arrow(70, 60, 70, 28),
  SIDE_ACTION: part("M25 75V15H135V35H110V50H135V75Z") + bad("M135 35H110V50H135") + arrow(112, 42, 152, 42),
  PARTING_STEP: part("M20 20H140V75H20Z") + bad("M5 40H60V58H155"),
  RADIUS_SMALL: part("M25 15H50V58Q50 62 54 62H140V78H25Z") + bad("M50 55V58Q50 62 54 62H58"),
  EDGE_SHARP: part("M25 15H50V62H140V78H25Z") + bad("M50 48V62H64"),
  MASS_RANGE: part("M45 20H115V75H45Z") + `<text x="80" y="52" font-size="16" text-anchor="middle" fill="#c0392b">g ?</text>`,
  SIZE_RANGE: part("M15 30H145V55H15Z") + bad("M15 68H145M15 62V74M145 62V74"),
  HOLE_DIAMETER: part("M20 20H76V70H20ZM82 20H140V70H82Z") + bad("M76 20V70M82 20V70"),
  HOLE_DEPTH: part("M30 12H70V65H84V12H130V78H30Z") + bad("M70 12V65H84V12"),
  HOLE_AXIS: part("M30 15H130V38H30ZM30 52H130V75H30Z") + bad("M30 38H130M30 52H130") + arrow(145, 70, 145, 20),
  SINTER_SUPPORT: part("M35 25Q80 10 125 25L110 65Q80 82 50 65Z") + bad("M15 75H145"),
  SINTER_SPAN: part("M20 20H145V35H55V75H20Z") + bad("M55 35H145"),
  SLENDER: part("M20 70H140V80H20ZM76 10H84V70H76Z") + bad("M76 70V10H84V70"),
  STEEL_THIN: part("M20 20H76V60H84V20H140V78H20Z") + ball(80, 40, 4),
  PROJECTED_AREA: part("M35 35Q80 15 125 35V60H35Z") + bad("M35 78H125") + arrow(80, 35, 80, 8),
};

/** The picture of a code as an SVG file. */
export const cataloguePicture = (code: FindingCode): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="320" height="180" role="img"><defs><marker id="a" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L6 3L0 6Z" fill="#1f6fb2"/></marker></defs>${DRAWINGS[code]}</svg>\n`;

import { css } from "lit";

/** Colours and type of the panel. A host may set any of the `--ovz-*` properties. */
export const theme = css`
  :host {
    color-scheme: var(--ovz-scheme, light dark);
    --bg: var(--ovz-bg, light-dark(#f3f4f6, #14171c));
    --panel: var(--ovz-panel, light-dark(#ffffff, #1b1f26));
    --raised: var(--ovz-raised, light-dark(#f6f7f9, #232831));
    --line: var(--ovz-line, light-dark(#d8dce2, #323945));
    --strong-line: light-dark(#8a93a0, #6b7686);
    --text: var(--ovz-text, light-dark(#1a1f27, #e8ebf0));
    --muted: var(--ovz-muted, light-dark(#555e6b, #a7b0be));
    --accent: var(--ovz-accent, light-dark(#1b5bc9, #82aeff));
    --on-accent: light-dark(#ffffff, #0c1424);
    --accent-soft: light-dark(#e6eefc, #1f2e4d);
    --block: light-dark(#a8201a, #ff9b92);
    --advise: light-dark(#7a5200, #f0c169);
    --pass: light-dark(#1b6b3a, #83d3a1);
    --view-top: light-dark(#f5f7fa, #262c35);
    --view-bottom: light-dark(#dde2e9, #171b21);
    --part: light-dark(#c3c9d2, #8f98a6);
    --part-edge: light-dark(#20262f, #0b0e12);
    --core: light-dark(#9db4c9, #6c88a3);
    --cavity: light-dark(#cdbfa4, #a3906d);
    font: 13px/1.45 var(--ovz-font, system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif);
    font-variant-numeric: tabular-nums;
    color: var(--text);
  }
  :host([theme="light"]) { --ovz-scheme: light; }
  :host([theme="dark"]) { --ovz-scheme: dark; }
  :host([hidden]) { display: none; }
  *, *::before, *::after { box-sizing: border-box; }
`;

/** Controls, the same everywhere. */
export const controls = css`
  button, select, input, textarea { font: inherit; color: inherit; }
  button, select, input[type="text"], input[type="number"], input[type="search"], textarea {
    background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 4px 9px; min-height: 28px;
  }
  input[type="number"] { text-align: right; font-variant-numeric: tabular-nums; }
  textarea { resize: vertical; width: 100%; }
  button { cursor: pointer; white-space: nowrap; }
  button:hover:not(:disabled) { border-color: var(--strong-line); }
  button:disabled { color: var(--muted); cursor: default; opacity: 0.7; }
  button[aria-pressed="true"], button[aria-checked="true"], button[aria-current="true"] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
  button.quiet { border-color: transparent; background: transparent; }
  button.quiet:hover { background: var(--raised); }
  :is(button, select, input, textarea, [tabindex], summary, a):focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  input[type="range"] { width: 100%; accent-color: var(--accent); margin: 0; min-height: 24px; }
  input[type="checkbox"] { accent-color: var(--accent); width: 15px; height: 15px; }
  .group { display: inline-flex; }
  .group button { border-radius: 0; margin-left: -1px; }
  .group button:first-child { border-radius: 6px 0 0 6px; margin-left: 0; }
  .group button:last-child { border-radius: 0 6px 6px 0; }
  .group button[aria-pressed="true"] { position: relative; z-index: 1; }
  h2 { font-size: 13px; margin: 0; font-weight: 650; }
  h3 { font-size: 12px; margin: 14px 0 6px; font-weight: 650; color: var(--muted); }
  p { margin: 0; }
  .muted { color: var(--muted); }
  .row { display: flex; align-items: center; gap: 8px; }
  .wrap { flex-wrap: wrap; }
  .grow { flex: 1; min-width: 0; }
  .picks { display: grid; gap: 4px; }
  .picks button { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 8px; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .mark { display: inline-block; width: 1.1em; text-align: center; font-size: 11px; }
  .blocking { color: var(--block); } .advisory { color: var(--advise); } .passed { color: var(--pass); } .not-evaluated { color: var(--muted); }
  kbd { font: 11px/1.4 ui-monospace, monospace; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 5px; background: var(--raised); }
  dl.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 12px; margin: 0; }
  dl.facts dt { color: var(--muted); white-space: nowrap; }
  dl.facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
`;

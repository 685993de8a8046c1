/** Keys of the commands, in the order of the ribbon. */
export const KEYS = ["oversize.check", "oversize.oversize", "oversize.mold", "oversize.review", "oversize.export"] as const;

/** A command's key. */
export type CommandKey = (typeof KEYS)[number];

const icon = (paths: string): string => `data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#5b7fb8" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${paths}</svg>`)}`;

/** Icons as data, so that they load alike from a folder and from a zip. */
export const ICONS: Readonly<Record<CommandKey, string>> = {
  "oversize.check": icon('<path d="M6 10l10-5 10 5v11l-10 6-10-6z"/><path d="M11 16l4 4 7-8"/>'),
  "oversize.oversize": icon('<rect x="10" y="10" width="12" height="12" rx="1"/><path d="M4 9V4h5M28 9V4h-5M4 23v5h5M28 23v5h-5" />'),
  "oversize.mold": icon('<path d="M4 13V5h24v8h-5a7 7 0 0 0-14 0z"/><path d="M4 19v8h24v-8h-5a7 7 0 0 1-14 0z"/>'),
  "oversize.review": icon('<rect x="4" y="5" width="24" height="22" rx="2"/><path d="M14 5v22M7 11h4M7 16h4M7 21h4"/>'),
  "oversize.export": icon('<path d="M16 4v15M10 13l6 6 6-6M5 20v7h22v-7"/>'),
};

/** One tab of its own. */
export const RIBBONS = [{ tabName: "ribbon.tab.oversize", groups: [{ groupName: "ribbon.group.oversize", items: [...KEYS] }] }];

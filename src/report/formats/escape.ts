/** Text into HTML, in content and in quoted attributes alike. */
export const escapeHtml = (text: string): string => visible(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Text into XML 1.0, which has no way to write most control characters or half surrogates: they become U+FFFD. */
export const escapeXml = (text: string): string =>
  wellFormed(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replace(/[&<>"'\r]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A value as JSON inside a script element: nothing in it can end the element or a line. */
export const jsonForScript = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A script's own source inside a script element. */
export const sourceForScript = (source: string): string => source.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");

/** Characters that would turn or hide the text around them show as their code. */
const visible = (text: string): string =>
  wellFormed(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);

/** Half surrogates become U+FFFD. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

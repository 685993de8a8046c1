/** Hands a file to the browser's downloads. */
export function downloadFile(name: string, content: Uint8Array | string, type = "application/octet-stream"): void {
  const blob = new Blob([typeof content === "string" ? content : new Uint8Array(content)], { type });
  const url = URL.createObjectURL(blob), link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}

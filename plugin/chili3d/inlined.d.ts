/** Made while packaging: the plug-in's files by path, each as base64 of gzip. */
declare module "oversize:inlined" {
  export const FILES: Readonly<Record<string, string>>;
}

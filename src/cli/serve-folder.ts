import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".map": "application/json", ".wasm": "application/wasm",
  ".step": "model/step", ".png": "image/png", ".svg": "image/svg+xml", ".css": "text/css; charset=utf-8",
};

/** Serves the files of a folder, read only. Paths cannot leave the folder. Resolves once it listens. */
export function serveFolder(root: string, port: number, host: string, home: string): Promise<Server> {
  const server = createServer((request, response) => { void answer(root, home, request.url ?? "/", request.method ?? "GET", response); });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function answer(root: string, home: string, url: string, method: string, response: ServerResponse): Promise<void> {
  const path = pathOf(url);
  if (path === "/") return void response.writeHead(302, { location: home }).end();
  if (path === undefined || !(method === "GET" || method === "HEAD")) return void response.writeHead(path === undefined ? 400 : 405).end();
  const file = join(root, normalize(path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return void response.writeHead(403).end();
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return void response.writeHead(404, { "content-type": "text/plain" }).end("There is no such file.\n");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-length": info.size,
    etag: `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (method === "HEAD") return void response.end();
  createReadStream(file).on("error", () => response.destroy()).pipe(response);
}

function pathOf(url: string): string | undefined {
  try { return decodeURIComponent(new URL(url, "http://local").pathname).replace(/\0/g, ""); } catch { return undefined; }
}

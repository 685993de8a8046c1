import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url)), dist = join(root, "dist/");
const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html", ".step": "text/plain" };

/**
 * The stand-in host's module. `select` puts a sample into its document, `load` takes the plug-in as the host does: by
 * import from a folder's URL, or from a blob of the zip's main module; `runCommand` does what the ribbon does.
 */
const ENTRY = `
import { FakeChili3d, FakeShape, TYPES } from "./test/fake-chili3d.ts";
const host = globalThis.host = new FakeChili3d(new URLSearchParams(location.search).get("api"));
globalThis.Chili3dCore = host.core;
const outline = () => host.root.children.flatMap((n) => [[0, n.name], ...(n.children ?? []).map((c) => [1, c.name])]);
const showTree = () => document.querySelector("#tree").replaceChildren(...outline().map(([depth, name]) => {
  const row = document.createElement("li");
  row.textContent = name;
  row.style.paddingLeft = depth * 16 + "px";
  return row;
}));
globalThis.select = (step) => { host.selected = []; host.addShape("Bracket", new FakeShape(TYPES.solid, step)); showTree(); };
globalThis.load = async (form, folder) => {
  const url = form === "zip" ? URL.createObjectURL(new Blob([await (await fetch("/zip/main.js")).text()], { type: "application/javascript" })) : folder + "/chili3d/main.js";
  const { default: plugin } = await import(url);
  if (form === "zip") URL.revokeObjectURL(url);
  showRibbon(plugin);
  return [plugin.commands.length, plugin.ribbons.length, plugin.i18nResources.length];
};
function showRibbon(plugin) {
  const [{ tabName, groups }] = plugin.ribbons, text = plugin.i18nResources.find((r) => r.language === "en").translation;
  document.querySelector("#tab").textContent = text[tabName];
  document.querySelector("#ribbon").replaceChildren(...groups.flatMap(({ items }) => items).map((key) => {
    const button = document.createElement("button"), picture = document.createElement("img");
    picture.src = host.icons.get(key) ?? "";
    picture.alt = "";
    button.append(picture, text["command." + key]);
    button.onclick = () => globalThis.runCommand(key);
    return button;
  }));
}
globalThis.runCommand = async (key) => {
  await host.run(key);
  showTree();
  return { told: document.querySelector("#told").textContent, tree: outline().map(([, name]) => name) };
};
const pub = host.core.PubSub.default.pub;
host.core.PubSub.default.pub = (event, ...args) => {
  pub(event, ...args);
  if (event === "showDialog") showDialog(args[1], args[2]);
  if (event === "showFloatPanel") { const box = document.createElement("div"); box.className = "panel"; box.append(args[0].content); document.body.append(box); }
};
// What can be confirmed is confirmed at once; what only tells something is kept to be read; work that can only be cancelled runs on.
function showDialog(content, buttons) {
  const dialog = document.createElement("dialog"), [first] = buttons;
  dialog.append(content);
  document.body.append(dialog);
  if (first.content !== "common.confirm") return dialog.showModal();
  if (buttons.length === 1) document.querySelector("#told").textContent = [...content.children].map((line) => line.textContent).join(" ");
  first.onclick();
  if (first.shouldClose()) dialog.remove();
}`;;

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>
<style>
  :root { color-scheme: light dark; font: 13px/1.4 system-ui, sans-serif; }
  body { margin: 0; background: light-dark(#d5dae1, #0d0f13); color: light-dark(#1a1f27, #e8ebf0); }
  header { padding: 5px 14px; background: light-dark(#e9ecf0, #1b1f26); border-bottom: 1px solid light-dark(#c3c9d2, #323945); }
  #tab { font-weight: 650; }
  #ribbon { display: flex; gap: 6px; margin-top: 3px; }
  #ribbon button { font: inherit; color: inherit; display: grid; justify-items: center; gap: 2px; border: 0; background: none; padding: 3px 10px; }
  #ribbon img { width: 24px; height: 24px; }
  #tree { position: fixed; left: 14px; top: 92px; width: 140px; margin: 0; padding: 0; list-style: none; line-height: 1.8; }
  #told { position: fixed; left: 14px; bottom: 14px; width: 140px; margin: 0; overflow-wrap: anywhere; font-size: 12px; }
  .panel { position: fixed; inset: 88px 16px 16px 168px; border: 1px solid light-dark(#9aa3b0, #4a5361); border-radius: 8px; overflow: hidden; }
</style>
<header><span id="tab"></span><div id="ribbon"></div></header><ul id="tree"></ul><p id="told"></p>
<script type="module" src="/fake.js"></script></html>`;

/** A page with the fake host in it at `/host.html`, and all of dist/, to any origin; `zipMain` is the zip's main module. */
export async function serveStandIn(zipMain = ""): Promise<{ server: Server; url: string }> {
  const bundle = await esbuild.build({ stdin: { contents: ENTRY, resolveDir: root, loader: "ts" }, bundle: true, write: false, format: "esm" });
  const made: Record<string, readonly [string, string]> = { "/host.html": [PAGE, "text/html"], "/fake.js": [bundle.outputFiles[0].text, "text/javascript"], "/zip/main.js": [zipMain, "text/javascript"] };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname)).replace(/^(\.\.[/\\])+/, "");
    const send = (body: string | Buffer, type: string): void => { response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end(body); };
    if (made[path]) return send(...made[path]);
    const file = path.startsWith("/zip/") ? undefined : join(dist, path);
    if (!file || !existsSync(file)) { response.writeHead(404).end(); return; }
    send(readFileSync(file), TYPES[extname(file)] ?? "application/octet-stream");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

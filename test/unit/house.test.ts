import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Which rooms a room may import; files directly under src/ are rooms of their own. */
const ROOMS: Record<string, readonly string[]> = {
  units: [], result: [], kernels: [], progress: [], geometry: ["units"],
  part: ["units", "geometry"],
  step: ["part", "units", "geometry", "result", "kernels", "progress"],
  spatial: ["part", "units", "kernels"],
  mim: ["units", "result"],
  dfm: ["part", "spatial", "mim", "units", "geometry", "result", "progress", "kernels"],
  mold: ["part", "step", "mim", "units", "geometry", "result", "progress", "kernels"],
  export: ["part", "units", "result"],
  report: ["dfm", "mold", "mim", "part", "units", "geometry", "result"],
  "export-mold": ["mold", "export", "result"],
  engine: ["export-mold", "part", "step", "spatial", "mim", "dfm", "mold", "export", "report", "units", "result", "kernels", "progress"],
  cli: ["engine", "report", "mim", "dfm", "mold", "export", "step", "units", "result", "kernels", "progress"],
  worker: ["engine", "report", "mim", "dfm", "mold", "export", "part", "units", "result", "kernels", "progress"],
  plugin: ["worker", "engine", "report", "mim", "dfm", "mold", "export", "part", "units", "geometry", "result", "kernels", "progress"],
};

/** Rooms that may use Node's own modules. */
const NODE_ROOMS = new Set(["cli"]);

function* sources(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) { if (relative(root, path) !== join("src", "spatial", "kernel")) yield* sources(path); }
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

function roomOf(path: string): string {
  const [top, second] = relative(root, path).split(/[\\/]/);
  return top === "src" ? second.replace(/\.ts$/, "") : top;
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"']*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s*["']([^"']+)["']/g)].map((m) => m[1] ?? m[2] ?? m[3]);
}

const files = ["src", "worker", "plugin"].map((top) => join(root, top)).filter(existsSync).flatMap((top) => [...sources(top)]);

describe("the house", () => {
  it("has only the rooms of the plan", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it("imports point down", () => {
    const wrong: string[] = [];
    for (const file of files) for (const name of importsOf(file).filter((n) => n.startsWith("."))) {
      const target = resolve(dirname(file), name);
      if (!/\.[cm]?ts$/.test(target)) continue;
      const from = roomOf(file), to = roomOf(target);
      if (from !== to && !ROOMS[from]?.includes(to)) wrong.push(`${relative(root, file)} → ${relative(root, target)}`);
    }
    expect(wrong).toEqual([]);
  });

  it("keeps Node out of every room but the command line", () => {
    const wrong = files.filter((file) => !NODE_ROOMS.has(roomOf(file)) && importsOf(file).some((n) => n.startsWith("node:")));
    expect(wrong.map((f) => relative(root, f))).toEqual([]);
  });

  it("lets only step/ know the exact kernel", () => {
    const wrong = files.filter((file) => roomOf(file) !== "step" && importsOf(file).some((n) => n.startsWith("replicad-opencascadejs") || n.startsWith("occt-import-js")));
    expect(wrong.map((f) => relative(root, f))).toEqual([]);
  });
});

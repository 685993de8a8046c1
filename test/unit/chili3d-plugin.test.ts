import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PluginContext } from "../../plugin/chili3d/commands.ts";
import { registerCommands } from "../../plugin/chili3d/commands.ts";
import type { HostFaces } from "../../plugin/chili3d/host-types.ts";
import type { Engine, MoldSettings } from "../../plugin/chili3d/make-mold.ts";
import { matchFaces } from "../../plugin/chili3d/match-faces.ts";
import { KEYS, RIBBONS } from "../../plugin/chili3d/ribbon.ts";
import { selectedBody } from "../../plugin/chili3d/selected-body.ts";
import type { CheckShown } from "../../plugin/chili3d/show-check.ts";
import { TEXTS, type TextKey } from "../../plugin/chili3d/texts.ts";
import type { OpenedPart } from "../../worker/protocol.ts";
import { FakeChili3d, FakeFolder, FakeShape, FakeShapeNode, TYPES, type ApiShape } from "../fake-chili3d.ts";
import { bundleWorker, nodeClient } from "../worker/node-client.ts";

const text = readFileSync(fileURLToPath(new URL("../../samples/bracket.step", import.meta.url)), "utf8");
const solid = new FakeShape(TYPES.solid, text), cylinderPlaced = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 100, 200, 300, 1];
const { client } = nodeClient();
let opened: OpenedPart;

beforeAll(async () => {
  await bundleWorker();
  const read = await client.open(client.newHandle(), { name: "bracket.step", bytes: new TextEncoder().encode(text) });
  if (!read.ok) throw new Error(read.problem.message);
  opened = read.value;
});
afterAll(() => client.dispose());

/**
 * The engine, asked once for each question: what a part comes to is the same on every host, and here it is the
 * plug-in that is on trial. A handle stands for the part it was opened with.
 */
function askedOnce(): Engine {
  const answers = new Map<string, Promise<unknown>>(), parts = new Map<string, string>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => { const known = answers.get(key) ?? ask(); answers.set(key, known); return known as Promise<T>; };
  const part = (handle: string): string => parts.get(handle) ?? handle;
  let made = "";
  return {
    newHandle: () => client.newHandle(),
    open: (handle, file) => { const key = `${file.name} ${new TextDecoder().decode(file.bytes)}`; return once(key, () => { answers.set(`handle ${key}`, Promise.resolve(handle)); return client.open(handle, file); }).then(async (read) => { parts.set(handle, await (answers.get(`handle ${key}`) as Promise<string>)); return read; }); },
    check: (handle, settings) => once(`check ${part(handle)} ${JSON.stringify(settings)}`, () => client.check(part(handle), settings)),
    mold: (handle, design) => once((made = `mold ${part(handle)} ${JSON.stringify(design)}`), () => client.mold(part(handle), design)),
    export: (handle, formats) => once(`${made} ${formats.join()}`, () => client.export(part(handle), formats)),
    report: (handle, request) => once(`report ${made}`, () => client.report(part(handle), request)),
    close: async () => {},
  };
}
const engine = askedOnce();

/** The part's facets as a host would hold them, its faces numbered by `number`. */
function hostFaces(number: (face: number) => number): HostFaces {
  const [{ positions, indices, originMm }] = opened.bodies, [{ faces }] = opened.summary.bodies;
  return { position: positions.map((x, i) => x + originMm[i % 3]), index: indices, range: faces.map((f) => ({ start: f.start * 3, count: f.count * 3, shape: { index: number(f.index) } })) };
}

/** What the plug-in said, and the checks it showed. */
const said: string[] = [], checks: CheckShown[] = [];
beforeEach(() => { said.length = checks.length = 0; });

function plugin(host: FakeChili3d, over: Partial<PluginContext> = {}): FakeChili3d {
  const context: PluginContext = {
    core: host.core, engine: async () => engine, ask: async (_title, last) => last, work: (_title, run) => run({}), tell: (lines) => { said.push(lines.join(" ")); },
    showCheck: (check) => { checks.push(check); }, openPanel: async () => {}, report: async () => ({ version: "0.1.0", viewer: "" }), ...over,
  };
  registerCommands(context);
  return host;
}

describe("ribbon", () => {
  test("has a tab with the commands, each with a text in every language", () => {
    expect(RIBBONS[0].groups[0].items).toEqual([...KEYS]);
    for (const { translation } of TEXTS) for (const key of KEYS) {
      expect(translation[`command.${key}`]).toBeTruthy();
      expect(translation[`${key}.help`]).toBeTruthy();
    }
    expect([...plugin(new FakeChili3d("main")).commands.keys()]).toEqual([...KEYS]);
  });

  test("speaks the host's language: every key in both, with the same values to fill in", async () => {
    const [english, chinese] = TEXTS.map(({ translation }) => translation), filled = (text: string): string => [...text.matchAll(/\{\d\}/g)].map(String).sort().join();
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
    for (const key of Object.keys(english) as TextKey[]) {
      expect(english[key], key).toMatch(/\S/);
      expect(filled(chinese[key]), key).toBe(filled(english[key]));
      if (!/^(ribbon\.tab\.oversize|oversize\.name|oversize\.mold\.unread)$/.test(key)) expect(chinese[key], key).toMatch(/\p{Script=Han}/u);
    }
    const host = plugin(new FakeChili3d("main"));
    host.language = "zh-CN";
    await host.run("oversize.mold");
    expect(said).toEqual(["Oversize 一次处理一个实体。 没有选择任何对象。 请在视图或树中选择它。"]);
    host.addShape("支架", new FakeShape(TYPES.solid, text));
    await host.run("oversize.check");
    expect(checks[0].lines[0]).toBe("支架：1 项阻止性问题");
    expect([...host.labels].some((label) => label.text.startsWith("壁厚过薄: 0.493 mm"))).toBe(true);
  });
});

describe("selection", () => {
  let host: FakeChili3d;
  beforeEach(() => { host = plugin(new FakeChili3d("main")); });
  const refused = async (expected: RegExp): Promise<void> => {
    for (const key of KEYS) {
      said.length = 0;
      await host.run(key);
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(expected);
      expect(host.steps).toBe(0);
    }
  };
  test("nothing selected", () => refused(/^Oversize works on one solid body\. Nothing is selected\. Select it/));
  test("no document", async () => { Object.assign(host.app, { activeView: undefined }); await refused(/No document is open/); });
  test("an empty folder", async () => { host.selected = [host.root]; await refused(/"root" is not a body/); });
  test("several bodies, one by one or as a group", async () => {
    host.addShape("a", solid); host.addShape("b", solid);
    await refused(/2 bodies are selected.*one/);
    host.selected = [host.root];
    await refused(/2 bodies are selected.*one/);
  });
  test("a group with one body stands for the body, and the body's STEP is the same every time", () => {
    host.addShape("a", new FakeShape(TYPES.solid, "FILE_NAME('Open CASCADE Shape Model','2026-11-21T13:48:17',('Author'),(\n #7 = PRODUCT('Open CASCADE STEP translator 7.9 1',\n  'Open CASCADE STEP translator 7.9 1','',(#8));"));
    host.selected = [host.root];
    const body = selectedBody(host.core, host.app);
    if (!body.ok) throw new Error(body.problem.message);
    expect(body.value.name).toBe("a.step");
    expect(new TextDecoder().decode(body.value.step)).toBe("FILE_NAME('Open CASCADE Shape Model','1970-01-01T00:00:00',('Author'),(\n #7 = PRODUCT('','','',(#8));");
  });
  test("a sheet", async () => { host.addShape("skin", new FakeShape(TYPES.shell, text)); await refused(/"skin" is a sheet or wire/); });
  test("a compound of two solids", async () => { host.addShape("pair", new FakeShape(TYPES.compound, text, [solid, solid])); await refused(/holds 2 solids/); });
  test("a scaled and a mirrored body", async () => {
    host.addShape("big", solid, undefined, [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
    await refused(/scale or mirrored/);
    host.selected = [];
    host.addShape("mirror", solid, undefined, [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    await refused(/scale or mirrored/);
  });
  test("a broken shape, and a body the engine refuses", async () => {
    host.selected = [new FakeShapeNode("bad", "no geometry", () => {})];
    await refused(/has no shape: no geometry/);
    host.selected = [];
    host.addShape("junk", new FakeShape(TYPES.solid, "ISO-10303-21;HEADER;"));
    await host.run("oversize.check");
    expect(said.at(-1)).toMatch(/STEP/);
  });
  test("no converter this plug-in knows", async () => { host.addShape("p", solid); Object.assign(host.app, { shapeFactory: {} }); await refused(/no STEP converter/); });
});

describe("faces", () => {
  test("are found again under any numbering, and never marked twice", () => {
    const ours = opened.summary.bodies[0].faces, count = ours.length;
    for (const number of [(i: number) => i, (i: number) => count - 1 - i, (i: number) => (i * 7 + 3) % count]) {
      const matched = matchFaces(ours, hostFaces(number));
      expect(matched.size).toBeGreaterThan(count * 0.9);
      for (const [face, theirs] of matched) expect(theirs).toBe(number(face));
    }
  });
  test("of another part match nothing", () => {
    const faces = hostFaces((i) => i);
    expect(matchFaces(opened.summary.bodies[0].faces, { ...faces, position: Float32Array.from(faces.position, (x) => x * 3 + 50) }).size).toBe(0);
  });
});

describe.each<ApiShape>(["main", "dev"])("on the host's %s API", (api) => {
  test("a check marks faces in one undo step, pins labels where the body stands, and a second check replaces them", async () => {
    const host = plugin(new FakeChili3d(api)), node = host.addShape("Bracket", solid, hostFaces((i) => i), cylinderPlaced);
    await host.run("oversize.check");
    expect(said).toEqual([]);
    expect(checks[0].lines.join(" ")).toMatch(/^Bracket: \d+ blocking finding.*advisory, .*passed, .*As 17-4PH, rules “align”/);
    expect(host.steps).toBe(1);
    const marks = node.faceMaterialPair.length;
    expect(marks).toBeGreaterThan(0);
    expect(host.materials.map((m) => m.name)).toContain("Oversize blocking");
    const [label] = host.labels;
    expect(label.text).toMatch(/^Wall too thin: 0\.4\d* mm.*≥ 0\.50 mm/);
    expect(label.z).toBeGreaterThan(295);
    const labels = host.labels.size, materials = host.materials.length;
    await host.run("oversize.check");
    expect([node.faceMaterialPair.length, host.labels.size, host.materials.length]).toEqual([marks, labels, materials]);
    checks[1].clear();
    expect([node.faceMaterialPair.length, host.labels.size, host.steps]).toEqual([0, 0, 3]);
    host.undo();
    expect([node.faceMaterialPair.length, host.labels.size]).toEqual([marks, labels]);
    host.undo(); host.undo();
    expect([node.faceMaterialPair.length, host.labels.size, host.materials.length]).toEqual([0, 0, 0]);
  }, 180_000);

  test("a body of one face keeps its material: the host could not give it back", async () => {
    const host = plugin(new FakeChili3d(api)), faces = hostFaces((i) => i), thin = opened.summary.bodies[0].faces[20];
    const node = host.addShape("Bracket", solid, { ...faces, range: [{ start: thin.start * 3, count: thin.count * 3, shape: { index: 20 } }] });
    await host.run("oversize.check");
    expect([node.materialId, node.faceMaterialPair.length, host.labels.size > 0]).toEqual(["base", 0, true]);
    expect(checks[0].lines.at(-1)).toMatch(/^6 faces could not be marked for sure/);
  }, 180_000);

  test("pins go with their body", async () => {
    const host = plugin(new FakeChili3d(api)), node = host.addShape("Bracket", solid, hostFaces((i) => i));
    await host.run("oversize.check");
    expect(host.labels.size).toBeGreaterThan(0);
    host.delete(node);
    expect(host.labels.size).toBe(0);
  }, 180_000);

  test("a mold adds core, cavity and part as B-rep, named and grouped, in one undo step", async () => {
    const host = plugin(new FakeChili3d(api));
    host.addShape("Bracket", solid, undefined, cylinderPlaced);
    await host.run("oversize.mold");
    expect(said.at(-1)).toMatch(/^Added Bracket core, Bracket cavity, Bracket oversized at OSF 1\.165/);
    const folder = host.root.children.at(-1) as FakeFolder;
    expect([folder.name, ...folder.children.map((n) => n.name)]).toEqual(["Bracket mold", "Bracket core", "Bracket cavity", "Bracket oversized"]);
    for (const child of folder.children as FakeShapeNode[]) {
      expect(child.transform.toArray()).toEqual(cylinderPlaced);
      if (!child.shape.isOk) throw new Error(child.shape.error);
      expect((child.shape.value as FakeShape).step).toMatch(/^ISO-10303-21;[\s\S]*MANIFOLD_SOLID_BREP/);
    }
    expect(host.steps).toBe(1);
    host.undo();
    expect(host.root.children.map((n) => n.name)).toEqual(["Bracket"]);
    expect(host.materials).toHaveLength(0);
  }, 180_000);
});

const PLAIN: MoldSettings = { material: "17-4PH", profile: "align", formats: ["step"], report: false };

describe("export", () => {
  const exported = async (over: Partial<MoldSettings>): Promise<{ name: string; bytes: Uint8Array }> => {
    const host = plugin(new FakeChili3d("main"), { ask: async () => ({ ...PLAIN, ...over }) });
    host.addShape("Bracket", solid);
    await host.run("oversize.export");
    expect([host.steps, host.downloads.length]).toEqual([0, 1]);
    const [{ name, content }] = host.downloads;
    return { name, bytes: new Uint8Array(await new Blob(content).arrayBuffer()) };
  };

  test("hands core, cavity and oversized part in every format, and the report, to the host's downloads as one zip", async () => {
    const { name, bytes } = await exported({ formats: ["step", "stl", "3mf", "glb"], report: true }), files = unzipSync(bytes);
    expect(name).toBe("Bracket.mold.zip");
    for (const role of ["core", "cavity", "oversized", "mold"]) for (const format of ["step", "stl", "3mf", "glb"]) expect(Object.keys(files)).toContain(`Bracket.${role}.${format}`);
    expect(new TextDecoder().decode(files["Bracket.core.step"])).toMatch(/^ISO-10303-21;[\s\S]*MANIFOLD_SOLID_BREP/);
    expect(new TextDecoder().decode(files["Bracket.report.html"])).toMatch(/Wall too thin/);
    expect(said.at(-1)).toMatch(/^Bracket\.mold\.zip is in your downloads, at OSF 1\.165\. It holds 17 files: STEP, STL, 3MF, GLB, HTML\./);
  }, 180_000);

  test("hands a report alone over as it is", async () => {
    const { name, bytes } = await exported({ formats: [], report: true });
    expect(name).toBe("Bracket.report.html");
    expect(new TextDecoder().decode(bytes)).toMatch(/^<!doctype html>/i);
  }, 180_000);
});

describe("oversized part", () => {
  test("is the part times the user's factor; a cancelled dialog does nothing", async () => {
    const host = new FakeChili3d("main");
    host.addShape("Bracket", solid);
    await plugin(host, { ask: async () => undefined }).run("oversize.oversize");
    expect([said, host.steps]).toEqual([[], 0]);
    await plugin(host, { ask: async () => ({ ...PLAIN, osf: [1.2, 1.2, 1.2] }) }).run("oversize.oversize");
    const folder = host.root.children.at(-1) as FakeFolder, [node] = folder.children as FakeShapeNode[];
    if (!node.shape.isOk) throw new Error(node.shape.error);
    const read = await client.open(client.newHandle(), { name: "o.step", bytes: new TextEncoder().encode((node.shape.value as FakeShape).step) });
    if (!read.ok) throw new Error(read.problem.message);
    expect(read.value.summary.volumeMm3 / opened.summary.volumeMm3).toBeCloseTo(1.2 ** 3, 9);
  }, 180_000);

  test("a body the host cannot read back adds nothing at all", async () => {
    const host = plugin(new FakeChili3d("dev"));
    host.addShape("Bracket", solid);
    host.refuse = /./;
    await host.run("oversize.oversize");
    expect(said.at(-1)).toMatch(/did not read back.*can not convert/);
    expect([host.steps, host.root.children.length, host.materials.length]).toEqual([0, 1, 0]);
  }, 180_000);
});

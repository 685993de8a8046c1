import type { DialogButton, FloatPanel, HostApp, HostCommand, HostConverter, HostCore, HostDocument, HostFaces, HostFolder, HostMaterial, HostMatrix, HostNode, HostShape, HostShapeNode } from "../plugin/chili3d/host-types.ts";
import { TEXTS } from "../plugin/chili3d/texts.ts";

/** Which members this build of the host has: `main` keeps the converter at the factory, `dev` at the provider. */
export type ApiShape = "main" | "dev";

export const TYPES = { compound: 0b1, solid: 0b100, shell: 0b1000, face: 0b10000 } as const;
export const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** A shape of the fake: its STEP text and what it is made of. */
export class FakeShape implements HostShape {
  constructor(readonly shapeType: number, readonly step: string, readonly parts: readonly FakeShape[] = []) {}
  findSubShapes(type: number): readonly HostShape[] { return this.parts.filter((p) => p.shapeType === type); }
}

type Undo = () => void;
let ids = 0;

/** A small stand-in for Chili3D: a document with nodes, materials, selection and undo, and the core the plug-in calls. */
export class FakeChili3d {
  readonly panels: FloatPanel[] = [];
  readonly dialogs: { title: string; buttons: DialogButton[] }[] = [];
  readonly downloads: { name: string; content: BlobPart[] }[] = [];
  readonly labels = new Set<{ text: string; x: number; y: number; z: number }>();
  readonly commands = new Map<string, HostCommand>();
  readonly icons = new Map<string, string>();
  readonly materials: HostMaterial[] = [];
  readonly root: FakeFolder;
  readonly document: HostDocument;
  readonly app: HostApp;
  readonly core: HostCore;
  selected: HostNode[] = [];
  /** What the converter refuses to read back. */
  refuse: RegExp | undefined;
  language = "en";
  readonly #history: Undo[][] = [];
  #open: Undo[] | undefined;
  readonly #observers: (() => void)[] = [];

  constructor(api: ApiShape) {
    const host = this, record = (undo: Undo): void => host.#record(undo);
    this.root = new FakeFolder("root", record);
    this.document = {
      name: "part", selection: { getSelectedNodes: () => this.selected },
      modelManager: {
        rootNode: this.root,
        materials: {
          push: (...made) => { for (const m of made) { host.materials.push(m); record(() => { host.materials.splice(host.materials.indexOf(m), 1); }); } },
          find: (test) => host.materials.find(test),
        },
        addNodeObserver: (observer) => { host.#observers.push(observer); },
      },
    };
    const converter = this.#converter(record);
    const activeView = {
      document: this.document,
      update: () => {},
      htmlText: (text: string, at: { x: number; y: number; z: number }) => { const label = { text, ...at }; host.labels.add(label); return { dispose: () => { host.labels.delete(label); } }; },
    };
    this.app = { activeView, ...(api === "main" ? { shapeFactory: { converter } } : { shapeProvider: { factory: {}, converter } }) };
    this.core = {
      CommandStore: { registerCommand: (command, data) => { host.commands.set(data.key, command); host.icons.set(data.key, data.icon.value); } },
      I18n: { translate: (key, ...values) => (TEXTS.find(({ language }) => language === host.language)?.translation as Record<string, string>)[key].replace(/\{(\d+)\}/g, (_, i) => values[Number(i)]) },
      PubSub: { default: { pub: (event: string, ...args: unknown[]) => host.#pub(event, args) } },
      Transaction: { execute: (_document, _name, action) => host.#transact(action), add: (_document, { undo }) => record(undo) },
      download: (content, name) => { host.downloads.push({ name, content }); },
      FolderNode: class extends FakeFolder { constructor({ name }: { name: string }) { super(name, record); } },
      PhongMaterial: class implements HostMaterial { readonly id = `m${++ids}`; readonly name: string; constructor({ name }: { name: string }) { this.name = name; } },
      ShapeTypes: TYPES,
    };
  }

  /** Runs a command as the ribbon does. */
  async run(key: string): Promise<void> {
    const Command = this.commands.get(key);
    if (!Command) throw new Error(`${key} is not registered`);
    await new Command().execute(this.app);
  }

  /** How many steps the user could undo. */
  get steps(): number { return this.#history.length; }
  undo(): void { for (const undo of (this.#history.pop() ?? []).reverse()) undo(); }
  /** Deletes a node of the root, as the user does. */
  delete(node: FakeShapeNode): void { this.root.remove(node); for (const look of this.#observers) look(); }

  /** Adds and selects a node with a shape. */
  addShape(name: string, shape: FakeShape, faces?: HostFaces, placement: readonly number[] = IDENTITY): FakeShapeNode {
    const node = new FakeShapeNode(name, shape, (undo) => this.#record(undo), faces, placement);
    this.root.add(node);
    this.#history.length = 0;
    this.selected = [...this.selected, node];
    return node;
  }

  #pub(event: string, args: unknown[]): void {
    if (event === "showFloatPanel") this.panels.push(args[0] as FloatPanel);
    else if (event === "showDialog") this.dialogs.push({ title: String(args[0]), buttons: (args[2] ?? []) as DialogButton[] });
  }

  #converter(record: (undo: Undo) => void): HostConverter {
    return {
      convertToSTEP: (...shapes) => ({ isOk: true, value: (shapes[0] as FakeShape).step }),
      convertFromSTEP: (_document, bytes) => {
        const step = new TextDecoder().decode(bytes);
        if (this.refuse?.test(step)) return { isOk: false, error: "can not convert" };
        // Like the host: a group inside a folder, materials added at once.
        this.document.modelManager.materials.push({ id: `m${++ids}`, name: "#808080" });
        const outer = new FakeFolder("undefined", () => {}), inner = new FakeFolder("untitled", () => {});
        inner.add(new FakeShapeNode("untitled", new FakeShape(TYPES.solid, step), record));
        outer.add(inner);
        return { isOk: true, value: outer };
      },
    };
  }

  #record(undo: Undo): void {
    if (this.#open) this.#open.push(undo);
    else this.#history.push([undo]);
  }

  #transact(action: () => void): void {
    if (this.#open) throw new Error("a transaction has been started");
    const open: Undo[] = (this.#open = []);
    try { action(); } catch (error) { this.#open = undefined; for (const undo of open.reverse()) undo(); throw error; }
    this.#open = undefined;
    if (open.length > 0) this.#history.push(open);
  }
}

/** What every node has. */
class FakeNode {
  readonly id = `n${++ids}`;
  readonly visible: boolean = true;
  readonly parentVisible = true;
  parent: FakeFolder | undefined;
  constructor(public name: string) {}
  get nextSibling(): HostNode | undefined { const all = this.parent?.children ?? []; return all[all.indexOf(this as HostNode) + 1]; }
  onPropertyChanged(): void {}
}

/** A folder of the tree. */
export class FakeFolder extends FakeNode implements HostFolder {
  readonly children: HostNode[] = [];
  constructor(name: string, private readonly record: (undo: Undo) => void) { super(name); }
  get firstChild(): HostNode | undefined { return this.children[0]; }
  add(...nodes: HostNode[]): void { for (const node of nodes) { this.children.push(node); this.#adopt(node, this); this.record(() => this.remove(node)); } }
  remove(...nodes: HostNode[]): void { for (const node of nodes) { this.children.splice(this.children.indexOf(node), 1); this.#adopt(node, undefined); } }
  #adopt(node: HostNode, parent: FakeFolder | undefined): void { (node as FakeNode).parent = parent; }
}

/** A node with a shape, its facets and face materials. */
export class FakeShapeNode extends FakeNode implements HostShapeNode {
  readonly shape: HostShapeNode["shape"];
  readonly mesh: HostShapeNode["mesh"];
  transform: HostMatrix;
  materialId: string | string[] = "base";
  faceMaterialPair: { faceIndex: number; materialIndex: number }[] = [];
  constructor(name: string, shape: FakeShape | string, private readonly record: (undo: Undo) => void, faces?: HostFaces, placement: readonly number[] = IDENTITY) {
    super(name);
    this.shape = typeof shape === "string" ? { isOk: false, error: shape } : { isOk: true, value: shape };
    this.mesh = { faces };
    this.transform = { toArray: () => placement };
  }
  worldTransform(): HostMatrix { return this.transform; }
  addFaceMaterial(pairs: { faceIndex: number; materialId: string }[]): void {
    this.#remember();
    for (const { faceIndex, materialId } of pairs) {
      if (this.mesh.faces?.range.length === 1) { this.materialId = materialId; continue; }
      const all = typeof this.materialId === "string" ? [this.materialId] : [...this.materialId];
      if (!all.includes(materialId)) all.push(materialId);
      this.materialId = all;
      this.faceMaterialPair = [...this.faceMaterialPair, { faceIndex, materialIndex: all.indexOf(materialId) }];
    }
  }
  removeFaceMaterial(faces: number[]): void {
    this.#remember();
    this.faceMaterialPair = this.faceMaterialPair.filter((p) => !faces.includes(p.faceIndex));
  }
  #remember(): void {
    const before = { ids: this.materialId, pairs: this.faceMaterialPair };
    this.record(() => { this.materialId = before.ids; this.faceMaterialPair = before.pairs; });
  }
}

/**
 * What the plug-in uses of its host, Chili3D: only the members it calls, in the two shapes that are in use. The
 * host's core is `globalThis.Chili3dCore` and is never bundled.
 */

export type HostResult<T> = { readonly isOk: true; readonly value: T } | { readonly isOk: false; readonly error: string };

/** A B-rep shape of the host's kernel. */
export interface HostShape {
  readonly shapeType: number;
  findSubShapes(type: number): readonly HostShape[];
}

/** Translates between the host's shapes and files. */
export interface HostConverter {
  convertToSTEP(...shapes: HostShape[]): HostResult<string>;
  /** Shows its nodes and adds materials at once; the folder it answers with is not in the tree yet. */
  convertFromSTEP(document: HostDocument, step: Uint8Array): HostResult<HostFolder>;
}

export interface HostApp {
  /** Builds of March and `main` of July. */
  readonly shapeFactory?: { readonly converter?: HostConverter };
  /** `dev` of July. */
  readonly shapeProvider?: { readonly factory?: { readonly converter?: HostConverter }; readonly converter?: HostConverter };
  readonly activeView?: HostView;
}

export interface HostView {
  readonly document: HostDocument;
  /** Draws again; the host draws only when asked. */
  update(): void;
  htmlText(text: string, point: { x: number; y: number; z: number }, options?: { className?: string; hideDelete?: boolean }): { dispose(): void };
}

export interface HostDocument {
  readonly name: string;
  readonly selection: { getSelectedNodes(): readonly HostNode[] };
  readonly modelManager: {
    readonly materials: { push(...materials: HostMaterial[]): unknown; find(test: (material: HostMaterial) => boolean): HostMaterial | undefined };
    readonly rootNode: HostFolder;
    /** Called after nodes were added, removed or moved, by undo too. */
    addNodeObserver(observer: () => void): void;
  };
}

export interface HostNode {
  readonly id: string;
  name: string;
  readonly visible: boolean;
  readonly parentVisible: boolean;
  /** Undefined once it is deleted. */
  readonly parent?: HostFolder;
  readonly nextSibling?: HostNode;
  onPropertyChanged(listener: (property: string) => void): void;
}

export interface HostFolder extends HostNode {
  readonly firstChild?: HostNode;
  add(...nodes: HostNode[]): void;
  remove(...nodes: HostNode[]): void;
}

/** Column-major 4×4. */
export interface HostMatrix {
  toArray(): readonly number[];
}

/** A node with a shape. */
export interface HostShapeNode extends HostNode {
  readonly shape: HostResult<HostShape>;
  transform: HostMatrix;
  worldTransform(): HostMatrix;
  readonly mesh: { readonly faces?: HostFaces };
  readonly materialId: string | readonly string[];
  readonly faceMaterialPair: readonly { readonly faceIndex: number; readonly materialIndex: number }[];
  addFaceMaterial(pairs: { faceIndex: number; materialId: string }[]): void;
  removeFaceMaterial(faces: number[]): void;
}

/** Facets of a node, a range of indices for each face. Ranges are regrouped when materials are set; `shape.index` stays. */
export interface HostFaces {
  readonly position: ArrayLike<number>;
  readonly index: ArrayLike<number>;
  readonly range: readonly { readonly start: number; readonly count: number; readonly shape: { readonly index: number } }[];
}

export interface HostMaterial {
  readonly id: string;
  readonly name: string;
}

export type HostCommand = new () => { execute(app: HostApp): Promise<void> };

/** `globalThis.Chili3dCore`. */
export interface HostCore {
  readonly CommandStore: { registerCommand(command: HostCommand, data: { key: string; icon: { type: "url"; value: string }; helpText?: string; isApplicationCommand?: boolean }): void };
  /** Texts in the host's present language; `{0}` is filled in. */
  readonly I18n: { translate(key: string, ...values: string[]): string };
  readonly PubSub: { readonly default: { pub(event: "showToast", message: string, ...values: string[]): void; pub(event: "showFloatPanel", options: FloatPanel): void; pub(event: "showDialog", title: string, content: HTMLElement, buttons?: DialogButton[]): void } };
  readonly Transaction: { execute(document: HostDocument, name: string, action: () => void): void; add(document: HostDocument, record: HostRecord): void };
  readonly FolderNode: new (options: { document: HostDocument; name: string }) => HostFolder;
  readonly PhongMaterial: new (options: { document: HostDocument; name: string; color: number }) => HostMaterial;
  /** Hands one file to the browser's downloads. */
  readonly download: (content: BlobPart[], name: string) => void;
  readonly ShapeTypes?: { readonly solid: number; readonly face: number };
}

/** A step of the host's undo list, or a part of one. */
export interface HostRecord {
  readonly name: string;
  undo(): void;
  redo(): void;
  dispose(): void;
}

export interface FloatPanel {
  readonly title: string;
  readonly content: HTMLElement;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly onClose?: () => void;
}

export interface DialogButton {
  readonly content: string;
  readonly shouldClose?: () => boolean;
  readonly onclick?: () => void;
}

declare global {
  var Chili3dCore: HostCore | undefined;
}

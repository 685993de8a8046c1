declare module "occt-import-js" {
  type Color = [number, number, number];
  export interface OcctImportResult {
    success: boolean;
    root: OcctImportNode;
    meshes: {
      name: string;
      color?: Color;
      brep_faces: { first: number; last: number; color: Color | null }[];
      attributes: { position: { array: number[] }; normal?: { array: number[] } };
      index: { array: number[] };
    }[];
  }
  export interface OcctImportNode { name: string; meshes: number[]; children: OcctImportNode[] }
  export interface OcctImportOptions {
    linearUnit: "millimeter";
    linearDeflectionType: "absolute_value" | "bounding_box_ratio";
    linearDeflection: number;
    angularDeflection: number;
  }
  type Read = (bytes: Uint8Array, options: OcctImportOptions | null) => OcctImportResult;
  export interface OcctImport { ReadStepFile: Read; ReadIgesFile: Read; ReadBrepFile: Read }
  export default function init(options: ReturnType<typeof import("../kernels.ts").forEmscripten> & { print: (text: string) => void; printErr: (text: string) => void }): Promise<OcctImport>;
}

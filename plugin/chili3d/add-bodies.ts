import { fail, ok, type Result } from "../../src/result.ts";
import type { OutputFile } from "../../worker/protocol.ts";
import { hostConverter } from "./host.ts";
import type { HostApp, HostCore, HostFolder, HostNode } from "./host-types.ts";
import type { SelectedBody } from "./selected-body.ts";

/** A body to add: its STEP file and what it is called in the tree. */
export interface NewBody {
  readonly name: string;
  readonly file: OutputFile;
}

/**
 * Adds bodies as real B-rep nodes in one folder, in one undo step, placed like the body they come from. READ_BACK:
 * the host could not read one; then nothing is added.
 */
export function addBodies(core: HostCore, app: HostApp, body: SelectedBody, folderName: string, bodies: readonly NewBody[]): Result<HostFolder> {
  const converter = hostConverter(app), { document, node } = body;
  if (!converter) return fail("KERNEL_MISSING");
  let problem = "", added: HostFolder | undefined;
  const stop = new Error("rolled back");
  try {
    core.Transaction.execute(document, folderName, () => {
      const folder = new core.FolderNode({ document, name: folderName });
      document.modelManager.rootNode.add(folder);
      for (const { name, file } of bodies) {
        const read = converter.convertFromSTEP(document, file.bytes);
        const found = read.isOk ? shapesOf(read.value) : [];
        if (found.length === 0) { problem = `${name}: ${read.isOk ? "it came back empty" : read.error}.`; throw stop; }
        for (const [i, shape] of found.entries()) {
          shape.node.name = found.length > 1 ? `${name} ${i + 1}` : name;
          shape.parent.remove(shape.node);
          folder.add(shape.node);
          if ("transform" in shape.node) (shape.node as typeof node).transform = node.worldTransform();
        }
      }
      added = folder;
    });
  } catch (error) {
    if (error !== stop) throw error;
    return fail("READ_BACK", problem, "Export the mold's STEP files from the review panel instead.");
  }
  return added ? ok(added) : fail("READ_BACK");
}

/** Every node with a shape under a folder; imports hold nested groups. */
function shapesOf(folder: HostFolder): { node: HostNode; parent: HostFolder }[] {
  const out: { node: HostNode; parent: HostFolder }[] = [];
  for (let child: (HostNode & { readonly nextSibling?: HostNode }) | undefined = folder.firstChild; child; child = child.nextSibling) {
    if ("firstChild" in child) out.push(...shapesOf(child as HostFolder));
    else if ("shape" in child) out.push({ node: child, parent: folder });
  }
  return out;
}

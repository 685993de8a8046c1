import { fail, ok, type Result } from "../../src/result.ts";
import type { OutputFile } from "../../worker/protocol.ts";
import { hostConverter, nodesWithin } from "./host.ts";
import type { HostApp, HostCore, HostFolder } from "./host-types.ts";
import type { SelectedBody } from "./selected-body.ts";
import { translate } from "./translate.ts";

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
  const converter = hostConverter(app), { document, node, view } = body;
  if (!converter) return fail("HOST_API");
  let problem = "", added: HostFolder | undefined;
  const stop = new Error("rolled back");
  try {
    core.Transaction.execute(document, folderName, () => {
      const folder = new core.FolderNode({ document, name: folderName });
      document.modelManager.rootNode.add(folder);
      for (const { name, file } of bodies) {
        const read = converter.convertFromSTEP(document, file.bytes);
        const found = read.isOk ? nodesWithin(read.value).filter((inner) => "shape" in inner) : [];
        if (found.length === 0) { problem = translate(core, "oversize.mold.unread", name, read.isOk ? translate(core, "oversize.mold.empty") : read.error); throw stop; }
        for (const [i, shape] of found.entries()) {
          shape.name = found.length > 1 ? `${name} ${i + 1}` : name;
          shape.parent?.remove(shape);
          folder.add(shape);
          if ("transform" in shape) (shape as typeof node).transform = node.worldTransform();
        }
      }
      added = folder;
    });
  } catch (error) {
    if (error !== stop) throw error;
    return fail("READ_BACK", problem, translate(core, "oversize.mold.instead"));
  }
  view.update();
  return added ? ok(added) : fail("READ_BACK");
}

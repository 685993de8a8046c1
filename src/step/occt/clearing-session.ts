import type { XSControl_WorkSession } from "replicad-opencascadejs";

/** Model, checks, graph, transfers and results, by the kernel's numbers. */
const PARTS = [1, 2, 3, 4, 5, 6, 7];

/**
 * Empties the session of a STEP reader or writer when disposed: its model and transfers refer to each other, and deleting
 * the reader or writer alone leaves some times the file's size behind each time. Declare it last, so that it is disposed first.
 */
export function clearingSession(session: XSControl_WorkSession): Disposable {
  return { [Symbol.dispose]: () => {
    for (const part of PARTS) session.ClearData(part);
    session.ClearFile();
  } };
}

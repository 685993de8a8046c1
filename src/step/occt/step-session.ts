import type { XSControl_WorkSession } from "replicad-opencascadejs";
import type { Occt } from "./load-occt.ts";

/** Model, checks, graph, transfers and results, by the kernel's numbers. */
const PARTS = [1, 2, 3, 4, 5, 6, 7];

const sessions = new WeakMap<Occt, XSControl_WorkSession>();

/** A kernel's session on loan. */
export interface BorrowedSession extends Disposable {
  readonly session: XSControl_WorkSession;
}

/**
 * The one session of a kernel for its STEP readers and writers, emptied when given back: each of their own leaves 32 kB behind, and
 * what it holds refers to itself and stays as well. Borrow it before the reader or writer, so that it is emptied last.
 */
export function borrowSession(oc: Occt): BorrowedSession {
  const session = sessions.get(oc) ?? new oc.XSControl_WorkSession();
  sessions.set(oc, session);
  return { session, [Symbol.dispose]: () => {
    for (const part of PARTS) session.ClearData(part);
    session.ClearFile();
    session.ClearContext();
  } };
}

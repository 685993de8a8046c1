import { buildBvh, type Bvh } from "../spatial/bvh.ts";
import { loadSpatial } from "../spatial/load-spatial.ts";
import { CHECK_TASKS, type TaskOutcome } from "./check-tasks.ts";
import type { CheckContext } from "./context.ts";

/** A body to work on, and with what: the context of its checks without what each thread has of its own. Plain data. */
export type HelperBody = Omit<CheckContext, "bvh" | "pause" | "pull">;

/** To a helper: a body, then tasks of it with the outcomes it has not seen yet; at last that the body is done with. */
export type HelperRequest =
  | { readonly kind: "body"; readonly body: HelperBody; readonly spatial: WebAssembly.Module }
  | { readonly kind: "task"; readonly name: string; readonly given: readonly (readonly [name: string, outcome: TaskOutcome])[] }
  | { readonly kind: "drop" };

/** From a helper: once that it is there, then one answer to each task, in the order asked. `failed` is a bug. */
export type HelperAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly name: string; readonly outcome: TaskOutcome; readonly ms: number }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

/** The side of the helper: takes requests one after another, each when the one before is answered. */
export function serveCheck(answer: (message: HelperAnswer) => void): (request: HelperRequest) => void {
  let queue = Promise.resolve(), at: { context: CheckContext; bvh: Bvh; outcomes: Map<string, TaskOutcome> } | undefined;
  const take = async (request: HelperRequest): Promise<void> => {
    if (request.kind !== "task") {
      at?.bvh.dispose();
      at = undefined;
    }
    if (request.kind === "body") {
      const { positions, indices, faceOf } = request.body.body.facets, bvh = buildBvh(await loadSpatial(request.spatial), positions, indices, faceOf);
      at = { context: { ...request.body, bvh, pause: async () => {} }, bvh, outcomes: new Map() };
    }
    if (request.kind !== "task") return;
    const task = CHECK_TASKS.find(({ name }) => name === request.name);
    if (!at || !task) throw new Error(`no body or no task for ${request.name}`);
    for (const [name, outcome] of request.given) at.outcomes.set(name, outcome);
    const began = performance.now(), outcome = await task.run(at.context, at.outcomes);
    at.outcomes.set(task.name, outcome);
    answer({ kind: "done", name: task.name, outcome, ms: performance.now() - began });
  };
  answer({ kind: "ready" });
  return (request) => {
    queue = queue.then(() => take(request)).catch((thrown: unknown) =>
      answer({ kind: "failed", name: request.kind === "task" ? request.name : "", message: thrown instanceof Error ? thrown.message : String(thrown) }));
  };
}

import { parentPort } from "node:worker_threads";
import { bvhFromData, type Bvh, type BvhData } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";

/** What a thread of the bench keeps: a copy of a tree, and the queries it will be asked. */
export interface Share {
  readonly code: WebAssembly.Module;
  readonly data: BvhData;
  readonly points: Float64Array;
  readonly normals: Float64Array;
}

/** Asks for the first `count` of a share's queries. */
export interface Ask {
  readonly what: "rays" | "balls";
  readonly count: number;
}

const port = parentPort;
if (!port) throw new Error("a thread of the bench");
let bvh: Bvh | undefined, points: Float64Array = new Float64Array(0), normals = points, inwards = points;
port.on("message", (message: Share | Ask) => {
  if ("code" in message) void take(message);
  else { ask(message); port.postMessage("done"); }
});

async function take(share: Share): Promise<void> {
  bvh = bvhFromData(await loadSpatial(share.code), share.data);
  ({ points, normals } = share);
  inwards = normals.map((x) => -x);
  port?.postMessage("ready");
}

function ask({ what, count }: Ask): void {
  const p = points.subarray(0, count * 3);
  if (what === "rays") bvh?.rays(p, inwards.subarray(0, count * 3), { minDistancesMm: 1e-4 });
  else bvh?.balls(p, normals.subarray(0, count * 3), { epsilonMm: 0.01, startRadiiMm: 3 });
}

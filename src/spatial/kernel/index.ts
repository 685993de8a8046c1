/** What the host may call. Addresses are those of `layout.ts`; the host writes only into `io`, vertices, indices and faces. */
export { layOut, setBox, adopt, reserve, io, vertices, indices, faces, arena, arenaEnd, root, levels, BATCH, ERROR_PER_REACH } from "./layout";
export { build } from "./build";
export { rays, fetchNodes, passNodes, leaveNodes, fetchLeaves, passLeaves, fetchEnds, passEnds, fetched } from "./nearest-hits";
export { tookRefused } from "./ray";
export { anyHits, allHits, walkRay } from "./sure-hits";
export { closest, closestTriangle } from "./closest";
export { balls, shrinkBall } from "./ball";
export { within, collectWithin } from "./within";

export { OversizeClient, type ClientOptions, type WorkerHandle } from "../../worker/client.ts";
export { spawnBrowserWorker } from "../../worker/spawn-browser.ts";
export type * from "../../worker/protocol.ts";
export { ReviewPanel, type Sample } from "./review-panel.ts";
export { ReviewSession, type ReviewStore } from "./session.ts";
export { readReview, writeReview, type Review } from "./state/review-file.ts";

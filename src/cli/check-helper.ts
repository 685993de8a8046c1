import { parentPort } from "node:worker_threads";
import { serveCheck } from "../dfm/check-helper.ts";

// A thread beside the engine's that takes tasks of a check.
const port = parentPort;
if (!port) throw new Error("this runs in a worker thread");
port.on("message", serveCheck((answer) => port.postMessage(answer)));

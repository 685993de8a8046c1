import { expose } from "comlink";
import { serveCheck } from "../src/dfm/check-helper.ts";
import { HELPER_NAME, workerSupply } from "./helper-supply.ts";
import { createSession } from "./session.ts";

// The browser's entry: one engine behind one worker; under the helper's name, a thread that takes tasks of its checks.
if (self.name === HELPER_NAME) {
  const serve = serveCheck((answer) => self.postMessage(answer));
  self.addEventListener("message", ({ data }) => serve(data));
} else expose(createSession(workerSupply()));

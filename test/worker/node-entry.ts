import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { threadSupply } from "../../src/cli/thread-supply.ts";
import { createSession } from "../../worker/session.ts";
import type { SessionApi } from "../../worker/protocol.ts";

if (!parentPort) throw new Error("this runs in a worker");

/** File names that make the session misbehave, to see what the client does about it. */
const session = createSession(threadSupply(1, new URL("../cli/check-helper.js", import.meta.url)));
const broken: SessionApi = Object.create(session, {
  open: {
    value: async (...args: Parameters<SessionApi["open"]>) => {
      if (args[1].name === "trap.step") throw new WebAssembly.RuntimeError("unreachable");
      if (args[1].name === "exit.step") process.exit(3);
      if (args[1].name === "hang.step") for (;;) { /* a kernel that never comes back */ }
      return session.open(...args);
    },
  },
});
for (const name of ["start", "reopen", "check", "wallAt", "preview", "mold", "export", "report", "close"] as const) {
  Object.defineProperty(broken, name, { value: (session[name] as (...args: never[]) => unknown).bind(session) });
}
expose(broken, nodeEndpoint(parentPort));

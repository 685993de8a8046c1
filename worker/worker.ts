import { expose } from "comlink";
import { createSession } from "./session.ts";

// The browser's entry: one engine behind one worker.
expose(createSession());

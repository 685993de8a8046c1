import { FILES } from "oversize:inlined";
import { createPlugin } from "./create-plugin.ts";
import { inlinedFiles } from "./plugin-files.ts";

// Entry of the zip form.
export default createPlugin(inlinedFiles(FILES));

import { createPlugin } from "./create-plugin.ts";
import { folderFiles } from "./plugin-files.ts";

// Entry of the folder form.
export default createPlugin(folderFiles(import.meta.url));

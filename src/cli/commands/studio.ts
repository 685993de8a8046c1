import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError, type Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { serveFolder } from "../serve-folder.ts";

/** Registers `studio`: serves the page from the built files, to this machine only unless told otherwise. */
export function register(program: Command): void {
  program.command("studio").description("serve the page for reviewing parts in a browser")
    .option("--port <n>", "port to listen on; 0 for any free one", port, 8410)
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .addHelpText("after", "\nExample:\n  oversize studio --port 8410")
    .action(async (options: { port: number; host: string }) => {
      const root = fileURLToPath(new URL("../", import.meta.url));
      if (!existsSync(`${root}studio/index.html`)) {
        process.stderr.write("The page is not built. Run npm run build.\n");
        process.exitCode = EXIT.internal;
        return;
      }
      try {
        const server = await serveFolder(root, options.port, options.host, "/studio/");
        const address = server.address(), at = typeof address === "object" && address ? address.port : options.port;
        process.stdout.write(`http://${options.host}:${at}/studio/\n`);
        process.stderr.write("Stop with Ctrl C.\n");
      } catch (error) {
        process.stderr.write(`${options.host}:${options.port} cannot be used: ${(error as Error).message}\n`);
        process.exitCode = EXIT.internal;
      }
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535) throw new InvalidArgumentError("a whole number from 0 to 65535");
  return value;
}

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a command left behind. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a function: bundles `src/cli/oversize.ts` once and runs lines in bash as a user pastes them. */
export interface Cli {
  /** A line of shell in which `oversize` is the command; the working directory is the repository's root. */
  shell(line: string): CliRun;
  /** One call without a shell. */
  run(args: readonly string[], stdin?: string): CliRun;
}

/** Bundles the command line into a temporary folder. */
export async function bundleCli(): Promise<Cli> {
  const outfile = join(mkdtempSync(join(tmpdir(), "oversize-cli-")), "oversize.js");
  await build({
    entryPoints: [join(root, "src/cli/oversize.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
    external: ["playwright-core", "@sparticuz/chromium"],
  });
  const spawn = (command: string, args: readonly string[], input?: string): CliRun => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8", input: input ?? "", env: { ...process.env, OVERSIZE_TEST_CLI: outfile, NO_COLOR: "1" } });
    return { code: status, stdout, stderr };
  };
  return {
    shell: (line) => spawn("bash", ["-o", "pipefail", "-c", `oversize() { "${process.execPath}" "$OVERSIZE_TEST_CLI" "$@"; }\n${line}`]),
    run: (args, stdin) => spawn(process.execPath, [outfile, ...args], stdin),
  };
}

import { access } from "node:fs/promises";
import type { Command } from "commander";
import { KERNEL_FILES } from "../../kernels.ts";
import { loadOcct } from "../../step/occt/load-occt.ts";
import { EXIT } from "../exit-codes.ts";
import { kernelFiles, kernelFolder } from "../kernel-files.ts";
import { VERSION } from "../version.ts";

interface Check { readonly name: string; readonly ok: boolean; readonly detail: string }

/** Registers `doctor`: is everything here that the one path needs? */
export function register(program: Command): void {
  program.command("doctor").description("check this installation")
    .option("--json", "results as JSON")
    .addHelpText("after", "\nExample:\n  oversize doctor")
    .action(async (options: { json?: boolean }) => {
      const checks = [nodeVersion(), ...(await kernels()), await exactKernel()];
      if (options.json) process.stdout.write(`${JSON.stringify({ version: VERSION, checks })}\n`);
      else for (const c of checks) process.stdout.write(`${c.ok ? "✓" : "✗"} ${c.name}: ${c.detail}\n`);
      if (checks.some((c) => !c.ok)) process.exitCode = EXIT.internal;
    });
}

function nodeVersion(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return { name: "Node", ok: major >= 20, detail: `${process.versions.node}${major >= 20 ? "" : ", 20 or newer is needed"}` };
}

async function kernels(): Promise<Check[]> {
  return Promise.all(Object.values(KERNEL_FILES).map(async (file) => {
    try {
      await access(new URL(file, kernelFolder()));
      return { name: file, ok: true, detail: "found" };
    } catch {
      return { name: file, ok: false, detail: `not in ${kernelFolder().pathname}; run npm run build` };
    }
  }));
}

async function exactKernel(): Promise<Check> {
  const start = performance.now();
  try {
    await loadOcct(kernelFiles);
    return { name: "exact kernel", ok: true, detail: `starts in ${Math.round(performance.now() - start)} ms` };
  } catch (error) {
    return { name: "exact kernel", ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

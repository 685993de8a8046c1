import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Resident memory of a process, MB; undefined when it has ended or the system does not say. */
export async function residentMb(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === "linux") {
      const kb = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
      return kb === undefined ? undefined : Number(kb) / 1024;
    }
    if (process.platform === "win32") {
      const { stdout } = await run("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
      const kb = stdout.trim().split('","').pop()?.replace(/\D/g, "");
      return kb ? Number(kb) / 1024 : undefined;
    }
    const kb = Number((await run("ps", ["-o", "rss=", "-p", String(pid)])).stdout.trim());
    return kb > 0 ? kb / 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** How many children of `maxMemoryMb` each fit this machine (or this container): one a core, at least one. */
export function affordableJobs(maxMemoryMb: number): number {
  const container = process.constrainedMemory();
  // 0 or a number beyond any machine means that there is no limit.
  const bytes = container > 0 && container < 2 ** 50 ? Math.min(container, freemem()) : freemem();
  return Math.max(1, Math.min(availableParallelism(), Math.floor((bytes / 2 ** 20) * 0.9 / maxMemoryMb)));
}

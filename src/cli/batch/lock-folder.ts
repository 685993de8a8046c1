import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../result.ts";

const BEAT_MS = 2000;
/** A holder on another machine that has not touched its lock for this long is gone. */
const GONE_MS = 4 * BEAT_MS;

/**
 * One run at a time writes a log. The holder touches the lock every two seconds; a lock whose process has ended, or
 * which nobody touches, is taken over. RUN_LOCKED says who holds it.
 */
export async function lockFolder(dir: string, name: string): Promise<Result<{ release: () => void }>> {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, name), me = `${hostname()} ${process.pid}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (claim(path, me)) return ok(hold(path, me));
    const holder = read(path);
    if (holder === undefined) continue;
    if (await alive(path, holder, me)) return fail("RUN_LOCKED", `It is ${holder} (machine and process).`);
    rmSync(path, { force: true });
  }
  return fail("RUN_LOCKED", "It was taken at the same moment.");
}

function claim(path: string, me: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, me);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function hold(path: string, me: string): { release: () => void } {
  const beat = setInterval(() => {
    const now = new Date();
    try { utimesSync(path, now, now); } catch { /* the folder is gone; the next write will say so */ }
  }, BEAT_MS);
  beat.unref();
  return { release: () => { clearInterval(beat); if (read(path) === me) rmSync(path, { force: true }); } };
}

function read(path: string): string | undefined {
  try { return readFileSync(path, "utf8"); } catch { return undefined; }
}

/** Watches the lock rather than comparing clocks: those of two machines differ. */
async function alive(path: string, holder: string, me: string): Promise<boolean> {
  const [host, pid] = holder.split(" ");
  if (holder === me) return false;
  if (host === hostname() && !processRuns(Number(pid))) return false;
  const touched = (): number => { try { return statSync(path).mtimeMs; } catch { return NaN; } };
  const before = touched();
  for (let waited = 0; waited < GONE_MS; waited += 500) {
    await sleep(500);
    const now = touched();
    if (Number.isNaN(now)) return false;
    if (now !== before) return true;
  }
  return false;
}

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

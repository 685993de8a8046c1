import { SingleBar } from "cli-progress";
import type { BatchRow } from "../../report/batch/batch-row.ts";
import { paint, printable } from "../terminal.ts";

/** Shows how a batch goes: a bar with rate and time left on a terminal, now and then a plain line otherwise. All on stderr. */
export interface BatchProgress {
  readonly row: (row: BatchRow, reused: boolean) => void;
  readonly stop: () => void;
}

const LINE_EVERY_MS = 10_000;

/** @param quiet failed inputs only */
export function batchProgress(total: number, quiet: boolean): BatchProgress {
  if (quiet || !process.stderr.isTTY) return plainProgress(total, quiet);
  const bar = new SingleBar({
    format: " {bar} {value}/{total} · {failed} failed · {rate}/s · {left} left", stream: process.stderr, hideCursor: true, clearOnComplete: true, barsize: 24, noTTYOutput: false,
  });
  const meter = rateMeter(total);
  let failed = 0;
  bar.start(total, 0, { failed, rate: "–", left: "–" });
  return {
    row: (row, reused) => {
      if (row.problem) failed++;
      meter.step(reused);
      if (row.problem && !reused) {
        process.stderr.write("\r\u001b[K");
        process.stderr.write(failureLine(row));
      }
      bar.increment({ failed, rate: meter.rate(), left: meter.left() });
    },
    stop: () => bar.stop(),
  };
}

function plainProgress(total: number, quiet: boolean): BatchProgress {
  const meter = rateMeter(total);
  let done = 0, failed = 0, last = performance.now();
  return {
    row: (row, reused) => {
      done++;
      meter.step(reused);
      if (row.problem) failed++;
      if (row.problem && !reused) process.stderr.write(failureLine(row));
      if (quiet || performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      process.stderr.write(`${done}/${total}, ${failed} failed, ${meter.rate()}/s, ${meter.left()} left\n`);
    },
    stop: () => {},
  };
}

const failureLine = (row: BatchRow): string => `${printable(row.file)}: ${paint(row.problem?.code ?? "", "red")} ${printable(row.problem?.message ?? "")}\n`;

/** Rate over what was really done: results taken from the log would make the time left a promise nobody can keep. */
function rateMeter(total: number): { step: (reused: boolean) => void; rate: () => string; left: () => string } {
  const start = performance.now();
  let worked = 0, reusedCount = 0;
  const perSecond = (): number => worked / Math.max((performance.now() - start) / 1000, 1e-3);
  return {
    step: (reused) => { if (reused) reusedCount++; else worked++; },
    rate: () => (worked === 0 ? "–" : perSecond().toPrecision(3)),
    left: () => (worked === 0 ? "–" : duration((total - worked - reusedCount) / perSecond())),
  };
}

/** `3 s`, `4 min`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

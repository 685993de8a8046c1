import type { Problem } from "../result.ts";
import type { Stage } from "../progress.ts";

const STYLES = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1 } as const;

/** Paints text when `stream` is a terminal and NO_COLOR is not set. */
export function paint(text: string, style: keyof typeof STYLES, stream: NodeJS.WriteStream = process.stderr): string {
  return stream.isTTY && !process.env.NO_COLOR ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}

/** Names and messages come from files: control characters would drive the terminal. */
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");

/** A problem on stderr: code, message, what to do. */
export function showProblem(problem: Problem, about?: string): void {
  const mark = problem.severity === "error" ? paint(`error ${problem.code}`, "red") : paint(`warning ${problem.code}`, "yellow");
  const where = about ? `${printable(about)}: ` : "";
  process.stderr.write(`${where}${mark}: ${printable(problem.message)}\n  ${printable(problem.suggestion)}\n`);
}

/** One line of progress on a terminal, nothing elsewhere. */
export function progressLine(quiet: boolean): { show: (stage: Stage, fraction?: number) => void; clear: () => void } {
  const on = process.stderr.isTTY && !quiet;
  return {
    show: (stage, fraction) => {
      if (on) process.stderr.write(`\r\u001b[K${stage}${fraction === undefined ? " …" : ` ${Math.round(fraction * 100)} %`}`);
    },
    clear: () => { if (on) process.stderr.write("\r\u001b[K"); },
  };
}

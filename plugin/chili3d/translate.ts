import { PROBLEMS, type Problem } from "../../src/result.ts";
import { adviceFor } from "../review/state/advice.ts";
import type { HostCore } from "./host-types.ts";
import { isHostProblem, type TextKey } from "./texts.ts";

/** A text in the host's language, `{0}` and on filled in. */
export const translate = (core: HostCore, key: TextKey, ...values: readonly string[]): string => core.I18n.translate(key, ...values);

/** A problem and what to do, in the host's language. What the engine adds about the cause stays as it is. */
export function translateProblem(core: HostCore, { code, message, suggestion }: Problem): string {
  if (!isHostProblem(code)) return `${message} ${adviceFor({ code, suggestion })}`;
  const [said, advised] = PROBLEMS[code], cause = message.startsWith(said) ? message.slice(said.length).trim() : message;
  const advice = suggestion === advised ? translate(core, `oversize.advice.${code}`) : suggestion;
  return [translate(core, `oversize.problem.${code}`), cause, advice].filter(Boolean).join(" ");
}

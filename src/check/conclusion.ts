/** Names the mistakes of an app from the findings: each once, with its evidence and one fix. */
import { mistakeOf, type Mistake, type MistakeCode } from "../webhook/mistakes.ts";
import type { CheckFinding } from "./probe.ts";

/** One mistake of the app, with its evidence and its fix. */
/** A mistake of the app, from all findings that show it. */
export interface Conclusion extends Mistake {
  /** Stable, for programs; the code of the finding when it is no known mistake. */
  mistake: MistakeCode | (string & {});
  /** The worst status of its findings. */
  severity: "fail" | "warn";
  /** What was found: `Escapes: 401 for é, /`. */
  evidence: string[];
  /** The codes of the findings. */
  codes: string[];
}

/** Failures first. A probe that depends on another is skipped when that one fails, so that one mistake has one finding. */
export function conclude(findings: readonly CheckFinding[]): Conclusion[] {
  const found = new Map<string, Conclusion>();
  const negative = (status: string) => findings.filter((finding) => finding.status === status);
  for (const finding of [...negative("fail"), ...negative("warn")]) {
    const { code, status, title, got, fix, reason } = finding;
    const evidence = `${title}: ${got}`;
    const known = found.get(reason ?? code);
    if (known !== undefined) {
      known.evidence.push(evidence);
      known.codes.push(code);
      continue;
    }
    const { cause, snippets, ...mistake } = (reason !== undefined && mistakeOf(reason)) || { cause: evidence, fix: "" };
    found.set(reason ?? code, {
      mistake: reason ?? code,
      severity: status === "fail" ? "fail" : "warn",
      cause,
      evidence: [evidence],
      codes: [code],
      fix: fix ?? mistake.fix,
      ...(snippets === undefined ? {} : { snippets }),
    });
  }
  return [...found.values()];
}

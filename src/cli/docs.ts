/** The page of the documentation about an error. */
import { WaHookError } from "../errors.ts";
import { findErrorCode } from "../meta-errors/error-table.ts";

/** Put in by the build: the homepage of the package, which ends with a slash. */
declare const WA_HOOK_SITE: string;

/**
 * The address of the page about an error: for an error from Meta the page of its code; for others the section of all problems with the same
 * first part of their code; for a bug, the exit code.
 */
export function docsOf(error: unknown): string {
  return `${WA_HOOK_SITE}${pageOf(error)}`;
}

function pageOf(error: unknown): string {
  if (!(error instanceof WaHookError)) return "reference/exit-codes#exit-code-70";
  const meta = error.facts["meta"] as { code?: number; subcode?: number } | undefined;
  const known = meta?.code === undefined ? undefined : findErrorCode(meta.code, meta.subcode);
  return known === undefined ? `reference/problems#${areaOf(error.code)}` : `errors/${known.code}`;
}

/** `fixture` of `fixture.unknown`. */
function areaOf(code: string): string {
  return code.split(".")[0] ?? code;
}

/** The warning for values that are sent although this version does not know them. */
import { counted, fit } from "../../terminal/paint.ts";

/** Defined by the build. */
declare const WA_HOOK_VERSION: string;
const SHOWN = 5;
const COLUMNS = 60;

/** `! text.color: not known to wa-hook 0.1; sent as it is`. */
export function unknownWarning(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).map((path) => fit(path, COLUMNS));
  const more = paths.length > SHOWN ? ` and ${counted(paths.length - SHOWN, "more path")}` : "";
  const version = WA_HOOK_VERSION.split(".", 2).join(".");
  const sent = paths.length === 1 ? "it is" : "they are";
  return `! ${shown.join(", ")}${more}: not known to wa-hook ${version}; sent as ${sent}`;
}

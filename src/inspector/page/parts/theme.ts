/** Light, dark, or as the system has it. */
import { keep, readKept } from "../wire/kept.ts";
import { Shared } from "../wire/shared.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const NAME = "theme";

export const theme = new Shared<Theme>(THEMES.find((each) => each === readKept(NAME)) ?? "auto");

apply(theme.value);

export function setTheme(wanted: Theme): void {
  theme.value = wanted;
  keep(NAME, wanted);
  apply(wanted);
}

function apply(wanted: Theme): void {
  if (wanted === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = wanted;
}

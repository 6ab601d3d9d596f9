/** What a command prints, as lines, without colors and at a width of choice. */
import type { Printed } from "../../src/terminal/command.ts";
import type { Paint } from "../../src/terminal/paint.ts";

const same = (text: string) => text;

export function paintOf(width: number): Paint {
  return { good: same, bad: same, warn: same, quiet: same, name: same, width };
}

export function linesOf(printed: Printed | undefined): string[] {
  if (printed === undefined) return [];
  if (Array.isArray(printed)) return printed.flatMap(linesOf);
  if (typeof printed === "string") return printed.split("\n");
  if ("detail" in printed) return [printed.detail].flat();
  if ("clear" in printed || "bytes" in printed) return [];
  return ("notice" in printed ? printed.notice : printed.progress).split("\n");
}

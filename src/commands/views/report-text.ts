/** The report as text in a file: the lines of the terminal without color, and the failures by reason at the end. */
import { plain, plainData } from "../../printable.ts";
import { changesOf, changesText } from "../../report/changes.ts";
import { namesText, recapOf } from "../../report/recap.ts";
import { countsOf, countsText, type Report } from "../../report/suite.ts";
import type { Paint } from "../../terminal/paint.ts";
import { findingLines, fixLines } from "./findings.ts";

const same = (text: string) => text;
const PAINT: Paint = { good: same, bad: same, warn: same, quiet: same, name: same, width: 100 };

export function reportText({ title, suites, diagnosis }: Report): string {
  const changes = changesText(changesOf(suites));
  const lines = [
    plain(title),
    ...suites.flatMap(({ name, findings }) => [
      "",
      plain(name),
      ...findings.flatMap((finding) => findingLines(plainData(finding), PAINT)),
    ]),
    "",
    ...recapOf(suites).flatMap((group) => [
      plain(`${group.count} × ${group.reason} (${namesText(group)})`),
      ...fixLines(group.fix === undefined ? undefined : plain(group.fix), PAINT),
    ]),
    ...(diagnosis === undefined
      ? []
      : [plain(`Likely cause: ${diagnosis.cause}`), ...fixLines(plain(diagnosis.fix), PAINT)]),
    countsText(countsOf(suites)),
    ...(changes === "" ? [] : [`Since the last run: ${changes}`]),
  ];
  return lines.join("\n");
}

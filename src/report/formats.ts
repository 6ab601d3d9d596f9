/** The formats of a report that are made of its findings alone. */
import { printableJson } from "../printable.ts";
import { summary } from "./github.ts";
import { html, type Made } from "./html.ts";
import { junit } from "./junit.ts";
import type { Report } from "./suite.ts";
import { tap } from "./tap.ts";

/** The text of a report; of `github`, the job summary. */
export function formatReport(format: "json" | "junit" | "tap" | "html" | "github", report: Report, made: Made): string {
  switch (format) {
    case "json":
      return printableJson(report.suites, 2);
    case "junit":
      return junit(report);
    case "tap":
      return tap(report);
    case "html":
      return html(report, made);
    case "github":
      return summary(report);
  }
}

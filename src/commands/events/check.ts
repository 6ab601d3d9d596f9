/** `wa-hook events check`: checks the recorded deliveries, in a file or a shared store, without changing them. */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import type { Finding } from "../../report/finding.ts";
import { checkFile } from "../../store/sqlite/check-file.ts";
import { defineCommand, storeFile } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { placeOf } from "../inputs/recorded.ts";
import { printFinding } from "../views/findings.ts";
import { printReported, printsLines, reported, reportInput, type ReportEvent } from "../views/report.ts";

const inputs = z.object({ report: reportInput, store: storeFile });

type Event = ({ type: "finding" } & Finding) | ReportEvent;

export const eventsCheck = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events check", "Check integrity, rows and indexes"],
    ["wa-hook events check --store redis://queue:6379", "A team's store, and the settings of its server"],
    ["wa-hook events check --store /var/lib/wa-hook.db --quiet", "In a cron job: exit 1 if something is wrong"],
  ],

  async *run({ report, store }, world) {
    const findings: Finding[] = [];
    for await (const finding of findingsOf(store, world)) {
      findings.push(finding);
      if (printsLines(report)) yield { type: "finding", ...finding };
    }
    yield* reported({ title: "wa-hook events check", suites: [{ name: "events check", findings }] }, { report }, world);
    const [failed, ...more] = findings.filter(({ status }) => status === "fail");
    if (failed === undefined) return;
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    throw new CheckFailedError(`store check failed: ${failed.title}: ${failed.got}${others}`, {
      code: failed.code,
      ...(failed.fix === undefined ? {} : { hint: failed.fix }),
    });
  },

  print: (event, paint, original) =>
    event.type === "finding" ? printFinding(event, paint) : printReported(event, original as ReportEvent, paint),
});

async function* findingsOf(location: string | undefined, world: World): AsyncGenerator<Finding, void, void> {
  const place = placeOf(location, world);
  if ("file" in place) return yield* checkFile(place.file, world.signal);
  const { checkShared } = await import("../../store/redis/check-shared.ts");
  yield* checkShared(place.shared, world.signal);
}

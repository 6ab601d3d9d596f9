import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

const { version, homepage } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
  version: string;
  homepage: string;
};

const ATTACKS = "test/attacks/**/*.test.ts";
/** What can happen to the listener, its disk, its clock and its app. */
const FAULTS = ["test/{listener,store}/faults-*.test.ts", "test/store/power-cut.test.ts"];
/** Started by `npm run witnesses`, which installs what they need. */
const WITNESSES = "test/clients/witnesses/*.test.ts";
/** Projects of their own, run by test/testing/examples.test.ts. */
const EXAMPLES = "test/apps/examples/**";
/** In a browser, if one is installed. */
const BROWSER = "test/inspector/page/**/*.test.ts";
/** Kills, long outages, large loads, the check of many receivers, and what waits for many processes. */
const SLOW = [
  ...FAULTS,
  "test/app/ending.test.ts",
  "test/apps/zoo.test.ts",
  "test/commands/dev/dev-process.test.ts",
  "test/commands/replay/expectations.test.ts",
  "test/integrations/pytest.test.ts",
  "test/replay/apps.test.ts",
  "test/store/redis-take.test.ts",
  "test/testing/examples.test.ts",
  "test/check/{zoo,foreign,broken-bot}.test.ts",
  "test/docs/{guides,snippets}.test.ts",
  "test/listener/{crash,large}.test.ts",
  "test/replay/streams.test.ts",
  "test/tunnel/ngrok-{outage,process}.test.ts",
];

export default defineConfig({
  define: { WA_HOOK_VERSION: JSON.stringify(version), WA_HOOK_SITE: JSON.stringify(homepage) },
  test: {
    globalSetup: "test/support/build.ts",
    // Transcripts show local times.
    env: { TZ: "UTC" },
    testTimeout: 20_000,
    // Most of the time is spent waiting for sockets, so no core is kept free.
    maxWorkers: availableParallelism(),
    // Loading the program for each of a hundred files takes longer than most of them; nothing in it or in the tests is left changed.
    isolate: false,
    coverage: { include: ["src/**"] },
    projects: [
      {
        extends: true,
        test: {
          name: "suite",
          include: ["test/**/*.test.ts"],
          exclude: [ATTACKS, WITNESSES, EXAMPLES, BROWSER, ...SLOW],
          setupFiles: "test/support/every-event.ts",
        },
      },
      { extends: true, test: { name: "slow", include: SLOW, globalSetup: "test/support/fault-table.ts" } },
      { extends: true, test: { name: "browser", include: [BROWSER], testTimeout: 60_000 } },
      { extends: true, test: { name: "witnesses", include: [WITNESSES] } },
      {
        extends: true,
        test: {
          name: "soak",
          include: FAULTS,
          globalSetup: "test/support/fault-table.ts",
          // Ten times as many faults.
          env: { WA_HOOK_SOAK: "10" },
        },
      },
      {
        extends: true,
        test: {
          name: "attacks",
          include: [ATTACKS],
          globalSetup: "test/support/attack-table.ts",
          // They measure memory and time, so one at a time.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});

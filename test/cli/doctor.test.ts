/** wa-hook doctor on what keeps events away: what it finds, and the sentence that it ends with. */
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import type { Entry } from "../../src/registration/entry.ts";
import { Journal } from "../../src/registration/journal.ts";
import { developmentSecrets } from "../../src/store/folder.ts";
import { faults, type Fault } from "../doctor/faults.ts";
import { app, listener, meta } from "../doctor/meta.ts";
import { APP_SECRET, serve, VERIFY_TOKEN } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

/** What it says last, without what is to be done. */
function ending(seen: string): string {
  const [, error] = /^\(stderr\) wa-hook: (.*)$/m.exec(seen) ?? [];
  return error ?? seen.trim().split("\n").at(-2) ?? "";
}

async function seenOf({ prepare }: Fault): Promise<string> {
  const { env, line = "doctor" } = await prepare();
  return (await transcript(line, { env })).replaceAll(/\\"\d{10}\\"/g, "CHALLENGE");
}

test("each fault is found, and the likely cause is told in one sentence", async () => {
  const transcripts = await Promise.all(faults.map(seenOf));
  const endings = faults.map(({ name, says }, at) => `${name}: ${ending(transcripts[at] ?? "").slice(0, says.length)}`);
  expect(endings).toEqual(faults.map(({ name, says }) => `${name}: ${says}`));
  const [first = "", ...others] = transcripts;
  const usual = new Set(first.split("\n").filter((line) => /^[✓–]/.test(line)));
  const unusual = (seen: string) => seen.split("\n").filter((line) => !usual.has(line));
  const all = [
    "What is told as in the first one is left out of the others.\n",
    `# ${faults[0]?.name}\n${first}`,
    ...others.map((seen, at) => `# ${faults[at + 1]?.name}\n${unusual(seen).join("\n")}`),
  ].join("\n");
  await expect(all).toMatchFileSnapshot("../transcripts/doctor.txt");
  for (const secret of [APP_SECRET, VERIFY_TOKEN, "another-app-secret", "EAAG"]) expect(all).not.toContain(secret);
});

test("on a terminal it tells what it looks at", async () => {
  const world = testWorld({ env: (await meta()).env, tty: true });
  expect(await main(["doctor"], world)).toBe(0);
  expect(world.stderr.text).toContain("looking: is this app subscribed to the business account?");
  expect(world.stdout.text).toContain("everything looks right");
});

test("findings and the diagnosis come as JSON, and findings as a report", async () => {
  const { env } = await meta(await app({ post: 500 }));
  const [events, report, xml] = [
    await transcript("doctor --json", { env }),
    await transcript("doctor --report json", { env }),
    await transcript("doctor --report junit", { env }),
  ];
  const told = (seen: string) =>
    seen
      .split("\n")
      .slice(1)
      .filter((line) => !/^(\(stderr\)|exit |$)/.test(line));
  const parsed = told(events).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(parsed).toContainEqual(
    expect.objectContaining({ type: "finding", code: "callback.delivery", status: "fail" }),
  );
  const cause = "nothing arrives because the app does not take deliveries (status 500)";
  const fix = "check the app's log for the error";
  expect(parsed.at(-1)).toEqual({ type: "diagnosis", sentence: `${cause}: ${fix}`, cause, fix });
  const [suite] = JSON.parse(told(report).join("\n")) as { name: string; findings: Record<string, unknown>[] }[];
  const findings = parsed.filter(({ type }) => type === "finding");
  expect(suite?.name).toBe("doctor");
  expect(suite?.findings.map((each) => ({ type: "finding", ...each }))).toEqual(findings);
  expect(xml).toContain('<failure message="expected 200, got status 500">');
  expect(xml).toMatch(/exit 1\n$/);
});

test("a listener that runs in the folder says which callback should get the messages", async () => {
  const { env } = await meta();
  const cwd = temporaryFolder();
  const entry: Entry = {
    id: "one",
    graphUrl: env["GRAPH_API_URL"] ?? "",
    level: "phone",
    urls: ["https://fox-able.example.com/webhook"],
    before: {},
    addedFields: [],
    phase: "set",
  };
  const journal = await Journal.open(cwd, undefined);
  journal?.put(entry);
  const seen = await transcript("doctor --json", { cwd, env });
  expect(seen).toContain(
    '"code":"callback.ours","title":"is it the one that should?","expected":"https://fox-able.example.com',
  );
  journal?.close();
  expect(await transcript("doctor --json", { cwd, env })).not.toContain("fox-able");
});

test("a verify token that was made for development is used, and what is no URL is refused", async () => {
  const cwd = temporaryFolder();
  const { verifyToken } = developmentSecrets(cwd);
  const { WHATSAPP_VERIFY_TOKEN: _, ...env } = (await meta(await listener({ verifyToken }))).env;
  const seen = await transcript("doctor", { cwd, env });
  expect(seen).toContain("✓ is the verify token set? made for development in .wa-hook/development.env");
  expect(seen).toContain("✓ does it answer a handshake?");
  expect(seen).not.toContain(verifyToken);
  expect(await transcript("doctor --url example", { env })).toContain("--url must be a URL");
});

test("Ctrl-C ends it at once, with the code for that", async () => {
  const slow = await serve(() => world.stop());
  const world = testWorld({ env: (await meta(slow.url)).env });
  expect(await main(["doctor"], world)).toBe(130);
  expect(world.stderr.text).toContain("stopped before everything was asked");
});

/** wa-hook doctor with one fault at a time: its findings and its conclusion. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import type { Entry } from "../../../src/registration/entry.ts";
import { Journal } from "../../../src/registration/journal.ts";
import { developmentSecrets } from "../../../src/store/folder.ts";
import type { Fault } from "../../doctor/fault.ts";
import { faults } from "../../doctor/faults.ts";
import { app, listener, meta } from "../../doctor/meta.ts";
import { APP_SECRET, serve, VERIFY_TOKEN } from "../../support/http.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

/** The conclusion, which is the error or the last line. */
function conclusionOf(seen: string): string {
  const [, error] = /^\(stderr\) error: (.*)$/m.exec(seen) ?? [];
  return error ?? seen.trim().split("\n").at(-2) ?? "";
}

async function transcriptOf({ prepare }: Fault): Promise<string> {
  const { env, line = "doctor" } = await prepare();
  return (await transcript(line, { env })).replaceAll(/\\"\d{10}\\"/g, "CHALLENGE");
}

test("each fault is found, and the conclusion names it", async () => {
  const transcripts = await Promise.all(faults.map(transcriptOf));
  const conclusions = faults.map(({ name, concludes }, at) => {
    return `${name}: ${conclusionOf(transcripts[at] ?? "").slice(0, concludes.length)}`;
  });
  expect(conclusions).toEqual(faults.map(({ name, concludes }) => `${name}: ${concludes}`));
  const [first = "", ...others] = transcripts;
  const usual = new Set(first.split("\n").filter((line) => /^[✓–]/.test(line)));
  const unusual = (seen: string) => seen.split("\n").filter((line) => !usual.has(line));
  const all = [
    "Findings that equal those of the first transcript are left out of the others.\n",
    `# ${faults[0]?.name}\n${first}`,
    ...others.map((seen, at) => `# ${faults[at + 1]?.name}\n${unusual(seen).join("\n")}`),
  ].join("\n");
  await expect(all).toMatchFileSnapshot("../../transcripts/doctor.txt");
  for (const secret of [APP_SECRET, VERIFY_TOKEN, "another-app-secret", "EAAG"]) expect(all).not.toContain(secret);
});

test("a terminal shows which check is running", async () => {
  const world = testWorld({ env: (await meta()).env, tty: true });
  expect(await main(["doctor"], world)).toBe(0);
  expect(world.stderr.text).toContain("Checking: App subscribed to WABA");
  expect(world.stdout.text).toContain("all checks passed");
});

test("--json prints findings and the diagnosis, and --report prints the findings", async () => {
  const { env } = await meta(await app({ post: 500 }));
  const [events, report, xml] = [
    await transcript("doctor --json", { env }),
    await transcript("doctor --report json", { env }),
    await transcript("doctor --report junit", { env }),
  ];
  const dataOf = (seen: string) =>
    seen
      .split("\n")
      .slice(1)
      .filter((line) => !/^(\(stderr\)|exit |$)/.test(line));
  const parsed = dataOf(events).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(parsed).toContainEqual(
    expect.objectContaining({ type: "finding", code: "callback.delivery", status: "fail" }),
  );
  const findings = parsed.filter(({ type }) => type === "finding");
  const cause = "no webhooks arrive because the app does not accept deliveries (status 500)";
  const fix = findings.find(({ code }) => code === "callback.delivery")?.["fix"];
  expect(parsed.at(-1)).toEqual({ type: "diagnosis", summary: `${cause}: ${String(fix)}`, cause, fix });
  const [suite] = JSON.parse(dataOf(report).join("\n")) as { name: string; findings: Record<string, unknown>[] }[];
  expect(suite?.name).toBe("doctor");
  expect(suite?.findings.map((each) => ({ type: "finding", ...each }))).toEqual(findings);
  expect(xml).toContain('<failure message="expected 200, got status 500" type="callback.delivery">');
  expect(xml).toMatch(/exit 1\n$/);
});

test("the callback of a listener that runs in the folder is the expected one", async () => {
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
  expect(seen).toContain('"code":"callback.ours","title":"Expected callback","expected":"https://fox-able.example.com');
  journal?.close();
  expect(await transcript("doctor --json", { cwd, env })).not.toContain("fox-able");
});

test("a generated verify token is used, and --url must be a URL", async () => {
  const cwd = temporaryFolder();
  const { verifyToken } = developmentSecrets(cwd);
  const { WHATSAPP_VERIFY_TOKEN: _, ...env } = (await meta(await listener({ verifyToken }))).env;
  const seen = await transcript("doctor", { cwd, env });
  expect(seen).toContain("✓ Verify token             generated for development in .wa-hook/development.env");
  expect(seen).toContain("✓ Handshake");
  expect(seen).not.toContain(verifyToken);
  expect(await transcript("doctor --url example", { env })).toContain("--url must be a URL");
});

test("an app secret that was generated for development is not set as far as Meta is concerned", async () => {
  const cwd = temporaryFolder();
  const { appSecret } = developmentSecrets(cwd);
  const { WHATSAPP_APP_SECRET: _, ...env } = (await meta()).env;
  const note = " (.wa-hook/development.env has one for development; not registered with Meta)";
  const seen = await transcript("doctor", { cwd, env });
  expect(seen).toContain(`! App secret               not set${note}; not checked:`);
  expect(seen).not.toContain(appSecret);
  expect(await transcript("doctor", { env })).not.toContain(note);
});

test("Ctrl-C exits at once with 130", async () => {
  const slow = await serve(() => world.stop());
  const world = testWorld({ env: (await meta(slow.url)).env });
  expect(await main(["doctor"], world)).toBe(130);
  expect(world.stderr.text).toContain("interrupted before all checks had finished");
});

test("with --quiet only warnings, failures and their conclusion are printed", async () => {
  const { env } = await meta();
  expect(await transcript("doctor --quiet", { env })).toBe("$ wa-hook doctor --quiet\nexit 0\n");
  const { WHATSAPP_APP_ID: _, ...incomplete } = env;
  const seen = await transcript("doctor --quiet", { env: incomplete });
  expect(seen.split("\n").filter((line) => /^[✓–!✗]/.test(line))).toEqual([expect.stringContaining("! App ID")]);
});

test("hints name the env file in use, and wa-hook's own list is not presented as Meta's", async () => {
  const cwd = temporaryFolder();
  const { WHATSAPP_APP_ID: _, ...env } = (await meta()).env;
  writeFileSync(
    join(cwd, ".env.staging"),
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const seen = await transcript("doctor --env-file .env.staging", { cwd });
  expect(seen).toContain("→ set WHATSAPP_APP_ID in .env.staging");
  expect(seen).toContain("(not exposed by the API); wa-hook's own list: +16505551234");
});

/** The emulator's reviews of templates from the command line: the flag, and decisions at the prompt. */
import { expect, test } from "vitest";

import { inBackground } from "../support/background.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const CREATE = 'template create --name welcome --category utility --body "Hello" --wait --env-file .env.emulator';

test.each([
  ["approve", "✓ Approved"],
  ["approve:10ms", "✓ Approved"],
  ["reject:0s", "the template is REJECTED: INVALID_FORMAT"],
])("--templates %s ends a review", async (decision, result) => {
  const cwd = temporaryFolder();
  const emulator = await inBackground(`emulate --port 0 --save-env .env.emulator --templates ${decision}`, { cwd });
  expect(await transcript(CREATE, { cwd })).toContain(result);
  await emulator.stop();
});

test("--templates manual leaves the decision to a line at the prompt", async () => {
  const cwd = temporaryFolder();
  const emulator = await inBackground("emulate --port 0 --save-env .env.emulator --templates manual", { cwd });
  const creating = transcript(CREATE, { cwd });
  await emulator.shows("GET /");
  emulator.type("/template approve welcome");
  await emulator.shows("Template welcome: its status is APPROVED");
  expect(await creating).toContain("✓ Approved");
  emulator.type("/template red welcome en_US");
  await emulator.shows("Template welcome (en_US): its quality is RED");
  emulator.type("/template approve goodbye");
  await emulator.shows("there is no template goodbye");
  emulator.type("/template praise welcome");
  await emulator.shows("use /template approve|reject|pause|disable|green|yellow|red <name> [language]");
  emulator.type("/template pause");
  await emulator.shows("the name of the template is missing");
  await emulator.stop();
});

test.each(["approved", "approve:5", "manual:5s", "approve:never"])(
  "--templates %s is a usage error",
  async (decision) => {
    const seen = await transcript(`emulate --port 0 --templates ${decision}`);
    expect(seen).toContain("must be approve, reject or manual");
    expect(seen).toContain("exit 2");
  },
);

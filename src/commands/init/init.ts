/** `wa-hook init`: asks for the settings, checks them with Meta, and saves them in `.env`. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { defineCommand, input, setting, yes } from "../../terminal/command.ts";
import { envFileInUse, settings, type SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { tunnelInputs } from "../inputs/tunnel.ts";
import { Answers } from "./answers.ts";
import { next, save, summarize } from "./finish.ts";
import { runStep, type Session } from "./run-step.ts";
import type { Progress } from "./step.ts";
import { steps } from "./steps/index.ts";
import { chooseTunnel } from "./tunnel.ts";
import { ensureVerifyToken } from "./verify-token.ts";
import { initLine, type InitEvent } from "./view.ts";

const { tunnel, publicUrl, ngrokAuthtoken } = tunnelInputs;

const inputs = z.object({
  appId: setting("appId", "--app-id <id>", "The ID of your app"),
  businessAccountId: setting("businessAccountId", "--business-account-id <id>", "The ID of your WABA"),
  phoneNumberId,
  allowedNumbers: setting("allowedNumbers", "--allowed-numbers <list>", "Allowed recipients, such as +1650…,+49…"),
  tunnel,
  publicUrl,
  ngrokAuthtoken,
  verifyToken: setting("verifyToken", "", ""),
  into: input("--into <file>", "The env file to write (default: the one in use, or .env)", z.string().optional()),
  again: input("--again", "Also ask for settings that have a value", yes),
  gitignore: input("--gitignore", "Add the env file to .gitignore without asking", yes),
  ...graphInputs,
});

type Inputs = z.output<typeof inputs>;

export const init = defineCommand<typeof inputs, InitEvent>({
  inputs,
  accepts: "empty secrets",
  examples: [
    ["wa-hook init", "Ask for missing settings, check them with Meta, and write .env"],
    ["wa-hook init --again", "Also ask for settings that have a value"],
    ["wa-hook init --access-token-file token.txt --tunnel none", "Without a terminal: every question has a flag"],
  ],

  async *run(inputs, world) {
    const session = open(inputs, world);
    let progress: Progress = { wabas: [], temporary: false, missing: [] };
    for (const step of steps) progress = yield* runStep(step, session, progress);
    const chosen = yield* chooseTunnel(session, inputs);
    requireNeeded(progress);
    yield* ensureVerifyToken(session.answers);
    yield* save(session, inputs.gitignore);
    yield* summarize(session.answers);
    yield next(session.answers.file, chosen, progress.temporary);
  },

  print: initLine,
});

function open(inputs: Inputs, world: World): Session {
  const { tunnel: _t, publicUrl: _p, into, again, gitignore: _g, timeout, ...given } = inputs;
  const file = into ?? envFileInUse(given) ?? ".env";
  const answers = new Answers(given, { file, again: again && world.ask !== undefined }, world);
  return {
    answers,
    world,
    ask: world.ask,
    isOnline: true,
    openGraph({ app }) {
      answers.refuseForeignRecipients();
      const client = {
        timeout,
        accessToken: answers.get("accessToken"),
        // Each request carries a proof made with the secret, which must be that of the right app.
        appSecret: app === undefined ? undefined : answers.get("appSecret"),
        graphUrl: answers.get("graphUrl"),
        graphVersion: answers.get("graphVersion"),
      };
      return openGraph(client, world);
    },
  };
}

const NEEDED: Partial<Record<SettingName, string>> = {
  accessToken: "--access-token-file",
  phoneNumberId: "--phone-number-id",
};

/** Throws a `UsageError` when required settings could not be asked for, because there is no terminal. */
function requireNeeded({ missing }: Progress): void {
  const needed = missing.filter(({ setting }) => setting in NEEDED);
  if (needed.length === 0) return;
  const names = needed.map(({ setting }) => settings[setting].label).join(" and ");
  const flags = needed.map(({ setting }) => NEEDED[setting]).join(" and ");
  throw new UsageError(`missing ${names}; nothing was saved`, {
    code: "init.missing",
    hint: `use ${flags}, or run wa-hook init in a terminal, where it asks`,
    about: missing.flatMap(({ setting, offers }) =>
      offers.map(({ id, label }) => `Possible ${settings[setting].label}: ${id} (${label})`),
    ),
    facts: { missing: missing.map(({ setting }) => setting) },
  });
}

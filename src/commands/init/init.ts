/** `wa-hook init`: from nothing to working settings in `.env`. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { defineCommand, input, setting, yes } from "../../terminal/command.ts";
import { settings, type SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { tunnelInputs } from "../inputs/tunnel.ts";
import { Answers, fileOf } from "./answers.ts";
import { askApp } from "./app.ts";
import { next, summary, write } from "./finish.ts";
import { askNumber } from "./number.ts";
import { askAllowedNumbers, askReach, makeVerifyToken } from "./reach.ts";
import { askToken } from "./token.ts";
import { initLine, type InitEvent } from "./view.ts";
import type { Wizard } from "./wizard.ts";

const { tunnel, publicUrl, ngrokAuthtoken } = tunnelInputs;

const inputs = z.object({
  appId: setting("appId", "--app-id <id>", "the id of your app"),
  businessAccountId: setting("businessAccountId", "--business-account-id <id>", "the WhatsApp Business Account"),
  phoneNumberId,
  allowedNumbers: setting("allowedNumbers", "--allowed-numbers <list>", "who may get messages: +1650…,+49…"),
  tunnel,
  publicUrl,
  ngrokAuthtoken,
  verifyToken: setting("verifyToken", "", ""),
  into: input("--into <file>", "write it there (default: the env file in use, or .env)", z.string().optional()),
  again: input("--again", "also ask for what is set already", yes),
  gitignore: input("--gitignore", "add the file to .gitignore without asking", yes),
  ...graphInputs,
});

type Inputs = z.output<typeof inputs>;

export const init = defineCommand<typeof inputs, InitEvent>({
  inputs,
  accepts: "empty secrets",
  examples: [
    ["wa-hook init", "asks for what is missing, checks it with Meta, writes .env"],
    ["wa-hook init --again", "asks for everything; what is set already is offered"],
    ["wa-hook init --access-token-file token.txt --tunnel none", "without a terminal: every question has a flag"],
  ],

  async *run(inputs, world) {
    const wizard = open(inputs, world);
    yield* askApp(wizard);
    yield* askToken(wizard);
    yield* askNumber(wizard);
    yield* askAllowedNumbers(wizard);
    const reach = yield* askReach(wizard, inputs);
    needAll(wizard);
    yield* makeVerifyToken(wizard);
    yield* write(wizard, inputs.gitignore);
    yield* summary(wizard);
    yield next(wizard, reach);
  },

  print: initLine,
});

function open(inputs: Inputs, world: World): Wizard {
  const { tunnel: _t, publicUrl: _p, into, again, gitignore: _g, timeout, ...given } = inputs;
  const answers = new Answers(
    given,
    { file: into ?? fileOf(given) ?? ".env", again: again && world.ask !== undefined },
    world,
  );
  const wizard: Wizard = {
    answers,
    world,
    ask: world.ask,
    offline: false,
    accounts: [],
    temporary: false,
    missing: [],
    openGraph: () => {
      answers.refuseForeignRecipients();
      return openGraph(
        {
          timeout,
          accessToken: answers.get("accessToken"),
          // Only of the app that is known to be the right one: it becomes a proof on every request.
          appSecret: wizard.app === undefined ? undefined : answers.get("appSecret"),
          graphUrl: answers.get("graphUrl"),
          graphVersion: answers.get("graphVersion"),
        },
        world,
      );
    },
  };
  return wizard;
}

const NEEDED: Partial<Record<SettingName, string>> = {
  accessToken: "--access-token-file",
  phoneNumberId: "--phone-number-id",
};

/** Without these there is nothing to write: they could not be asked for, because there is no terminal. */
function needAll({ missing }: Wizard): void {
  const needed = missing.filter(({ setting }) => setting in NEEDED);
  if (needed.length === 0) return;
  const names = needed.map(({ setting }) => `the ${settings[setting].label}`).join(" and ");
  const flags = needed.map(({ setting }) => NEEDED[setting]).join(" and ");
  throw new UsageError(`${names} ${needed.length === 1 ? "is" : "are"} missing; nothing was written`, {
    code: "init.missing",
    hint: `give ${flags}, or run wa-hook init in a terminal, where it asks`,
    about: missing.flatMap(({ setting, offers }) =>
      offers.map(({ id, label }) => `the ${settings[setting].label} may be ${id}: ${label}`),
    ),
    facts: { missing: missing.map(({ setting }) => setting) },
  });
}

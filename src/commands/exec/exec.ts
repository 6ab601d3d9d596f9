/** `wa-hook exec`: runs any command with the emulator as its Graph API. */
import * as z from "zod";

import { withSettings } from "../../app/environment.ts";
import { runProgram } from "../../app/run.ts";
import type { EmulatorOptions } from "../../emulator/options.ts";
import { startEmulator } from "../../emulator/server.ts";
import { ProgramEndedError, UsageError } from "../../errors.ts";
import { emulatorSeed } from "../../store/emulator-seed.ts";
import { count, defineCommand, endpoint, input, notice, setting, yes } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { appSecretOf, verifyTokenOf } from "../inputs/secrets.ts";
import { emulatorSettings } from "../inputs/start.ts";

const inputs = z.object({
  command: input("[command...]", "The command and its arguments, after --", z.array(z.string()).default([])),
  webhook: input(
    "--webhook <port|path|url>",
    "Deliver webhooks to this callback URL, such as the statuses of messages",
    endpoint(`http://localhost:${DEFAULT_PORT}/webhook`).optional(),
  ),
  seed: input(
    "--seed <text>",
    "Generate the same ids, tokens and times in every run and on every machine",
    z.string().min(1, "must not be empty").optional(),
  ),
  limits: input("--no-limits", "Disable rate limits", z.boolean().default(true)),
  realNumber: input("--real-number", "Emulate a real phone number: no allowed list, and no hello_world", yes),
  port: input("--port <port>", "Port of the emulator (default: any free port)", count(0, 65_535, 0)),
  appSecret: setting("appSecret", "--app-secret-file <file>", "File that contains the app secret"),
  verifyToken: setting("verifyToken", "", ""),
});

type Inputs = z.output<typeof inputs>;

export const exec = defineCommand<typeof inputs, never>({
  inputs,
  exits: { 0: "The command ended with 0; its other exit codes are passed on", 4: "The port is in use" },
  examples: [
    ["wa-hook exec -- npm test", "Run a test suite against an emulated Graph API"],
    ["wa-hook exec --seed ci --webhook 3000 -- npm run e2e", "The same ids in every run, and webhooks to the app"],
  ],

  async *run(inputs, world) {
    const { command } = inputs;
    if (command.length === 0) {
      throw new UsageError("there is no command to run", { code: "exec.command", hint: "wa-hook exec -- npm test" });
    }
    await using emulator = await startEmulator(optionsOf(inputs, world));
    yield notice(`Graph API emulated at ${emulator.url}`);
    const { cwd, signal, force } = world;
    const env = withSettings(world.env, emulatorSettings(emulator));
    const exitCode = await runProgram(command, { cwd, env, signal, force });
    // Stdout is the command's own, so nothing is printed besides.
    if (exitCode !== 0) throw new ProgramEndedError(exitCode);
  },

  print: () => undefined,
});

function optionsOf(inputs: Inputs, { cwd }: World): EmulatorOptions {
  const { port, webhook, seed, limits, realNumber, appSecret, verifyToken } = inputs;
  const hasOwnSecrets = seed === undefined || appSecret !== undefined;
  return {
    port,
    realNumber,
    ...(webhook === undefined ? {} : { webhook }),
    ...(limits ? {} : { limits: false }),
    // With a seed, secrets derive from it.
    ...(hasOwnSecrets
      ? {
          account: { appSecret: appSecretOf(appSecret, cwd).value, verifyToken: verifyTokenOf(verifyToken, cwd).value },
        }
      : {}),
    ...(seed === undefined ? { accountSeed: emulatorSeed(cwd) } : { seed }),
  };
}

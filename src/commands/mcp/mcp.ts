/** `wa-hook mcp`: the commands as tools for coding agents, on standard input and output. */
import * as z from "zod";

import { Broadcast } from "../../events.ts";
import { isLoopback, httpUrl } from "../../http/url.ts";
import { defineCommand, input, notice, storeFile, yes, type Notice } from "../../terminal/command.ts";
import { readSources, resolveSetting } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { eventsList } from "../events/list.ts";
import { EMULATOR_PORT } from "../inputs/emulate.ts";
import { remoteCustomer } from "./customer.ts";
import type { Kit } from "./kit.ts";
import { storedRecordings } from "./recordings.ts";
import { inputsFor, worldOf } from "./run.ts";
import { secretsOf } from "./secrets.ts";
import { toolsFor } from "./tools/index.ts";

declare const WA_HOOK_VERSION: string;

const inputs = z.object({
  allowRemote: input(
    "--allow-remote",
    "Let check and replay send test deliveries to hosts other than this machine",
    yes,
  ),
  store: storeFile,
  envFile: z.string().optional(),
});

type Inputs = z.output<typeof inputs>;

/** A client that sends nothing but malformed lines. */
const MAX_UNREAD = 100;

export const mcp = defineCommand<typeof inputs, never>({
  inputs,
  examples: [
    ["claude mcp add wa-hook -- npx wa-hook mcp", "Add it to Claude Code"],
    ["wa-hook mcp --env-file .env.test", "With the settings in another file"],
    ["wa-hook dev -- npm start", "Also serves the tools, at /mcp of its page"],
  ],

  async *run(given, world) {
    if (world.stdout.isTTY === true) {
      yield notice(
        "Waiting for an MCP client on standard input. Ctrl-C stops.",
        "add it to a client, for example: claude mcp add wa-hook -- npx wa-hook mcp",
      );
    }
    const { serveStdio } = await import("../../mcp/stdio.ts");
    const kit = kitOf(given, world);
    const log = new Broadcast<Notice>(MAX_UNREAD);
    const notices = log.events();
    const served = serveStdio(
      { version: WA_HOOK_VERSION, tools: toolsFor(kit), secrets: () => secretsOf(kit) },
      {
        stdin: world.stdin,
        stdout: world.stdout,
        signal: world.signal,
        onError: ({ message }) => log.emit(notice(`ignored a message: ${message}`)),
      },
    ).finally(() => log.end());
    yield* notices;
    await served;
  },

  print: () => undefined,
});

function kitOf({ store, envFile, allowRemote }: Inputs, world: World): Kit {
  const name = "--store";
  const kit: Kit = {
    world,
    envFile,
    given: store === undefined ? {} : { store: { value: store, name, source: name, others: [] } },
    app: undefined,
    allowRemote,
    async openRecordings(signal) {
      const { store: location } = (await inputsFor(["events list", eventsList], {}, { kit, signal })) as Inputs;
      return storedRecordings(location, worldOf(kit, signal));
    },
    customer: (signal) => remoteCustomer(emulatorUrl(kit), signal),
  };
  return kit;
}

/** That of the settings, else where `wa-hook dev` and `wa-hook emulate` start one. */
function emulatorUrl({ world, envFile }: Kit): string {
  const value = resolveSetting("graphUrl", readSources(world, envFile))?.value;
  const url = value === undefined ? undefined : httpUrl(value);
  return url !== undefined && isLoopback(url) ? url.href : `http://127.0.0.1:${EMULATOR_PORT}`;
}

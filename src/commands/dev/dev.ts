/** `wa-hook dev`: emulator, listener, page and app in one terminal. */
import { withSettings } from "../../app/environment.ts";
import { Supervisor } from "../../app/supervisor.ts";
import { CUSTOMER } from "../../emulator/account/account.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { startEmulator } from "../../emulator/server.ts";
import { parseAllowedNumbers } from "../../graph/allowed-numbers.ts";
import { startStandIn } from "../../inspector/stand-in.ts";
import { mcpRoutes } from "../../mcp/http.ts";
import { settingNames } from "../../setting-names.ts";
import { emulatorSeed } from "../../store/emulator-seed.ts";
import { defineCommand, type SourcedValue } from "../../terminal/command.ts";
import type { SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { appSecretOf, verifyTokenOf } from "../inputs/secrets.ts";
import { emulatorSettings } from "../inputs/start.ts";
import { inOrder } from "../listen/in-order.ts";
import { commandLine } from "./command-line.ts";
import { endpointsOf, type Endpoints } from "./endpoints.ts";
import type { DevEvent } from "./event.ts";
import { devInputs, listenerInputs, requireFitting, type DevInputs } from "./inputs.ts";
import { liveSettings } from "./live.ts";
import { Session } from "./session.ts";
import { devLine } from "./view.ts";

/** An app that was just restarted should not wait long for what came meanwhile. */
const RETRY = { app: { baseMs: 250, capMs: 1000 } };

export const dev = defineCommand<typeof devInputs, DevEvent>({
  inputs: devInputs,
  examples: [
    ["wa-hook dev -- npm start", "Run the app against the emulator, and write to it as the customer"],
    ["wa-hook dev --forward-to 3000", "The same for an app that is already running"],
    ["wa-hook dev --live --register phone -- npm start", "With your Meta account instead of the emulator"],
    [
      "wa-hook dev --json -- npm start | jq 'select(.type == \"trace\")'",
      "Print one trace per message: response, requests, statuses",
    ],
  ],

  async *run(inputs, world) {
    requireFitting(inputs);
    const endpoints = await endpointsOf(inputs);
    const { app: url } = endpoints;
    await using emulator = inputs.live ? undefined : await startEmulator(emulatorOptions(inputs, world, endpoints));
    await using standIn = url === undefined ? await startStandIn() : undefined;
    const settings = emulator === undefined ? liveSettings(inputs, world) : emulatorSettings(emulator);
    const command = inputs.command.length === 0 ? undefined : inputs.command.join(" ");
    await using supervisor =
      command === undefined || url === undefined
        ? undefined
        : new Supervisor(command, {
            line: commandLine(inputs.command),
            cwd: world.cwd,
            env: { ...withSettings(world.env, settings), PORT: url.port || "80" },
            url,
          });
    const session = new Session(
      {
        inputs: listenerInputs(withAccount(inputs, emulator), url === undefined ? [] : [url], endpoints.listener),
        company: {
          command: "dev",
          retry: RETRY,
          ...(emulator === undefined ? {} : { emulator }),
          ...(standIn === undefined ? {} : { standIn }),
          ...(supervisor === undefined ? {} : { app: supervisor.status }),
          programs: (sources) =>
            mcpRoutes(async () => {
              const { liveToolbox } = await import("../mcp/live.ts");
              return liveToolbox(sources, { world, envFile: inputs.envFile, given: givenSettings(inputs, settings) });
            }),
        },
        emulator,
        supervisor,
        shown: {
          app: { ...(command === undefined ? {} : { command }), ...(url === undefined ? {} : { url: url.href }) },
          ...(inputs.seed === undefined ? {} : { seeded: true }),
        },
        settings: command === undefined && emulator !== undefined ? printable(settings, inputs) : undefined,
        open: inputs.open,
      },
      world,
    );
    yield* session.run();
  },

  arrange: inOrder,
  print: devLine,
});

function emulatorOptions(inputs: DevInputs, { cwd }: World, { emulator: port, listener }: Endpoints) {
  const { seed, appSecret, verifyToken, path, allowedNumbers } = inputs;
  const allowed = parseAllowedNumbers(allowedNumbers?.value);
  const [first] = allowed;
  // With a seed, secrets derive from it, as in `emulate`.
  const secrets =
    seed !== undefined && appSecret === undefined
      ? {}
      : { appSecret: appSecretOf(appSecret, cwd).value, verifyToken: verifyTokenOf(verifyToken, cwd).value };
  return {
    port,
    webhook: new URL(path, `http://127.0.0.1:${listener}`),
    account: {
      ...secrets,
      ...(allowed.length === 0 ? {} : { allowedNumbers: allowed }),
      customer: { ...CUSTOMER, ...(first === undefined ? {} : { number: first }) },
    },
    ...(seed === undefined ? { accountSeed: emulatorSeed(cwd) } : { seed }),
  };
}

function emulated(name: string, value: string): SourcedValue {
  return { name, value, source: "the emulator", others: [] };
}

/** The listener verifies with the secrets of the emulator. */
function withAccount(inputs: DevInputs, emulator: Emulator | undefined): DevInputs {
  if (emulator === undefined) return inputs;
  const { appSecret, verifyToken } = emulator.account;
  return {
    ...inputs,
    appSecret: inputs.appSecret ?? emulated("WHATSAPP_APP_SECRET", appSecret),
    verifyToken: inputs.verifyToken ?? emulated("WHATSAPP_VERIFY_TOKEN", verifyToken),
    graphUrl: emulated("GRAPH_API_URL", emulator.url),
  };
}

/** The settings of the app, by the names that commands use: what agents run is about this session. */
function givenSettings(
  { live }: DevInputs,
  app: Readonly<Record<string, string>>,
): Partial<Record<SettingName, SourcedValue>> {
  const source = live ? "wa-hook dev --live" : "the emulator";
  const entries = Object.entries(settingNames).flatMap(([setting, [name]]) => {
    const value = app[name];
    return value === undefined ? [] : [[setting, { name, value, source, others: [] }]];
  });
  return Object.fromEntries(entries) as Partial<Record<SettingName, SourcedValue>>;
}

/** What is set elsewhere already is not printed. */
function printable(settings: Record<string, string>, { appSecret, verifyToken }: DevInputs): Record<string, string> {
  const hidden = new Set([
    ...(appSecret === undefined ? [] : ["WHATSAPP_APP_SECRET"]),
    ...(verifyToken === undefined ? [] : ["WHATSAPP_VERIFY_TOKEN"]),
  ]);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !hidden.has(name)));
}

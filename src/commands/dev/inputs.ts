/** The options of `wa-hook dev`: those of `listen`, and the app. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { count, endpoint, input, setting, yes } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { graphInputs } from "../inputs/graph.ts";
import { tunnelInputs } from "../inputs/tunnel.ts";
import { listenInputs, type ListenInputs } from "../listen/inputs.ts";

const { path, store, record, keep, keepSize, pagePort, page, verifyToken } = listenInputs.shape;
const { phoneNumberId, businessAccountId, appId, tunnel, publicUrl, register, selfCheck, saveMedia } =
  listenInputs.shape;

/** Stands for a port that is not given. */
const OPEN_PORT = "0";

export const devInputs = z.object({
  command: input("[command...]", "The command that starts the app, after --", z.array(z.string()).default([])),
  forwardTo: input(
    "--forward-to <port|path|url>",
    "Where the app receives webhooks (default with a command: the first free port from 3000, given to it as PORT)",
    endpoint(`http://localhost:${OPEN_PORT}/webhook`).optional(),
  ),
  live: input("--live", "Use the account in the settings instead of the emulator", yes),
  open: input("--open", "Open the page in the browser", yes),
  seed: input(
    "--seed <text>",
    "Generate the same ids, tokens and times in every run; nothing is recorded unless --store is given",
    z.string().min(1, "must not be empty").optional(),
  ),
  port: setting(
    "port",
    "--port <port>",
    `Port of the listener (default: ${DEFAULT_PORT} or the next free one)`,
    count(0, 65_535, DEFAULT_PORT),
  ),
  path,
  store,
  record,
  keep,
  keepSize,
  pagePort,
  page,
  verifyToken,
  ...graphInputs,
  ...tunnelInputs,
  tunnel: input(
    "--tunnel <provider>",
    "With --live: ngrok, cloudflared or none (default: ngrok when its token is set)",
    tunnel,
  ),
  publicUrl: input("--public-url <https url>", "With --live: use a public URL of your own tunnel or proxy", publicUrl),
  register: input(
    "--register <level>",
    "With --live: register the public URL with Meta while running: phone, waba or app",
    register,
  ),
  selfCheck: input("--no-self-check", "With --live: skip the self-check through the public URL", selfCheck),
  saveMedia: input("--save-media <folder>", "With --live: download received media right away", saveMedia),
  phoneNumberId,
  businessAccountId,
  appId,
  allowedNumbers: setting("allowedNumbers", "", ""),
  /** That of `--env-file`, for the commands that agents run through MCP. */
  envFile: z.string().optional(),
});

export type DevInputs = z.output<typeof devInputs>;

/** Whether `--forward-to` names a path only. */
export function hasPort({ port: given }: URL): boolean {
  return given !== OPEN_PORT;
}

/** Throws a `UsageError` for what only makes sense with the real account, and for what makes none with it. */
export function requireFitting(inputs: DevInputs): void {
  const { live, tunnel: provider, publicUrl: url, register: level, saveMedia: folder, seed } = inputs;
  if (live && seed !== undefined) {
    throw new UsageError("--seed is for the emulator, which --live replaces", {
      code: "dev.seed",
      hint: "omit one of them",
    });
  }
  if (live) return;
  const flags = {
    "--tunnel": provider,
    "--public-url": url,
    "--register": level,
    "--save-media": folder,
  };
  const flag = Object.entries(flags).find(([, value]) => value !== undefined)?.[0];
  if (flag === undefined) return;
  throw new UsageError(`${flag} requires --live: the emulator runs on this machine`, {
    code: "dev.live",
    hint: `add --live to use the account in the settings, or omit ${flag}`,
  });
}

/** The inputs of the listener behind `dev`. */
export function listenerInputs(inputs: DevInputs, forwardTo: readonly URL[], listenOn: number): ListenInputs {
  const { seed, store: file, port: given, pagePort: pageOn } = inputs;
  return {
    ...inputs,
    forwardTo: [...forwardTo],
    port: { name: "WEBHOOK_PORT", source: "wa-hook dev", others: [], ...given, value: listenOn },
    pagePort: pageOn ?? (given?.value === 0 ? 0 : undefined),
    host: "127.0.0.1",
    // The same ids in the next run would be duplicates of those recorded in this one.
    record: inputs.record && (seed === undefined || file !== undefined),
    ack: "recorded",
    header: [],
    events: undefined,
    from: undefined,
    admin: true,
    adminPort: undefined,
    printVerifyToken: false,
    ...(inputs.live ? {} : { tunnel: "none" as const }),
  };
}

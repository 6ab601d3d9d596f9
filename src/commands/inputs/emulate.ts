/** The flag `--emulate`: the emulator stands in for the Graph API of the app, and shows what the app sends to customers. */
import * as z from "zod";

import type { Emulator } from "../../emulator/emulator.ts";
import { input, whole } from "../../terminal/command.ts";

/** An app that runs already has its settings from an earlier time, so the port must be known in advance. */
const EMULATOR_PORT = 4300;

export const emulateInput = input(
  "--emulate [port]",
  "Emulate the Graph API and see what the app sends to customers (default port: 4300; with --start: any)",
  z
    .union([z.literal(true).transform(() => undefined), whole(0, 65_535)])
    .transform((port) => ({ port }))
    .optional(),
);

/** The port of the emulator. */
export function emulatorPort(emulate: { port: number | undefined }, start: string | undefined): number {
  return emulate.port ?? (start === undefined ? EMULATOR_PORT : 0);
}

/** The settings that an app needs which is not started by `--start`. */
export function settingsHint({ env }: Emulator): string {
  const names = ["GRAPH_API_URL", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"];
  return `start the app with ${names.map((name) => `${name}=${env[name]}`).join(" ")}`;
}

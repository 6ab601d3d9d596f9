/** The flags `--emulate` and `--emulate-port`: the emulator stands in for the Graph API of the app, and shows what the app sends to customers. */
import type { Emulator } from "../../emulator/emulator.ts";
import { input, whole, yes } from "../../terminal/command.ts";

/** An app that runs already has its settings from an earlier time, so the port must be known in advance. */
export const EMULATOR_PORT = 4300;

export const emulateInputs = {
  emulate: input("--emulate", "Emulate the Graph API, and see what the app sends to customers", yes),
  emulatePort: input(
    "--emulate-port <port>",
    "Port of the emulator (default: 4300; with --start: any)",
    whole(0, 65_535).optional(),
  ),
};

/** The port of the emulator. */
export function emulatorPort({
  emulatePort,
  start,
}: {
  emulatePort?: number | undefined;
  start?: string | undefined;
}): number {
  return emulatePort ?? (start === undefined ? EMULATOR_PORT : 0);
}

/** The settings that an app needs which is not started by `--start`. */
export function settingsHint({ env }: Emulator): string {
  const names = ["GRAPH_API_URL", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"];
  return `start the app with ${names.map((name) => `${name}=${env[name]}`).join(" ")}`;
}

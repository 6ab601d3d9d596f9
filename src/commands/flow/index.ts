/** The commands `wa-hook flow …`. */
import { commandsOf, type CommandEntry } from "../../terminal/command-entry.ts";

const flowCommand = commandsOf("flow", "Flows");

export const flowCommands: readonly CommandEntry[] = [
  flowCommand("check", "Check an endpoint and name its mistake", async () => (await import("./check.ts")).flowCheck),
  flowCommand("keys", "Create a key pair, upload the public key", async () => (await import("./keys.ts")).flowKeys),
  flowCommand("ping", "Send Meta's health check", async () => (await import("./call.ts")).flowPing),
  flowCommand("init", "Open a Flow", async () => (await import("./call.ts")).flowInit),
  flowCommand("exchange", "Submit a screen", async () => (await import("./call.ts")).flowExchange),
  flowCommand("back", "Go back from a screen", async () => (await import("./call.ts")).flowBack),
  flowCommand("error", "Send an error notification", async () => (await import("./call.ts")).flowError),
];

/** The commands `wa-hook flow …`. */
import type { CommandEntry } from "../../terminal/command.ts";

function flowCommand(action: string, summary: string, load: CommandEntry["load"]): CommandEntry {
  return { name: `flow ${action}`, summary, group: "Flows", load };
}

export const flowCommands: readonly CommandEntry[] = [
  flowCommand("check", "Check an endpoint and name its mistake", async () => (await import("./check.ts")).flowCheck),
  flowCommand("keys", "Create a key pair, upload the public key", async () => (await import("./keys.ts")).flowKeys),
  flowCommand("ping", "Send Meta's health check", async () => (await import("./call.ts")).flowPing),
  flowCommand("init", "Open a Flow", async () => (await import("./call.ts")).flowInit),
  flowCommand("exchange", "Submit a screen", async () => (await import("./call.ts")).flowExchange),
  flowCommand("back", "Go back from a screen", async () => (await import("./call.ts")).flowBack),
  flowCommand("error", "Notify of an error in a response", async () => (await import("./call.ts")).flowError),
];

/** An emulator for one test, and the settings that lead to it. */
import { onTestFinished } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { serve } from "./http.ts";

/** With a seed, so that ids and tokens are the same in every run. */
export async function emulated(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "test", ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

interface Answer {
  status: number;
  json: object;
}

/** The address of a Meta that answers what is read as the emulator does, but for what `alter` makes of it; with the emulator's clock. */
export async function altered({ url }: Emulator, alter: (path: string, answer: Answer) => Answer): Promise<string> {
  const between = await serve((request, response) => {
    void (async () => {
      const { authorization } = request.headers;
      const answered = await fetch(
        `${url}${request.url}`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      const { status, json } = alter(request.url ?? "", {
        status: answered.status,
        json: (await answered.json()) as object,
      });
      response.writeHead(status, { date: answered.headers.get("date") ?? "" }).end(JSON.stringify(json));
    })();
  });
  return new URL(between.url).origin;
}

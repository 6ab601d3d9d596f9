/** Starts an emulator for one test. */
import { onTestFinished } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { serve } from "./http.ts";

/** Starts an emulator with a seed, so that ids and tokens are reproducible. */
export async function emulated(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "test", ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** A response of the Graph API. */
export interface Answer {
  status: number;
  json: object;
}

/** Starts a proxy to the emulator that passes each GET response through `alter`. Resolves with its URL. */
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

// Starts the bot and an emulator of the Graph API, each knowing the other, on free ports.
import { once } from "node:events";

import { startEmulator } from "wa-hook";

import { createBot } from "./bot.js";

export async function startBot() {
  const env = {};
  // What the bot does wrong is seen by the tests.
  const server = createBot(env, () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/webhook`;
  const emulator = await startEmulator({ webhook: url, realNumber: true, limits: false });
  Object.assign(env, emulator.env);
  return {
    url,
    emulator,
    async stop() {
      server.close();
      server.closeAllConnections();
      await emulator.close();
    },
  };
}

/** The emulator of `wa-hook replay --emulate`: the Graph API of the app, which shows what it sends to customers. */
import type { Emulator } from "../../emulator/emulator.ts";
import type { Observed } from "../../replay/expectations/observer.ts";
import { emulatorSeed } from "../../store/emulator-seed.ts";
import type { World } from "../../terminal/world.ts";
import { emulatorPort } from "../inputs/emulate.ts";
import { verifyTokenOf } from "../inputs/secrets.ts";
import type { Inputs } from "./inputs.ts";

/** The business of the bundled fixtures. */
const BUSINESS = {
  phoneNumberId: "106540352242922",
  displayNumber: "15550783881",
  businessAccountId: "102290129340398",
};

export interface ReplayEmulator extends AsyncDisposable {
  emulator: Emulator;
  observed: Observed;
}

/** Starts the emulator of `--emulate`. Its token is the same in every run in this folder. */
export async function emulatorOf(
  { emulate, emulatePort, start, verifyToken }: Inputs,
  appSecret: string,
  { cwd }: World,
): Promise<ReplayEmulator | undefined> {
  if (!emulate) return undefined;
  // The emulator knows every kind, which replay without it does not load.
  const [{ startEmulator }, { answersOf }] = await Promise.all([
    import("../../emulator/server.ts"),
    import("../../emulator/answers.ts"),
  ]);
  const emulator = await startEmulator({
    port: emulatorPort({ emulatePort, start }),
    account: { ...BUSINESS, appSecret, verifyToken: verifyTokenOf(verifyToken, cwd).value },
    accountSeed: emulatorSeed(cwd),
    // Any customer can be in a recorded delivery.
    realNumber: true,
    limits: false,
  });
  const answers = answersOf(emulator);
  const observed: Observed = {
    answers,
    rejections: () => answers.rejected().map(({ error }) => error?.details ?? error?.message ?? "unknown error"),
    adopt: (payload) => emulator.adopt(payload),
  };
  return { emulator, observed, [Symbol.asyncDispose]: () => emulator.close() };
}

/** Starts an emulator whose app gets the webhooks of every field, and reads them. */
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { FIELDS } from "../../src/emulator/webhooks/fields.ts";
import { readBody } from "../../src/webhook/payload.ts";
import { anApp, QUIET, startTestEmulator, subscribe, type App, type Emulated } from "./test-emulator.ts";

export interface BusinessStage extends Emulated {
  app: App;
  phone: string;
  waba: string;
  /** The webhooks since the last call, once they have all arrived, as field and value. */
  changes(): Promise<Change[]>;
}

interface Change {
  field: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  value: any;
}

export const PRODUCT = { messaging_product: "whatsapp" };

export async function startBusiness(options: EmulatorOptions = {}): Promise<BusinessStage> {
  const app = await anApp();
  const account = { customer: { number: "16505551234", name: "Sheena" } };
  const stage = await startTestEmulator({ ...QUIET, account, ...options });
  const { emulator } = stage;
  const { phoneNumberId: phone, businessAccountId: waba } = emulator.account;
  await subscribe(stage, app, FIELDS.join(","));
  let seen = 0;
  const changes = async () => {
    emulator.advance(10_000);
    await emulator.settled();
    const bodies = app.bodies.slice(seen);
    seen += bodies.length;
    return bodies.map((body) => JSON.parse(body).entry[0].changes[0] as Change);
  };
  return { ...stage, app, phone, waba, changes };
}

/** What our own reader finds wrong with deliveries. */
export function problemsIn({ bodies }: App): string[] {
  return bodies.flatMap((body) =>
    readBody(Buffer.from(body)).flatMap(({ field, problems = [], unknown }) => [
      ...problems.map((problem) => `${field}: ${problem}`),
      ...(unknown === true ? [`${field}: unknown`] : []),
    ]),
  );
}

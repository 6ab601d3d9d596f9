/** Runs `check` against a receiver whose Graph API is an emulator of its own. */
import { check, type CheckResult } from "../../src/check/check.ts";
import { testCustomers } from "../../src/check/test-data.ts";
import { answersOf } from "../../src/emulator/answers.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { QUIET } from "../emulator/test-emulator.ts";

const SECRETS = { appSecret: "test-app-secret", verifyToken: "test-verify-token" };

export function standIn(): Promise<Emulator> {
  const account = { allowedNumbers: [...testCustomers] };
  return startEmulator({ ...QUIET, realNumber: true, limits: false, account });
}

/** What a receiver gets in its environment. */
export function environmentOf({ env }: Emulator): Record<string, string> {
  return { ...env, WHATSAPP_APP_SECRET: SECRETS.appSecret, WHATSAPP_VERIFY_TOKEN: SECRETS.verifyToken };
}

export async function checkedWith(emulator: Emulator, url: string): Promise<CheckResult> {
  const run = check({
    url,
    ...SECRETS,
    answers: answersOf(emulator),
    onDelivery: (payload) => emulator.adopt(payload),
    phoneNumberId: emulator.account.phoneNumberId,
    businessAccountId: emulator.account.businessAccountId,
    // A machine with much to do is slow, and only one mistake costs this time.
    answerMs: 4000,
  });
  for (;;) {
    const { done, value } = await run.next();
    if (done === true) return value;
  }
}

/** Builds the emulated account, generating ids and secrets that were not given, and the settings that point other commands at it. */
import { UsageError } from "../../errors.ts";
import { requireSecret } from "../../secret.ts";
import { envName } from "../../setting-names.ts";
import { digitsOf, hexOf } from "../ids.ts";
import { digitsIn } from "../messaging/recipient.ts";
import type { Account } from "../options.ts";

/** The customer without other settings. */
export const CUSTOMER = { number: "16505551234", name: "Sheena" };

/** Throws a `UsageError` when a phone number is invalid or a secret is empty. */
export function makeAccount(given: Partial<Account>, seed: string): Account {
  for (const name of ["appSecret", "verifyToken", "accessToken"] as const) {
    if (given[name] !== undefined) requireSecret(given[name], `account.${name}`);
  }
  const seedFor = (what: string) => `${seed} account ${what}`;
  const customer = { ...CUSTOMER, ...given.customer };
  const number = checkNumber(customer.number);
  return {
    appId: digitsOf(seedFor("app"), 15),
    appSecret: hexOf(seedFor("app secret")).slice(0, 32),
    verifyToken: `emulated-verify-token-${hexOf(seedFor("verify token")).slice(0, 8)}`,
    accessToken: tokenValue("Permanent", seed),
    phoneNumberId: digitsOf(seedFor("phone number"), 15),
    businessAccountId: digitsOf(seedFor("business account"), 15),
    verifiedName: "Test Number",
    ...given,
    displayNumber: checkNumber(given.displayNumber ?? `1555${digitsOf(seedFor("display number"), 7)}`),
    customer: { ...customer, number },
    allowedNumbers: (given.allowedNumbers ?? [number]).map(checkNumber),
  };
}

/** The id of the business portfolio that owns the account. */
export function businessIdOf({ businessAccountId }: Account): string {
  return digitsOf(`${businessAccountId} business`, 15);
}

/** A token with the length and alphabet of Meta's, recognizable as emulated. */
export function tokenValue(name: string, seed: string): string {
  return `EAAGEmulated${name}${hexOf(`${seed} ${name}`)}${hexOf(`${seed} ${name} more`)}`;
}

/** Settings that point the other commands, and an app, at the emulator. */
export function environment(account: Account, url: string): Record<string, string> {
  return {
    [envName("graphUrl")]: url,
    [envName("accessToken")]: account.accessToken,
    [envName("phoneNumberId")]: account.phoneNumberId,
    [envName("businessAccountId")]: account.businessAccountId,
    [envName("appId")]: account.appId,
    [envName("appSecret")]: account.appSecret,
    [envName("verifyToken")]: account.verifyToken,
    [envName("allowedNumbers")]: account.allowedNumbers.join(","),
  };
}

function checkNumber(number: string): string {
  const digits = digitsIn(number);
  if (digits !== undefined) return digits;
  throw new UsageError(`${number} is not a phone number`, {
    code: "emulate.number",
    hint: "include the country code, such as 16505551234",
  });
}

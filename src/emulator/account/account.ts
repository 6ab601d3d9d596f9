/** The emulated account: what was given, completed with made ids and secrets; and the settings that lead every other command to it. */
import { UsageError } from "../../errors.ts";
import { requireSecret } from "../../secret.ts";
import { envName } from "../../setting-names.ts";
import { digitsOf, hexOf } from "../ids.ts";
import { digitsIn } from "../messaging/recipient.ts";
import type { Account } from "../options.ts";

const CUSTOMER = { number: "16505551234", name: "Sheena" };

/** Throws a `UsageError` when a number in it is none, or a secret is empty. */
export function makeAccount(given: Partial<Account>, seed: string): Account {
  for (const name of ["appSecret", "verifyToken", "accessToken"] as const) {
    if (given[name] !== undefined) requireSecret(given[name], `account.${name}`);
  }
  const made = (what: string) => `${seed} account ${what}`;
  const customer = { ...CUSTOMER, ...given.customer };
  const number = checkNumber(customer.number);
  return {
    appId: digitsOf(made("app"), 15),
    appSecret: hexOf(made("app secret")).slice(0, 32),
    verifyToken: `emulated-verify-token-${hexOf(made("verify token")).slice(0, 8)}`,
    accessToken: tokenNamed("Lasting", seed),
    phoneNumberId: digitsOf(made("phone number"), 15),
    businessAccountId: digitsOf(made("business account"), 15),
    verifiedName: "Test Number",
    ...given,
    displayNumber: checkNumber(given.displayNumber ?? `1555${digitsOf(made("display number"), 7)}`),
    customer: { ...customer, number },
    allowedNumbers: (given.allowedNumbers ?? [number]).map(checkNumber),
  };
}

/** As long and of the same letters as Meta's tokens, and plainly not one of them. */
export function tokenNamed(name: string, seed: string): string {
  return `EAAGEmulated${name}${hexOf(`${seed} ${name}`)}${hexOf(`${seed} ${name} more`)}`;
}

/** The settings of every other command. */
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
    hint: "write it with its country code, as in 16505551234",
  });
}

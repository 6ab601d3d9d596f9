/** Checks whether the token has access to a phone number. */
import { isRefusal } from "../errors.ts";
import type { Finding } from "../report/finding.ts";
import { envName } from "../setting-names.ts";
import type { Graph } from "./client.ts";
import { graphMessageOf } from "./errors.ts";
import { phoneNumberLabel, readPhoneNumber } from "./phone-number.ts";

export async function checkPhoneAccess(graph: Graph, phoneNumberId: string): Promise<Finding> {
  const base = { code: "token.phone", title: "Phone number", expected: phoneNumberId };
  try {
    return { ...base, status: "pass", got: phoneNumberLabel(await readPhoneNumber(graph, phoneNumberId)) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const fix = `set ${envName("phoneNumberId")} to the ID (not the number) of a phone number of the WABA, or give the token's user access to the WABA`;
    return { ...base, status: "fail", got: graphMessageOf(error), fix };
  }
}

/** Whether the public key is the one that Meta has for the number: WhatsApp encrypts with that one. */
import { WaHookError } from "../../errors.ts";
import { publicKeyOf } from "../../flows/encryption.ts";
import { readFlowKey } from "../../graph/flow-key.ts";
import type { Finding } from "../../report/finding.ts";
import type { World } from "../../terminal/world.ts";
import { needPhoneNumberId, openGraph } from "../inputs/graph.ts";
import type { FlowInputs } from "./inputs.ts";

/** Undefined without a token or a phone number. A difference is a warning: the pair may be for tests on this machine. */
export async function compareKey(inputs: FlowInputs, world: World, publicKey: string): Promise<Finding | undefined> {
  if (inputs.accessToken === undefined || inputs.phoneNumberId === undefined) return undefined;
  const number = needPhoneNumberId(inputs.phoneNumberId);
  const about = { code: "registered-key", title: "Public key at Meta", expected: `the key of the number ${number}` };
  await using graph = openGraph({ ...inputs, timeout: Math.min(inputs.timeout, 10_000) }, world);
  try {
    const key = await readFlowKey(graph, number);
    if (key === undefined) {
      return { ...about, status: "warn", got: "none", fix: "upload one: wa-hook flow keys --upload", reason: "none" };
    }
    if (publicKeyOf(key.publicKey).equals(publicKeyOf(publicKey))) return { ...about, status: "pass", got: "the same" };
    const fix = "upload it with wa-hook flow keys --upload --replace, or check with that of Meta";
    return { ...about, status: "warn", got: "another key", fix, reason: "other" };
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    return { ...about, status: "skip", got: `not checked: ${error.message}` };
  }
}

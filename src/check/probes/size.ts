/** The largest delivery that Meta sends. */
import { describe, isAccepted, type Endpoint, type Reply } from "../endpoint.ts";
import { WEBHOOKS_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";

const MEGABYTE = 1_000_000;
/** The usual limits of servers and frameworks lie between these. */
const SMALLER: readonly (readonly [name: string, bytes: number])[] = [
  ["90 kB", 90_000],
  ["900 kB", 900_000],
  ["1.9 MB", 1_900_000],
];

export const size = defineProbe({
  code: "conditions.size",
  title: "3 MB",
  expected: "200",
  why: "Meta sends up to 3 MB, and many body parsers stop at 100 kB or 1 MB",
  source: WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["vocabulary.messages"],
  blocks: "large deliveries are rejected",
  turn: "last",
  async ask(endpoint) {
    const reply = await deliverBytes(endpoint, 3 * MEGABYTE);
    if (isAccepted(reply)) return pass(describe(reply));
    let largest: string | undefined;
    for (const [name, bytes] of SMALLER) {
      if (!isAccepted(await deliverBytes(endpoint, bytes))) break;
      largest = name;
    }
    return bad(`${describe(reply)}${largest === undefined ? "" : `; ${largest} is accepted`}`, "body-limit");
  },
});

/** One message with so many contact cards that the body has about this size, and not more. */
function deliverBytes(endpoint: Endpoint, bytes: number): Promise<Reply> {
  const { data } = endpoint;
  const name = { formatted_name: "wa-hook check", first_name: "wa-hook" };
  const card = { name, phones: [{ phone: "+1 650-555-0199", type: "WORK" }] };
  const contacts = Array.from({ length: Math.floor((bytes - 2000) / (JSON.stringify(card).length + 1)) }, () => card);
  return endpoint.deliver(data.delivery([data.message("contacts", { contacts })]));
}

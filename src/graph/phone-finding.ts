/** Whether the token may use the configured phone number. */
import { isRefusal } from "../errors.ts";
import type { Finding } from "../report/finding.ts";
import type { SourcedValue } from "../terminal/command.ts";
import type { Graph } from "./client.ts";
import { refusalWords } from "./errors.ts";

export async function phoneFindings(graph: Graph, phoneNumberId: SourcedValue | undefined): Promise<Finding[]> {
  if (phoneNumberId === undefined) return [];
  const about = {
    code: "token.phone",
    title: "may it use the configured phone number?",
    expected: phoneNumberId.value,
  };
  try {
    const { body } = await graph.request({
      path: encodeURIComponent(phoneNumberId.value),
      query: { fields: "display_phone_number,verified_name" },
    });
    const got = [body["display_phone_number"], body["verified_name"]].filter(Boolean).map(String).join(" ");
    return [{ ...about, status: "pass", got }];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const fix =
      "set WHATSAPP_PHONE_NUMBER_ID to the id (not the number) of a phone number of that account, or assign the account to the token's user";
    return [{ ...about, status: "fail", got: refusalWords(error), fix }];
  }
}

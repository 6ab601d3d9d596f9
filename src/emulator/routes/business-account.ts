/** Routes of the WhatsApp Business Account and its phone numbers. Source: Meta, "WhatsApp Business Account API". */
import { asJsonObject, parseObject } from "../../json.ts";
import { describeAccount } from "../account/account-fields.ts";
import { describePhone } from "../account/phone-number-fields.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, type Call } from "../http/call.ts";
import { requireText } from "../http/checks.ts";
import { requestedFields } from "../http/fields.ts";
import { ok, invalid, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { node: "waba", scope: MANAGEMENT } as const;
const LIST = ["fields", "limit", "after", "before", "filtering", "sort"];
const MAX_NAME = 128;
const ADD = ["cc", "phone_number", "verified_name", "migrate_phone_number"];

export const businessAccountRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/:id",
    ...rights,
    query: ["fields"],
    run: (call, state) => ok(describeAccount(requestedFields(call), state)),
  },
  { method: "GET", path: "/:id/phone_numbers", ...rights, query: LIST, run: listNumbers },
  { method: "POST", path: "/:id/phone_numbers", ...rights, query: ADD, run: addNumber },
];

function listNumbers(call: Call, state: State): GraphResponse {
  const fields = requestedFields(call);
  const filters = filtersOf(call.query["filtering"]);
  const numbers = state.phoneNumbers.list().filter((number) =>
    filters.every(({ field, value }) => {
      const described = describePhone([{ name: field, modifiers: new Map() }], number, state);
      return (described as Record<string, unknown>)[field] === value;
    }),
  );
  const { data, ...paging } = pageOf(numbers, call.query, call);
  return ok({ data: data.map((number) => describePhone(fields, number, state)), ...paging });
}

/** Parses `[{"field":"account_mode","operator":"EQUAL","value":"LIVE"}]`; other operators have no effect. */
function filtersOf(text: string | undefined): { field: string; value: unknown }[] {
  if (text === undefined) return [];
  const filters = parseList(text)?.map(asJsonObject);
  if (filters === undefined || filters.includes(undefined)) throw invalid("Param filtering must be an array.");
  return filters.flatMap((filter) => {
    const { field, operator, value } = filter ?? {};
    return typeof field === "string" && operator === "EQUAL" ? [{ field, value }] : [];
  });
}

function parseList(text: string): unknown[] | undefined {
  const value = parseObject(text);
  return Array.isArray(value) ? value : undefined;
}

function addNumber(call: Call, { phoneNumbers }: State): GraphResponse {
  const fields = contentOf(call, ADD);
  const [dialCode, number] = [requireText(fields, "cc"), requireText(fields, "phone_number")];
  return ok({ id: phoneNumbers.add(dialCode, number, requireText(fields, "verified_name", MAX_NAME)).id });
}

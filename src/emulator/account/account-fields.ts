/** The fields of the WhatsApp Business Account. Source: Meta, "WhatsApp Business Account API". */
import { ANALYTICS, analyticsOf } from "../business/analytics.ts";
import { pickFields, selectFields, type Field } from "../http/fields.ts";
import { pageOf } from "../http/page.ts";
import { hexOf } from "../ids.ts";
import type { State } from "../state.ts";
import { businessIdOf } from "./account.ts";
import { health } from "./health.ts";
import { describePhone } from "./phone-number-fields.ts";

const DEFAULT_FIELDS = ["name", "timezone_id", "message_template_namespace"];
const ACCOUNT_NAME = "Test WhatsApp Business Account";
export const BUSINESS_NAME = "Emulated business";

/** The requested fields of the account, or the default ones. Throws a `GraphErrorResponse` when a field does not exist. */
export function describeAccount(fields: readonly Field[] | undefined, state: State): object {
  const { account, callbacks, phoneNumbers, templates } = state;
  const business = { id: businessIdOf(account), name: BUSINESS_NAME };
  const all = {
    id: account.businessAccountId,
    name: ACCOUNT_NAME,
    timezone_id: "1",
    message_template_namespace: hexOf(account.businessAccountId).slice(0, 32),
    currency: "USD",
    country: "US",
    status: "ACTIVE",
    account_review_status: "APPROVED",
    business_verification_status: "not_verified",
    ownership_type: "SELF",
    owner_business: business,
    owner_business_info: business,
    on_behalf_of_business_info: { ...business, status: "APPROVED", type: "SELF" },
    is_enabled_for_insights: true,
    is_shared_with_partners: false,
    disable_marketing_messages_on_cloud_api: false,
    marketing_messages_lite_api_status: "INELIGIBLE",
    marketing_messages_onboarding_status: "INELIGIBLE",
    whatsapp_business_manager_messaging_limit: "TIER_250",
    auth_international_rate_eligibility: undefined,
    creation_time: undefined,
    linked_commerce_account: undefined,
    primary_business_location: undefined,
    primary_funding_id: undefined,
    purchase_order_number: undefined,
    solutions: undefined,
    health_status: health(account),
    ...Object.fromEntries(
      ANALYTICS.map((name) => [name, (field: Field) => analyticsOf(name, Object.fromEntries(field.modifiers))]),
    ),
    phone_numbers: (field: Field) => {
      const { data, ...paging } = pageOf(phoneNumbers.list(), Object.fromEntries(field.modifiers));
      return { data: data.map((number) => describePhone(field.fields, number, state)), ...paging };
    },
    message_templates: (field: Field) => {
      const { data, ...paging } = pageOf(templates.list(), Object.fromEntries(field.modifiers));
      return { data: pickFields(data, field.fields), ...paging };
    },
    subscribed_apps: () => ({
      data: [...callbacks.subscribed].map(([id, { application }]) => ({
        whatsapp_business_api_data: { id, name: application },
      })),
    }),
  };
  return selectFields(fields, "waba", all, DEFAULT_FIELDS);
}

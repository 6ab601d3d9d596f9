/** The business profile of a number. Source: Meta, "Business profiles". */
import { httpUrl } from "../../http/url.ts";
import { listOf, oneOf, textWithin } from "../http/checks.ts";
import { invalid } from "../http/graph-response.ts";

export interface Profile {
  about?: string;
  address?: string;
  description?: string;
  email?: string;
  websites?: string[];
  vertical?: string;
  /** The name of the picture among the public files. */
  picture?: string;
}

const VERTICALS = [
  ..."OTHER AUTO BEAUTY APPAREL EDU ENTERTAIN EVENT_PLAN FINANCE GROCERY GOVT HOTEL HEALTH NONPROFIT".split(" "),
  ..."PROF_SERVICES RETAIL TRAVEL RESTAURANT NOT_A_BIZ ALCOHOL ONLINE_GAMBLING PHYSICAL_GAMBLING".split(" "),
  ..."OTC_DRUGS MATRIMONY_SERVICE UNDEFINED".split(" "),
];
const MAX_WEBSITES = 2;
const MAX_WEBSITE = 256;

/** The changes of a profile. Throws a `GraphErrorResponse` for a value beyond Meta's limits. */
export function profileChanges(fields: Readonly<Record<string, unknown>>): Profile {
  const changes = {
    about: textWithin(fields, "about", { min: 1, max: 139 }),
    address: textWithin(fields, "address", { max: 256 }),
    description: textWithin(fields, "description", { max: 512 }),
    email: emailOf(fields),
    websites: websitesOf(fields),
    vertical: oneOf(fields, "vertical", VERTICALS),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function emailOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const email = textWithin(fields, "email", { max: 128 });
  if (email !== undefined && email !== "" && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw invalid("Param email must be a valid email address.");
  }
  return email;
}

function websitesOf(fields: Readonly<Record<string, unknown>>): string[] | undefined {
  return listOf(fields, "websites", MAX_WEBSITES)?.map((website, at) => {
    const name = `websites[${at}]`;
    const text = textWithin({ [name]: website }, name, { max: MAX_WEBSITE }) ?? "";
    if (httpUrl(text) === undefined) throw invalid(`Param ${name} must be a URL that starts with http:// or https://.`);
    return text;
  });
}

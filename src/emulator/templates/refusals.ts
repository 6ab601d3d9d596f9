/** The errors of template management: code 100 with a subcode, a title and a message for people. */
import { GraphErrorResponse } from "../http/graph-response.ts";

/**
 * Source of the subcodes: Meta, "Error codes". The wording of 2388024 is that of a captured response, that of
 * 2388023 and 2388043 follows other clients, and the rest is wa-hook's own. The shape: `{ code: 100, error_subcode, error_user_title, error_user_msg, is_transient: false }`.
 */
export function refused(subcode: number, userTitle: string, userMessage: string): GraphErrorResponse {
  return new GraphErrorResponse(100, {
    message: "Invalid parameter",
    subcode,
    transient: false,
    userTitle,
    userMessage,
  });
}

export function missingField(component: string, field: string): GraphErrorResponse {
  const title = 'Message template "components" param is missing expected field(s)';
  return refused(2_388_043, title, `component of type ${component} is missing expected field(s) (${field})`);
}

export function tooLong(what: string, max: number): GraphErrorResponse {
  return refused(2_388_040, "Character Limit Exceeded", `The ${what} can have at most ${max} characters.`);
}

export function existsAlready(language: string): GraphErrorResponse {
  const message = `There is already ${languageName(language)} content for this template. You can create a new template and try again.`;
  return refused(2_388_024, "Content in This Language Already Exists", message);
}

/** `days`: until the name can be used again. */
export function beingDeleted(language: string, days: number): GraphErrorResponse {
  const name = languageName(language);
  const message = `New ${name} content can't be added while the existing ${name} content is being deleted. Try again in ${days} days or consider creating a new message template.`;
  return refused(2_388_023, "Message Template Language is Being Deleted", message);
}

export function notEditable(reason: string): GraphErrorResponse {
  return refused(2_388_039, "Message template status can't be changed", reason);
}

export function limitReached(max: number): GraphErrorResponse {
  const message = `This account has reached its limit of ${max} message templates. Delete templates to create new ones.`;
  return refused(2_388_019, "Message Template Limit Exceeded", message);
}

/** For a deletion. The title is as in Meta's responses. */
export function notFound(): GraphErrorResponse {
  const message = "The message template could not be found: it was deleted, or it does not exist.";
  return refused(2_593_002, "Message Template Not Found", message);
}

/** `English (US)` for `en_US`. */
function languageName(code: string): string {
  try {
    const names = new Intl.DisplayNames("en", { type: "language", languageDisplay: "standard", style: "short" });
    return names.of(code.replaceAll("_", "-")) ?? code;
  } catch {
    return code;
  }
}

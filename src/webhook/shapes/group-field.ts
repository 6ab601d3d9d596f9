/** The four fields about groups: the schema and summary of an item of `groups[]`. */
import * as z from "zod";

import { type JsonObject, stringAt } from "../../json.ts";
import { describeErrors, error, firstCode, fixErrors, quote, scalar } from "../../messages/parts.ts";
import { membersAt } from "../event.ts";
import { lazily, type Field } from "./field.ts";
import { identity, keyOf } from "./identity.ts";
import { defineListField } from "./list-field.ts";
import { joinParts, optional, lookUp } from "./summary.ts";

const MEANINGS = {
  group_create: "group created",
  group_delete: "group deleted",
  group_participants_add: "joined",
  group_add_participants: "joined",
  group_participants_remove: "left",
  group_remove_participants: "left",
  group_join_request_created: "requests to join",
  group_join_request_revoked: "join request withdrawn",
  group_suspend: "group suspended by WhatsApp: no messages can be sent",
  group_suspend_cleared: "suspension lifted: messages can be sent again",
};

const PEOPLE = ["added_participants", "removed_participants", "failed_participants"];

function createSchema() {
  const errors = z.array(error).nullish();
  const people = z.array(z.looseObject({ input: optional, wa_id: optional, user_id: optional, errors })).nullish();
  const changed = z.boolean().nullish();
  const setting = z.looseObject({ text: optional, mime_type: optional, update_successful: changed, errors }).nullish();
  return z.looseObject({
    type: scalar,
    group_id: optional,
    subject: optional,
    invite_link: optional,
    reason: optional,
    initiated_by: optional,
    wa_id: optional,
    user_id: optional,
    added_participants: people,
    removed_participants: people,
    failed_participants: people,
    profile_picture: setting,
    group_subject: setting,
    group_description: setting,
    errors,
  });
}

const schema = lazily(createSchema);

type Group = z.output<ReturnType<typeof createSchema>>;

/** A field with `groups[]`. Its examples are items without timestamp and group id. */
export function defineGroupField(
  name: string,
  examples: Record<string, object>,
  aliases: readonly string[] = [],
): Field {
  const items = Object.entries(examples).map(([variant, item]) => [variant, { ...common, ...item }]);
  return defineListField(
    name,
    () => ({
      schema: schema(),
      examples: Object.fromEntries(items) as Record<string, object>,
      summary,
      fix: (group) => fixErrors(errorsOf(group)),
      code: (group) => firstCode(errorsOf(group)),
    }),
    "groups",
    { aliases, identify },
  );
}

const common = { timestamp: "1785499200", group_id: "Y2FwaV9ncm91cDpUZXN0R3JvdXAx" };

function summary(group: Group): string {
  const { type, group_id, subject, invite_link, reason, initiated_by, wa_id, user_id, errors } = group;
  const failed = (group.failed_participants ?? []).map(
    (person) => `${personId(person)} failed: ${cause(person.errors)}`,
  );
  const settings = [
    describeSetting("picture", group.profile_picture),
    describeSetting("subject", group.group_subject),
    describeSetting("description", group.group_description),
  ];
  const failure = describeErrors(errors);
  return joinParts(
    // This type has the name of its field, which the event shows as its kind.
    type === "group_settings_update" ? undefined : type,
    subject ? quote(subject) : undefined,
    [...(group.added_participants ?? []), ...(group.removed_participants ?? [])].map(personId),
    wa_id ?? user_id,
    failure ? `failed: ${failure}` : initiated_by === "business" ? "removed by the business" : lookUp(MEANINGS, type),
    failed,
    settings,
    reason === "invite_link" ? "through the invite link" : reason,
    invite_link,
    group_id,
  );
}

/** The errors of participants and settings, which are specific, then those of the whole request. */
function errorsOf(group: Group): NonNullable<Group["errors"]> {
  const settings = [group.profile_picture, group.group_subject, group.group_description];
  return [...(group.failed_participants ?? []), ...settings, group].flatMap((part) => part?.errors ?? []);
}

function personId({
  wa_id,
  user_id,
  input,
}: { [Key in "wa_id" | "user_id" | "input"]?: string | null | undefined }): string {
  return wa_id ?? user_id ?? input ?? "unknown participant";
}

function cause(errors: Group["errors"]): string {
  return describeErrors(errors) || "no reason given";
}

function describeSetting(name: string, change: Group["profile_picture"]): string | undefined {
  if (change === undefined || change === null) return undefined;
  if (change.update_successful === false) return `${name} not changed: ${cause(change.errors)}`;
  return `${name} ${change.text ? quote(change.text) : "changed"}`;
}

/** Group events have no id, so the key combines type, group, time, request and participants. */
function identify(item: JsonObject) {
  const [at, type, group, wa_id, user_id] = ["timestamp", "type", "group_id", "wa_id", "user_id"].map((key) =>
    stringAt(item, key),
  );
  const requests = ["request_id", "join_request_id"].map((key) => stringAt(item, key) ?? "");
  const people = PEOPLE.flatMap((list) =>
    membersAt(item, list, { field: "", path: "" }).members.map(({ item: person }) => personId(idsOf(person))),
  );
  const from = wa_id ?? user_id;
  return identity({ at, from, key: keyOf("group", type, group, at, requests.filter(Boolean), people) });
}

function idsOf(person: JsonObject) {
  return { wa_id: stringAt(person, "wa_id"), user_id: stringAt(person, "user_id"), input: stringAt(person, "input") };
}

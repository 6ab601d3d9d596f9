/** What the four fields about groups share: an item of `groups[]`, read and told. */
import * as z from "zod";

import { type Item, wordAt } from "../../json.ts";
import { describeErrors, error, quote, word } from "../../messages/parts.ts";
import { membersAt } from "../event.ts";
import { lazily, type Field } from "./field.ts";
import { defineItems, identity, keyOf } from "./items.ts";
import { line, maybe, meaningOf } from "./wording.ts";

const MEANINGS = {
  group_create: "the group was made",
  group_delete: "the group is gone",
  group_participants_add: "joined",
  group_add_participants: "joined",
  group_participants_remove: "left",
  group_remove_participants: "left",
  group_join_request_created: "wants to join",
  group_join_request_revoked: "no longer wants to join",
  group_suspend: "WhatsApp suspended the group: nobody can write in it",
  group_suspend_cleared: "the group can be written in again",
};

const PEOPLE = ["added_participants", "removed_participants", "failed_participants"];

function makeSchema() {
  const errors = z.array(error).nullish();
  const people = z.array(z.looseObject({ input: maybe, wa_id: maybe, user_id: maybe, errors })).nullish();
  const changed = z.boolean().nullish();
  const setting = z.looseObject({ text: maybe, mime_type: maybe, update_successful: changed, errors }).nullish();
  return z.looseObject({
    type: word,
    group_id: maybe,
    subject: maybe,
    invite_link: maybe,
    reason: maybe,
    initiated_by: maybe,
    wa_id: maybe,
    user_id: maybe,
    added_participants: people,
    removed_participants: people,
    failed_participants: people,
    profile_picture: setting,
    group_subject: setting,
    group_description: setting,
    errors,
  });
}

const schema = lazily(makeSchema);

type Group = z.output<ReturnType<typeof makeSchema>>;

/** A field with `groups[]`; the examples are items without what all have. */
export function defineGroups(name: string, examples: Record<string, object>, aliases: readonly string[] = []): Field {
  const items = Object.entries(examples).map(([variant, item]) => [variant, { ...about, ...item }]);
  return defineItems(
    name,
    () => ({ schema: schema(), examples: Object.fromEntries(items) as Record<string, object>, summary }),
    "groups",
    { aliases, identify },
  );
}

const about = { timestamp: "1785499200", group_id: "Y2FwaV9ncm91cDpUZXN0R3JvdXAx" };

function summary(group: Group): string {
  const { type, group_id, subject, invite_link, reason, initiated_by, wa_id, user_id, errors } = group;
  const failed = (group.failed_participants ?? []).map((person) => `${who(person)} not: ${because(person.errors)}`);
  const settings = [
    told("picture", group.profile_picture),
    told("subject", group.group_subject),
    told("description", group.group_description),
  ];
  const trouble = describeErrors(errors);
  return line(
    // The name of its field says it already.
    type === "group_settings_update" ? undefined : type,
    subject ? quote(subject) : undefined,
    [...(group.added_participants ?? []), ...(group.removed_participants ?? [])].map(who),
    wa_id ?? user_id,
    trouble
      ? `failed: ${trouble}`
      : initiated_by === "business"
        ? "put out by the business"
        : meaningOf(MEANINGS, type),
    failed,
    settings,
    reason === "invite_link" ? "by the invite link" : reason,
    invite_link,
    group_id,
  );
}

function who({
  wa_id,
  user_id,
  input,
}: { [Key in "wa_id" | "user_id" | "input"]?: string | null | undefined }): string {
  return wa_id ?? user_id ?? input ?? "somebody";
}

function because(errors: Group["errors"]): string {
  return describeErrors(errors) || "Meta does not say why";
}

function told(what: string, change: Group["profile_picture"]): string | undefined {
  if (change === undefined || change === null) return undefined;
  if (change.update_successful === false) return `${what} not changed: ${because(change.errors)}`;
  return `${what} ${change.text ? quote(change.text) : "changed"}`;
}

/** A group's event has no id of its own: what happened, where, when, asked for by which request, and to whom, is one event. */
function identify(item: Item) {
  const [at, type, group, wa_id, user_id] = ["timestamp", "type", "group_id", "wa_id", "user_id"].map((key) =>
    wordAt(item, key),
  );
  const asked = ["request_id", "join_request_id"].map((key) => wordAt(item, key) ?? "");
  const touched = PEOPLE.flatMap((list) =>
    membersAt(item, list, { field: "", path: "" }).members.map(({ item: person }) => who(wordsOf(person))),
  );
  const from = wa_id ?? user_id;
  return identity({ at, from, key: keyOf("group", type, group, at, asked.filter(Boolean), touched) });
}

function wordsOf(person: Item) {
  return { wa_id: wordAt(person, "wa_id"), user_id: wordAt(person, "user_id"), input: wordAt(person, "input") };
}

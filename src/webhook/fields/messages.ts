/** `messages`: messages from customers, statuses of outbound messages, and errors. */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { error } from "../../messages/error.ts";
import { inboundKinds } from "../../messages/inbound/index.ts";
import { exampleName, type Kind } from "../../messages/kind.ts";
import { statusKinds } from "../../messages/statuses/index.ts";
import { malformedEvent, membersAt, type WebhookEvent } from "../event.ts";
import { exampleError, exampleMessage, exampleStatus } from "../shapes/examples.ts";
import type { Field, FieldExample } from "../shapes/field.ts";
import { profileNames } from "../shapes/identity.ts";
import { readError, readMessage, readStatus } from "../shapes/message-items.ts";

export const messages: Field = {
  name: "messages",
  timed: false,
  get examples() {
    return [
      ...examplesOf(inboundKinds, "", exampleMessage),
      ...examplesOf(statusKinds, "status.", exampleStatus),
      ...examplesOf([error], "", exampleError),
    ];
  },
  events(value, path) {
    const item = asJsonObject(value);
    if (item === undefined) return [malformedEvent("messages", path, "is not an object")];
    const { names, malformed } = profileNames(item, { field: "messages", path });
    const events = [
      ...readEach(item, "messages", path, (message, at) => readMessage(message, at, names)),
      ...readEach(item, "statuses", path, readStatus),
      ...readEach(item, "errors", path, readError),
      ...malformed,
    ];
    return events.length > 0 ? events : [malformedEvent("messages", path, "contains no events")];
  },
};

function examplesOf(
  kinds: readonly Kind[],
  prefix: string,
  wrap: (kind: string, example: object, variant: string) => object,
): FieldExample[] {
  return kinds.flatMap((kind) =>
    Object.entries(kind.examples).map(([variant, example]) => ({
      name: prefix + exampleName(kind.name, variant),
      value: wrap(kind.name, example, variant),
    })),
  );
}

function readEach(
  value: JsonObject,
  key: string,
  path: string,
  read: (item: JsonObject, path: string) => WebhookEvent,
): WebhookEvent[] {
  const { members, malformed } = membersAt(value, key, { field: "messages", path });
  return [...members.map((member) => read(member.item, member.path)), ...malformed];
}

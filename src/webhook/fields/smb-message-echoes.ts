/** `smb_message_echoes`: messages that the business sent, edited or deleted in the WhatsApp Business app. */
import { readEcho } from "../shapes/echo.ts";
import { BUSINESS, CONTACTS, CUSTOMER, HIDDEN_CONTACTS, USER_ID, valueOf } from "../shapes/examples.ts";
import { examplesOf, type Field } from "../shapes/field.ts";
import { readLists } from "../shapes/list-field.ts";
import { wamid } from "../wamid.ts";

export const smbMessageEchoes: Field = {
  name: "smb_message_echoes",
  timed: false,
  get examples() {
    return examplesOf("smb_message_echoes", {
      default: echo({ type: "text", text: { body: "We are open until six" } }),
      image: echo({
        type: "image",
        image: {
          mime_type: "image/jpeg",
          sha256: "VGVzdCBlY2hvIGhhc2g=",
          id: "1003383421387304",
          caption: "The blue one",
        },
      }),
      "without-number": valueOf({
        contacts: HIDDEN_CONTACTS,
        message_echoes: [
          {
            from: BUSINESS.display_phone_number,
            to_user_id: USER_ID,
            id: echoId("without a number"),
            timestamp: "1785499200",
            type: "text",
            text: { body: "Thank you for the order" },
          },
        ],
      }),
      // Until 2026: no `contacts` and no user ids.
      older: valueOf({
        message_echoes: [
          {
            from: BUSINESS.display_phone_number,
            to: CUSTOMER,
            id: echoId("older"),
            timestamp: "1785499200",
            type: "text",
            text: { body: "We are open until five" },
          },
        ],
      }),
      edit: echo({
        type: "edit",
        edit: {
          original_message_id: echoId("text"),
          message: { type: "text", text: { body: "We are open until seven" } },
        },
      }),
      revoke: echo({ type: "revoke", revoke: { original_message_id: echoId("text") } }),
    });
  },
  events: (value, path) =>
    readLists("smb_message_echoes", value, path, {
      message_echoes: (item, path, value) => readEcho("smb_message_echoes", item, path, value),
    }),
};

function echo(content: { type: string; [content: string]: unknown }): object {
  const id = echoId(content.type);
  const people = { from: BUSINESS.display_phone_number, to: CUSTOMER, to_user_id: USER_ID };
  return valueOf({ contacts: CONTACTS, message_echoes: [{ ...people, id, timestamp: "1785499200", ...content }] });
}

function echoId(seed: string): string {
  return wamid(CUSTOMER, `echo ${seed}`);
}

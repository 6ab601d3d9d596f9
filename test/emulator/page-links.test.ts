/** Links to further pages of a list, and the values of forms, as clients from npm and in other languages rely on them. */
import { expect, test } from "vitest";

import { fieldsOfForm } from "../../src/emulator/http/form.ts";
import { startTestEmulator } from "./test-emulator.ts";

test("the link to the next page works as it is for a client with its token in the query, and never shows one from a header", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { accessToken, businessAccountId } = emulator.account;
  const path = `/v25.0/${businessAccountId}/message_templates?limit=1`;
  const inQuery = await ask(`${path}&access_token=${accessToken}`, { token: null });
  const next = await fetch(inQuery.json.paging.next as string);
  expect(await next.json()).toMatchObject({ data: [{ name: "order_shipped" }] });
  const inHeader = await ask(path);
  expect(inHeader.json.paging.next).toContain("after=");
  expect(inHeader.text).not.toContain(accessToken);
});

test.each([
  ["0", false],
  ["1", true],
  ["false", false],
  ["true", true],
  ["perhaps", "perhaps"],
])("text[preview_url]=%s in a form is %s", (written, value) => {
  const entries: [string, string][] = [
    ["text[body]", "1"],
    ["text[preview_url]", written],
  ];
  expect(fieldsOfForm(entries)).toEqual({ text: { body: "1", preview_url: value } });
});

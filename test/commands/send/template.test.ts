/** wa-hook send template: the account's template decides which parameters are asked for, missing or refused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { altered, emulated } from "../../support/emulated.ts";
import { asked, CTRL_C, type Reply } from "../../support/pty.ts";
import { transcript, wordsOf } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const golden = (name: string) => `../../transcripts/send-template-${name}.txt`;
const TO = "--to +16505551234";
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

function folder(): string {
  const cwd = temporaryFolder();
  for (const name of ["a.png", "b.png"]) writeFileSync(join(cwd, name), PNG);
  return cwd;
}

const sentTemplate = ({ requests }: Emulator) => (requests.at(-1)?.body as { template: object }).template;

/** The environment with an account whose only template has these components. */
async function accountWith(template: object): Promise<Record<string, string>> {
  const emulator = await emulated();
  const item = { name: "own", language: "en_US", status: "APPROVED", category: "UTILITY", ...template };
  const url = await altered(emulator, (path, answer) =>
    path.includes("/message_templates") ? { status: 200, json: { data: [item] } } : answer,
  );
  return { ...emulator.env, GRAPH_API_URL: url };
}

/** The template message that --dry-run prints. */
async function composed(line: string, env: Record<string, string>): Promise<object> {
  const world = testWorld({ cwd: folder(), env });
  const code = await main(wordsOf(`send template own ${line} ${TO} --dry-run --json`), world);
  expect(`${code} ${world.stderr.text}`).toBe("0 ");
  const events = world.stdout.text.trim().split("\n");
  return (JSON.parse(events.at(-1) ?? "") as { body: { template: object } }).body.template;
}

test("missing parameters are named with their flags, and so are parameters that the template does not take", async () => {
  const emulator = await emulated({ limits: false });
  const cwd = folder();
  const written: string[] = [];
  for (const line of [
    "order_shipped",
    "order_shipped --header a.png --param Sheena --param boots",
    "order_shipped --header a.png --param Sheena --param boots --param Friday --button-param 0=17",
    "order_shipped --param a --param b --param c --param d",
    "order_shipped --language de",
    "order_shiped",
    "hello_world --header x",
    "hello_world --card 0.header=a.png",
    "appointment_reminder --param Sheena --param 10:30",
    "appointment_reminder --language de --param Sheena",
    "appointment_reminder --language DE --param time=10:30 --param customer=Sheena",
    "login_code --param 123456",
    "weekend_discount",
    "weekend_discount --expires soon --button-param 0=WEEKEND20",
    "summer_bikes --param 20",
    "summer_bikes --param 20 --card 0.header=a.png --card 1.header=b.png",
    "summer_bikes --param 20 --card 2.header=a.png",
    "order_shipped --card header=a.png",
  ]) {
    written.push(await transcript(`send template ${line} ${TO}`, { cwd, env: emulator.env }));
  }
  await expect(written.join("\n")).toMatchFileSnapshot(golden("parameters"));
});

test("a template is sent as typed when it cannot be read", async () => {
  const emulator = await emulated();
  const line = `send template order_shipped --language en --param Sheena ${TO} --dry-run`;
  const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, ...withoutAccount } = emulator.env;
  const written = [
    await transcript(line, { env: withoutAccount }),
    await transcript(line, { env: { ...emulator.env, WHATSAPP_BUSINESS_ACCOUNT_ID: "999999999999999" } }),
    await transcript(`${line} --force`, { env: emulator.env }),
  ];
  await expect(written.join("\n")).toMatchFileSnapshot(golden("unread"));
});

async function answered(line: string, replies: readonly Reply[], env: Record<string, string>): Promise<string> {
  return (await asked(`send template ${line} ${TO}`, replies, { cwd: folder(), env })).seen;
}

test("in a terminal, exactly the missing parameters are asked for, the header's media included", async () => {
  const emulator = await emulated();
  const seen = await answered(
    "order_shipped --param Sheena",
    [
      ["Header image", "missing.png"],
      ["Header image", "a.png"],
      ["Body {{2}}", ""],
      ["empty", "boots"],
      ["Body {{3}}", "Friday"],
      ["Button 0", "17"],
    ].map(([question = "", answer = ""]) => [question === "empty" ? "Body {{2}}" : question, answer]),
    emulator.env,
  );
  expect(seen).toContain("  Hello {{1}}, your order of {{2}} will arrive on {{3}}.\n(stderr) ? Header image");
  expect(seen).toContain("> There is no such file.\n");
  expect(seen).toContain(
    '? Body {{2}}, such as "two books": \n(stderr) > Meta does not accept an empty parameter.\n(stderr) ? Body {{2}}, such as "two books": boots\n',
  );
  expect(seen).toContain("exit 0");
  expect(sentTemplate(emulator)).toEqual({
    name: "order_shipped",
    language: { code: "en" },
    components: [
      { type: "header", parameters: [{ type: "image", image: { id: expect.stringMatching(/^\d+$/) } }] },
      { type: "body", parameters: ["Sheena", "boots", "Friday"].map((text) => ({ type: "text", text })) },
      { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "17" }] },
    ],
  });
});

test("in a terminal, the language is chosen when there are several, and Ctrl-C sends nothing", async () => {
  const emulator = await emulated();
  await answered(
    "appointment_reminder",
    [
      ["Language", "de"],
      ["Body {{customer}}", "Sheena"],
      ["Body {{time}}", "10:30"],
    ],
    emulator.env,
  );
  expect(sentTemplate(emulator)).toEqual({
    name: "appointment_reminder",
    language: { code: "de" },
    components: [
      {
        type: "body",
        parameters: [
          { type: "text", parameter_name: "customer", text: "Sheena" },
          { type: "text", parameter_name: "time", text: "10:30" },
        ],
      },
    ],
  });
  const sent = emulator.requests.length;
  expect(await answered("login_code", [["Body", CTRL_C]], emulator.env)).toContain("exit 130");
  expect(emulator.requests.slice(sent).map(({ method }) => method)).toEqual(["GET"]);
});

test("an authentication template whose body has no text takes the code once, for body and button", async () => {
  const components = [
    { type: "BODY", add_security_recommendation: true },
    { type: "FOOTER", code_expiration_minutes: 5 },
    { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "Copy code" }] },
  ];
  const env = await accountWith({ category: "AUTHENTICATION", components });
  const parameters = [{ type: "text", text: "123456" }];
  expect(await composed("--param 123456", env)).toEqual({
    name: "own",
    language: { code: "en_US" },
    components: [
      { type: "body", parameters },
      { type: "button", sub_type: "url", index: "0", parameters },
    ],
  });
});

test("headers take a document with its name, a location or a named text", async () => {
  const document = await accountWith({ components: [{ type: "HEADER", format: "DOCUMENT" }] });
  expect(await composed("--header https://example.com/a.pdf", document)).toMatchObject({
    components: [
      { type: "header", parameters: [{ type: "document", document: { link: "https://example.com/a.pdf" } }] },
    ],
  });
  const location = await accountWith({ components: [{ type: "header", format: "location" }] });
  expect(await composed('--header "52.5,13.4|Gate|Pariser Platz"', location)).toMatchObject({
    components: [
      {
        parameters: [
          {
            type: "location",
            location: { latitude: 52.5, longitude: 13.4, name: "Gate", address: "Pariser Platz" },
          },
        ],
      },
    ],
  });
  const text = await accountWith({
    parameter_format: "NAMED",
    components: [{ type: "HEADER", format: "TEXT", text: "For {{customer}}" }],
  });
  expect(await composed("--header Sheena=1", text)).toMatchObject({
    components: [{ parameters: [{ type: "text", parameter_name: "customer", text: "Sheena=1" }] }],
  });
});

test("the numbers of placeholders decide on their order, and texts with = in them stay whole", async () => {
  const env = await accountWith({ components: [{ type: "BODY", text: "{{2}} before {{1}}, {{2}}" }] });
  expect(await composed("--param a=1 --param b", env)).toMatchObject({
    components: [
      {
        parameters: [
          { type: "text", text: "a=1" },
          { type: "text", text: "b" },
        ],
      },
    ],
  });
});

test("examples are shown, templates that are not approved are reported, and parts that flags cannot fill lead to send json", async () => {
  const components = [
    { type: "BODY", text: "{{1}}", example: { body_text: [["Sheena"]] } },
    { type: "BUTTONS", buttons: [{ type: "MPM", text: "View items" }] },
  ];
  const run = async (template: object) =>
    transcript(`send template own ${TO} --dry-run`, { env: await accountWith(template) });
  const written = [
    await run({ status: "PAUSED", components: components.slice(0, 1) }),
    await run({ status: "APPROVED", components }),
    await run({ components: "none", status: 7 }),
  ];
  await expect(written.join("\n")).toMatchFileSnapshot(golden("unusual"));
});

/** wa-hook template against the emulator: what a person sees, and what Meta receives. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Emulator } from "../../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../../src/emulator/options.ts";
import { altered, emulated } from "../../support/emulated.ts";
import { asked } from "../../support/pty.ts";
import { taking } from "../../support/taking.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

const golden = (name: string) => `../../transcripts/template-${name}.txt`;
const APPROVING: EmulatorOptions = { limits: false, templates: { decision: "approve", afterMs: 0 } };
const WELCOME = "template create --name welcome --category utility";

async function lines({ env }: Emulator, commands: readonly string[], cwd = temporaryFolder()): Promise<string> {
  const written: string[] = [];
  for (const line of commands) written.push(await transcript(line, { cwd, env }));
  return written.join("\n");
}

/** The bodies of the requests that created a template. */
const created = ({ requests }: Emulator) =>
  requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/message_templates"))
    .map(({ body }) => body);

test("templates are listed, filtered, and shown with the command that sends them", async () => {
  const emulator = await emulated(APPROVING);
  emulator.changeTemplate("hello_world", { quality: "GREEN" });
  emulator.changeTemplate("weekend_discount", { status: "REJECTED", reason: "PROMOTIONAL" });
  emulator.changeTemplate("login_code", { status: "PAUSED" });
  const seen = await lines(emulator, [
    "template list",
    "template list --status rejected",
    "template list --name appointment --language DE --json",
    "template list --name nothing",
    "template show order_shipped",
    "template show appointment_reminder",
    "template show appointment_reminder --language de --json",
    "template show login_code",
    "template show summer_bikes",
    "template show goodbye_world",
    "template show hello_world --language de",
  ]);
  await expect(seen).toMatchFileSnapshot(golden("show"));
});

test("the command that show prints sends the template", async () => {
  const emulator = await emulated(APPROVING);
  const cwd = temporaryFolder();
  await lines(
    emulator,
    [`${WELCOME} --body "Hello {{1}}, welcome to {{2}}." --example Sheena --example "the shop" --wait`],
    cwd,
  );
  const { send } = JSON.parse((await lines(emulator, ["template show welcome --json"], cwd)).split("\n")[1] ?? "") as {
    send: string;
  };
  const parcel =
    "template order_shipped --language en --header https://example.com/parcel.png --param Sheena --param 'two books' --param Friday --button-param 0=4711";
  const commands = [
    send.replace("wa-hook ", "").replace("<number>", "+16505551234"),
    `send ${parcel} --to +16505551234`,
  ];
  for (const command of commands) {
    expect(await lines(emulator, [command], cwd)).toContain("exit 0");
    expect(emulator.requests.at(-1)).toMatchObject({ status: 200, kind: "template" });
  }
});

test("the command has the values in the order of the variables' numbers, and leads to JSON where flags cannot fill a part", async () => {
  const emulator = await emulated(APPROVING);
  const [cwd, sendJson] = [temporaryFolder(), "wa-hook send json <file> --to <number>"];
  const body = { type: "BODY", text: "Order {{2}} for {{1}}.", example: { body_text: [["Sheena", "4711"]] } };
  const items = { type: "BUTTONS", buttons: [{ type: "MPM", text: "View items" }] };
  const commandOf = async (name: string, components: object[]) => {
    writeFileSync(join(cwd, "a.json"), JSON.stringify({ name, language: "en", category: "MARKETING", components }));
    await lines(emulator, ["template create a.json --wait"], cwd);
    const shown = await lines(emulator, [`template show ${name} --json`], cwd);
    return (JSON.parse(shown.split("\n")[1] ?? "") as { send: string }).send;
  };
  const command = "wa-hook send template numbers --language en --param Sheena --param 4711 --to <number>";
  expect(await commandOf("numbers", [body])).toBe(command);
  expect(await commandOf("items", [body, items])).toBe(sendJson);
});

test("every page is read", async () => {
  const emulator = await emulated(APPROVING);
  const path = `${emulator.url}/v25.0/${emulator.account.businessAccountId}/message_templates`;
  const headers = { authorization: `Bearer ${emulator.account.accessToken}`, "content-type": "application/json" };
  for (let made = 0; made < 150; made++) {
    const components = [{ type: "BODY", text: "Hello" }];
    const body = JSON.stringify({ name: `made_${made}`, language: "en", category: "UTILITY", components });
    await fetch(path, { method: "POST", headers, body });
  }
  expect(await lines(emulator, ["template list --name made_"])).toContain("150 templates");
});

test("a template is created from flags or a file, and what is missing or refused is explained", async () => {
  const emulator = await emulated(APPROVING);
  const cwd = temporaryFolder();
  const definition = {
    name: "from_file",
    language: "de",
    category: "MARKETING",
    components: [{ type: "BODY", text: "Hallo" }],
  };
  writeFileSync(join(cwd, "template.json"), JSON.stringify(definition));
  writeFileSync(join(cwd, "list.json"), "[]");
  const parts =
    '--header "For {{1}}" --header-example Sheena --footer Bye --button Stop --button Open=https://example.com';
  const seen = await lines(
    emulator,
    [
      `${WELCOME} --body "Hello {{1}}, welcome to {{2}}." --example Sheena --example "the shop" ${parts} --wait`,
      `${WELCOME} --language de --body "Hallo {{name}}, willkommen." --example name=Sheena --json`,
      "template create template.json",
      "template create template.json --name from_file_2 --language en --quiet",
      "template create",
      "template create list.json",
      "template create missing.json",
      `${WELCOME} --body "Hello {{1}}, welcome."`,
      `${WELCOME} --body Hello --example Sheena`,
      `${WELCOME} --body Hello`,
      "template create --name Welcome --category utility --body Hello",
      "template create --name wrong --category spam --body Hello",
    ],
    cwd,
  );
  await expect(seen.replaceAll(/fbtrace_id: \S+/g, "fbtrace_id: …")).toMatchFileSnapshot(golden("create"));
  expect(created(emulator).slice(0, 2)).toEqual([
    {
      name: "welcome",
      language: "en_US",
      category: "UTILITY",
      components: [
        { type: "HEADER", format: "TEXT", text: "For {{1}}", example: { header_text: ["Sheena"] } },
        { type: "BODY", text: "Hello {{1}}, welcome to {{2}}.", example: { body_text: [["Sheena", "the shop"]] } },
        { type: "FOOTER", text: "Bye" },
        {
          type: "BUTTONS",
          buttons: [
            { type: "QUICK_REPLY", text: "Stop" },
            { type: "URL", text: "Open", url: "https://example.com" },
          ],
        },
      ],
    },
    {
      name: "welcome",
      language: "de",
      category: "UTILITY",
      parameter_format: "NAMED",
      components: [
        {
          type: "BODY",
          text: "Hallo {{name}}, willkommen.",
          example: { body_text_named_params: [{ param_name: "name", example: "Sheena" }] },
        },
      ],
    },
  ]);
});

describe("--wait", () => {
  const wait = `${WELCOME} --body Hello --wait`;

  test("checks until Meta has decided", async () => {
    const emulator = await emulated({ limits: false, templates: { decision: "manual" } });
    const next = taking(emulator.events());
    const waiting = lines(emulator, [wait]);
    for (const method of ["POST", "GET", "GET"]) expect((await next("request")).method).toBe(method);
    emulator.changeTemplate("welcome", { status: "APPROVED" });
    expect(await waiting).toContain("✓ Approved");
  });

  test("fails with the reason when the template is rejected", async () => {
    const emulator = await emulated({ limits: false, templates: { decision: "reject", afterMs: 0 } });
    await expect(await lines(emulator, [wait])).toMatchFileSnapshot(golden("rejected"));
  });

  test("fails when the time is over", async () => {
    const emulator = await emulated({ limits: false, templates: { decision: "manual" } });
    const seen = await lines(emulator, [`${wait} --wait-for 20ms`]);
    expect(seen).toContain("Meta has not decided within");
    expect(seen).toContain("exit 1");
  });
});

describe("a deletion", () => {
  test("needs --yes when there is nobody to ask, and deletes all languages or one", async () => {
    const emulator = await emulated(APPROVING);
    const seen = await lines(emulator, [
      "template delete appointment_reminder",
      "template delete appointment_reminder --language de --yes",
      "template delete appointment_reminder --yes --json",
      "template delete appointment_reminder --yes",
    ]);
    await expect(seen).toMatchFileSnapshot(golden("delete"));
  });

  test("asks the person at the terminal", async () => {
    const { env, requests } = await emulated(APPROVING);
    const no = await asked("template delete hello_world", [["Delete hello_world (en_US)?", false]], { env });
    expect([no.code, no.seen]).toEqual([0, expect.stringContaining("Nothing was deleted")]);
    expect(requests.some(({ method }) => method === "DELETE")).toBe(false);
    const yes = await asked("template delete hello_world", [["Delete hello_world (en_US)?", true]], { env });
    expect([yes.code, yes.seen]).toEqual([0, expect.stringContaining("Deleted hello_world")]);
  });
});

test("a template without settings is a usage error", async () => {
  const { env } = await emulated();
  const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, ...others } = env;
  expect(await transcript("template list", { env: others })).toContain("no WABA id is set");
  expect(await transcript("template list", {})).toContain("WHATSAPP_ACCESS_TOKEN is not set");
});

test("text from Meta cannot drive the terminal, and keeps its line breaks", async () => {
  const emulator = await emulated(APPROVING);
  const url = await altered(emulator, (path, { status, json }) => {
    const text = JSON.stringify(json)
      .replaceAll("This message shows", String.raw`First\nSecond \u001b[31m`)
      .replaceAll("Sent by the emulator", String.raw`\u001b]0;x`);
    return { status, json: path.includes("message_templates") ? (JSON.parse(text) as object) : json };
  });
  const seen = await transcript("template show hello_world", { env: { ...emulator.env, GRAPH_API_URL: url } });
  expect(seen).not.toContain("\u001b");
  expect(seen).toMatch(/Body {8}First\n {14}Second ·\[31m/);
});

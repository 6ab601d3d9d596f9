/** What the tests of the emulated templates share: definitions, requests, and an app that gets the webhooks. */
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { anApp, QUIET, startTestEmulator, subscribe, valueOf, type App, type Emulated } from "./test-emulator.ts";

export const AT_ONCE: EmulatorOptions = { ...QUIET, templates: { decision: "approve", afterMs: 0 } };
export const MANUAL: EmulatorOptions = { ...QUIET, templates: { decision: "manual" } };
export const DAY = 86_400_000;

export const body = (text: string, ...examples: string[]) => ({
  type: "BODY",
  text,
  ...(examples.length === 0 ? {} : { example: { body_text: [examples] } }),
});

/** A definition that Meta accepts. */
export const thanks = {
  name: "thanks",
  language: "en",
  category: "UTILITY",
  components: [body("Thank you, {{1}}, for your order.", "Sheena")],
};

export const edge = ({ emulator }: Emulated) => `/v25.0/${emulator.account.businessAccountId}/message_templates`;
export const create = (stage: Emulated, changes: object = {}) =>
  stage.ask(edge(stage), { json: { ...thanks, ...changes } });
export const sendTemplate = (stage: Emulated, name: string, code: string, components?: object[]) =>
  stage.send({ type: "template", text: undefined, template: { name, language: { code }, components } });
export const bodyParameters = (...texts: string[]) => ({
  type: "body",
  parameters: texts.map((text) => ({ type: "text", text })),
});
export const statusOf = async (stage: Emulated, id: string) =>
  (await stage.ask(`/${id}?fields=status`)).json.status as string;

export const FIELDS = [
  "message_template_status_update",
  "message_template_quality_update",
  "message_template_components_update",
  "template_category_update",
];

/** An emulator with an app that subscribes to all fields about templates. */
export async function subscribed(options: EmulatorOptions): Promise<Emulated & { app: App }> {
  const stage = await startTestEmulator(options);
  const app = await anApp();
  await subscribe(stage, app, FIELDS.join(","));
  return { ...stage, app };
}

/** The received changes: field and value. */
export const received = ({ bodies }: App) =>
  // oxlint-disable-next-line typescript/no-explicit-any
  bodies.map((each): [string, any] => [JSON.parse(each).entry[0].changes[0].field, valueOf(each)]);

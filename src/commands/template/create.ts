/** `wa-hook template create`: creates a template, and waits for Meta's decision if wanted. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { CheckFailedError, InterruptedError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { createTemplate, readTemplate, type CreatedTemplate, type Template } from "../../graph/templates.ts";
import { defineCommand, duration, input, notice, yes } from "../../terminal/command.ts";
import { plain } from "../../terminal/paint.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { readDefinition } from "./definition.ts";
import { templateInputs } from "./inputs.ts";
import { sendCommand } from "./parameters.ts";
import { statusText } from "./view.ts";

const inputs = z.object({
  file: input(
    "[file|-]",
    "A JSON file with the template in Meta's format, or - for standard input",
    z.string().optional(),
  ),
  name: input("--name <name>", "Lower-case letters, digits and underscores", z.string().optional()),
  language: input("--language <code>", "The language, such as en_US or de (default: en_US)", z.string().optional()),
  category: input("--category <category>", "utility, marketing or authentication", z.string().optional()),
  header: input("--header <text>", "A text above the body", z.string().optional()),
  headerExample: input("--header-example <text>", "A value for the variable in the header", z.string().optional()),
  body: input("--body <text>", "The text, with variables such as {{1}} or {{name}}", z.string().optional()),
  example: input(
    "--example <text|name=text>",
    "A value for each variable in the body, in their order (repeatable)",
    z.array(z.string()).default([]),
  ),
  footer: input("--footer <text>", "A text below the body", z.string().optional()),
  button: input(
    "--button <text|text=url>",
    "A quick reply, or a link such as Open=https://example.com (repeatable)",
    z.array(z.string()).default([]),
  ),
  wait: input("--wait", "Wait until Meta approves or rejects the template", yes),
  waitFor: input("--wait-for <time>", "Time limit for --wait (default: 10m)", duration.default(600_000)),
  ...templateInputs,
});

type Event =
  /** Meta accepted the template and will decide on it. */
  | ({ type: "created"; name: string; language: string } & CreatedTemplate)
  /** With `--wait`: the decision is awaited. */
  | { type: "waiting"; status: string }
  | ({ type: "template" } & Template);

/** Meta decides within minutes; the first checks are for the emulator. */
const CHECK_MS = { first: 250, longest: 15_000 };

export const templateCreate = defineCommand<typeof inputs, Event>({
  inputs,
  exits: { 1: "Meta rejected the template, or did not decide in time" },
  examples: [
    ["wa-hook template create welcome.json --wait", "From a file; wait for the decision"],
    ['wa-hook template create --name hello --category utility --body "Hello"', "From flags"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    const definition = await readDefinition(inputs.file, inputs, world);
    await using graph = openGraph(inputs, world);
    const { name, language } = definition;
    const created = await createTemplate(graph, account, definition);
    yield { type: "created", name, language, ...created };
    if (created.category !== "" && created.category !== definition["category"]) {
      yield notice(`! Meta assigned the category ${created.category}`);
    }
    if (!inputs.wait) return yield notice(`→ see Meta's decision: wa-hook template show ${name}`);
    yield { type: "waiting", status: created.status };
    const template = await decision(graph, created.id, { ...inputs, signal: world.signal });
    yield { type: "template", ...template };
    if (template.status === "APPROVED") return;
    throw new CheckFailedError(`the template is ${template.status}${because(template)}`, {
      code: "template.rejected",
      hint: "create it changed under another name, or edit it in WhatsApp Manager → Message templates",
    });
  },

  print(event, paint) {
    if (event.type === "waiting") return { notice: paint.quiet("Waiting for Meta's decision …") };
    if (event.type === "created") {
      const { name, language, category, status, id } = event;
      const line = `${paint.good("✓")} Created ${paint.name(plain(name))} (${plain(language)}, ${plain(category)}): `;
      return [{ notice: `${line}${statusText(status, paint)}` }, id];
    }
    if (event.status !== "APPROVED") return undefined;
    const send = sendCommand(event);
    return { notice: `${paint.good("✓")} Approved${send === undefined ? "" : `\n${paint.warn(`→ ${send}`)}`}` };
  },
});

function because({ rejectedReason }: Template): string {
  return rejectedReason === undefined ? "" : `: ${rejectedReason}`;
}

/** Reads the template until it is no longer pending. Throws a `CheckFailedError` when that takes too long. */
async function decision(
  graph: Graph,
  id: string,
  { waitFor, signal }: { waitFor: number; signal: AbortSignal },
): Promise<Template> {
  const end = performance.now() + waitFor;
  for (let pause = CHECK_MS.first; ; pause = Math.min(pause * 2, CHECK_MS.longest)) {
    const template = await readTemplate(graph, id);
    if (template.status !== "PENDING") return template;
    if (performance.now() >= end) {
      throw new CheckFailedError(`Meta has not decided within ${waitFor / 1000} s`, {
        code: "template.pending",
        hint: `wait longer with --wait-for, or run wa-hook template show ${template.name} later`,
      });
    }
    await sleep(Math.min(pause, end - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw new InterruptedError("interrupted before Meta decided; the template is created", {
        code: "template.interrupted",
        hint: `run wa-hook template show ${template.name}`,
      });
    }
  }
}

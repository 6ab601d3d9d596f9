// SKILL.md and llms.txt: what a coding agent has to know, from the registry as data and from agents.md.
import { readFileSync } from "node:fs";

import { fileNameOf } from "./markdown.js";

/** @typedef {import("../src/cli/reference.ts").Reference} Reference */

const template = readFileSync(new URL("agents.md", import.meta.url), "utf8").trim();

/**
 * @param {Reference} reference
 * @param {{ description: string, site: string }} options the description of the package, and the address of the documentation
 */
export function skill(reference, { description, site }) {
  const about = `Develop, test and debug WhatsApp Cloud API webhooks and bots with the wa-hook command line. Use when code receives webhooks from WhatsApp or sends messages through Meta's Graph API, when a webhook signature does not match, or when webhooks do not arrive.`;
  return document(
    ["---", "name: wa-hook", `description: ${JSON.stringify(about)}`, "---"].join("\n"),
    "# wa-hook",
    description,
    template,
    "## Commands",
    ...commandLists(reference, ({ name, summary }) => `- \`wa-hook ${name}\`: ${summary}`),
    "## Exit codes",
    exitCodes(reference),
    `Documentation: ${site} (as text: ${site}llms.txt)`,
  );
}

/**
 * As on llmstxt.org: a title, a summary, and lists of links.
 * @param {Reference} reference
 * @param {{ description: string, site: string }} options
 */
export function llmsText(reference, { description, site }) {
  const link = ({ name, summary }) => `- [wa-hook ${name}](${site}reference/${fileNameOf(name)}): ${summary}`;
  return document(
    "# wa-hook",
    `> ${description}`,
    template,
    "## Exit codes",
    exitCodes(reference),
    "## Commands",
    ...commandLists(reference, link),
    "## Reference",
    [
      `- [All commands](${site}reference/)`,
      `- [Exit codes](${site}reference/exit-codes)`,
      `- [Settings](${site}reference/settings#all-settings): names in the environment and in .env`,
      `- [Problems](${site}reference/problems): every code of an error or a finding`,
    ].join("\n"),
  );
}

function commandLists({ commands }, line) {
  const categories = [...new Set(commands.map(({ category }) => category))];
  return categories.map((category) =>
    [`${category}:`, "", ...commands.filter((command) => command.category === category).map(line)].join("\n"),
  );
}

const exitCodes = (reference) => reference.exitCodes.map(({ code, when }) => `- ${code}: ${when}`).join("\n");

const document = (...parts) => `${parts.join("\n\n")}\n`;

// Man pages in the man(7) macros, from the registry as data (`wa-hook help --json`).
import { fileNameOf } from "./markdown.js";

/**
 * @typedef {import("../src/cli/reference.ts").Reference} Reference
 * @typedef {import("../src/cli/reference.ts").CommandReference} CommandReference
 */

/**
 * Every man page, by its file name: `wa-hook.1`, `wa-hook-listen.1`.
 * @param {Reference} reference
 * @param {string} site the address of the documentation
 * @returns {Map<string, string>}
 */
export function manPages(reference, site) {
  return new Map([
    ["wa-hook.1", mainPage(reference, site)],
    ...reference.commands.map((command) => [
      `${manName(command.name)}.1`,
      commandPage(command, reference, `${site}reference/${fileNameOf(command.name)}`),
    ]),
  ]);
}

const manName = (command) => `wa-hook-${fileNameOf(command)}`;

function mainPage(reference, site) {
  const { commands, description, firstSteps, options, exitCodes } = reference;
  const categories = [...new Set(commands.map(({ category }) => category))];
  return man("wa-hook", reference, [
    section("NAME", `wa\\-hook \\- ${text(description.replace(/\.$/, ""))}`),
    section("SYNOPSIS", `.B wa\\-hook\n${text("<command> [options]")}`),
    section(
      "DESCRIPTION",
      paragraph("Each command has a page of its own, such as wa-hook-listen(1), and help: wa-hook help <command>."),
      examples(firstSteps),
    ),
    section(
      "COMMANDS",
      ...categories.map(
        (category) =>
          `.SS ${quoted(category)}\n${commands
            .filter((command) => command.category === category)
            .map(({ name, summary }) => item(`wa-hook ${name}`, summary))
            .join("\n")}`,
      ),
    ),
    section("OPTIONS", ...options.map(option)),
    section("ENVIRONMENT", paragraph(SETTINGS), ...reference.settings.map(environment)),
    section("EXIT STATUS", ...exitCodes.map(({ code, when }) => item(String(code), `${when}.`))),
    section("SEE ALSO", paragraph(site)),
  ]);
}

const SETTINGS =
  "Settings come from a flag, else from the environment, else from the env file: .env in the working folder, or the file of --env-file. wa-hook settings shows each value's source.";

/** @param {CommandReference} command */
function commandPage(command, reference, address) {
  const { name, summary, usage, settings, examples: lines, exitCodes } = command;
  const read = reference.settings.filter((setting) => settings.includes(setting.name));
  const start = `wa-hook ${name}`;
  const whenOf = ({ code, when }) => when ?? reference.exitCodes.find((known) => known.code === code)?.when ?? "";
  return man(manName(name), reference, [
    section("NAME", `${text(manName(name))} \\- ${text(summary)}`),
    section("SYNOPSIS", `.B ${text(start)}\n${text(usage.slice(start.length + 1))}`),
    section("DESCRIPTION", paragraph(`${summary}.`), ...command.arguments.map(option)),
    section("OPTIONS", ...command.options.map(option), paragraph("The options of every command are in wa-hook(1).")),
    ...(read.length === 0 ? [] : [section("ENVIRONMENT", ...read.map(environment))]),
    section("EXIT STATUS", ...exitCodes.map((exit) => item(String(exit.code), `${whenOf(exit)}.`))),
    section("EXAMPLES", examples(lines)),
    section("SEE ALSO", paragraph(`wa-hook(1), ${address}`)),
  ]);
}

const option = ({ usage, description }) => item(usage, description);

function environment({ environment: names, label, default: fallback }) {
  const held = fallback === undefined ? "" : ` (default: ${fallback})`;
  return item(names.join(", "), `${label.slice(0, 1).toUpperCase()}${label.slice(1)}${held}.`);
}

function examples(lines) {
  return lines
    .map(({ command, description }) => `.PP\n${text(description)}:\n.PP\n.RS 4\n.nf\n${text(command)}\n.fi\n.RE`)
    .join("\n");
}

function man(name, { programVersion }, sections) {
  // Without a date, so that every build of a version makes the same page.
  const title = `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`wa-hook ${programVersion}`)} "wa\\-hook manual"`;
  return `${[title, ".nh", ".ad l", ...sections].join("\n")}\n`;
}

const section = (title, ...parts) => [`.SH ${title}`, ...parts].join("\n");
const paragraph = (content) => `.PP\n${text(content)}`;
const item = (head, content) => `.TP\n.B ${text(head)}\n${text(content)}`;
const quoted = (content) => `"${text(content).replaceAll('"', "\\(dq")}"`;

/** Text as it is: no macro, no escape, and dashes that can be copied. */
export function text(content) {
  return content
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(/^(?=[.'])/gm, "\\&")
    .replaceAll(
      /[^\n -~]/gu,
      (character) => `\\[u${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}

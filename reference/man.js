// Man pages in the man(7) macros, from the registry as data (`wa-hook help --json`).
/**
 * @typedef {import("../src/cli/reference.ts").Reference} Reference
 * @typedef {import("../src/cli/reference.ts").CommandReference} CommandReference
 */

/**
 * Every man page, by its file name: `wa-hook.1`, `wa-hook-listen.1`; one for all commands of a noun, such as `wa-hook-send.1`.
 * @param {Reference} reference
 * @param {string} site the address of the documentation
 * @returns {Map<string, string>}
 */
export function manPages(reference, site) {
  const { commands } = reference;
  const nouns = [...new Set(commands.map(({ name }) => nounOf(name)))];
  return new Map([
    ["wa-hook.1", mainPage(reference, site)],
    ...nouns.map((noun) => {
      const own = commands.filter(({ name }) => nounOf(name) === noun);
      return [`wa-hook-${noun}.1`, nounPage(noun, own, reference, site)];
    }),
  ]);
}

const nounOf = (command) => command.split(" ")[0];

function mainPage(reference, site) {
  const { commands, description, firstSteps, options, exitCodes } = reference;
  const categories = [...new Set(commands.map(({ category }) => category))];
  return man("wa-hook", reference, [
    section("NAME", `wa\\-hook \\- ${text(description.replace(/\.$/, ""))}`),
    section("SYNOPSIS", `.B wa\\-hook\n${text("<command> [options]")}`),
    section(
      "DESCRIPTION",
      paragraph(
        "Each command has a page, such as wa-hook-listen(1); those of one noun share one, such as wa-hook-send(1). Help: wa-hook help <command>.",
      ),
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

/** @param {CommandReference[]} commands those of the noun */
function nounPage(noun, commands, reference, site) {
  const [{ summary }] = commands;
  const about = reference.groups.find(({ name }) => name === noun)?.summary ?? summary;
  const shared = sharedOptions(commands);
  const settings = reference.settings.filter(({ name }) => commands.some(({ settings }) => settings.includes(name)));
  const ends = reference.exitCodes.filter(({ code }) =>
    commands.some(({ exitCodes }) => exitCodes.some((exit) => exit.code === code)),
  );
  const parts =
    commands.length === 1
      ? [section("DESCRIPTION", ...descriptionOf(commands[0], shared))]
      : [
          section(
            "COMMANDS",
            ...commands.flatMap((command) => [`.SS ${quoted(command.name)}`, ...descriptionOf(command, shared)]),
          ),
        ];
  return man(`wa-hook-${noun}`, reference, [
    section("NAME", `${text(`wa-hook-${noun}`)} \\- ${text(about)}`),
    section("SYNOPSIS", commands.map(({ usage }) => text(usage)).join("\n.br\n")),
    ...parts,
    section("OPTIONS", ...shared.map(option), paragraph("The options of every command are in wa-hook(1).")),
    ...(settings.length === 0 ? [] : [section("ENVIRONMENT", ...settings.map(environment))]),
    section("EXIT STATUS", ...ends.map(({ code, when }) => item(String(code), `${when}.`))),
    section("SEE ALSO", paragraph(`wa-hook(1), ${site}reference/`)),
  ]);
}

/** The options that all of the commands have with the same meaning. */
function sharedOptions([first, ...others]) {
  return first.options.filter(({ usage, description }) =>
    others.every(({ options }) => options.some((each) => each.usage === usage && each.description === description)),
  );
}

/** @param {CommandReference} command */
function descriptionOf({ summary, arguments: args, options, examples: lines, exitCodes }, shared) {
  const own = options.filter(({ usage }) => shared.every((each) => each.usage !== usage));
  const ends = exitCodes.filter(({ when }) => when !== undefined);
  return [
    paragraph(`${summary}.`),
    ...[...args, ...own].map(option),
    examples(lines),
    ...ends.map(({ code, when }) => paragraph(`Exit status ${code}: ${when}.`)),
  ];
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

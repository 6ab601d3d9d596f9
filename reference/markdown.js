// The pages of docs/reference/ as Markdown, from the registry as data (`wa-hook help --json`).

/**
 * @typedef {import("../src/cli/reference.ts").Reference} Reference
 * @typedef {import("../src/cli/reference.ts").CommandReference} CommandReference
 */

/** `events-list` for `events list`: the name of a command's page, of its man page and of its schema. */
export const fileNameOf = (command) => command.replaceAll(" ", "-");

/**
 * Every page but that of the problems, by its file name.
 * @param {Reference} reference
 * @param {string} repository the address of the repository, without a slash at its end
 */
export function pagesOf(reference, repository) {
  const commands = reference.commands.map((command) => [
    `${fileNameOf(command.name)}.md`,
    commandPage(command, reference, repository),
  ]);
  return new Map([["index.md", indexPage(reference)], ["exit-codes.md", exitCodesPage(reference)], ...commands]);
}

function indexPage({ commands, options, description }) {
  const categories = [...new Set(commands.map(({ category }) => category))];
  const lists = categories.flatMap((category) => [
    `## ${text(category)}`,
    table(
      ["Command", "Description"],
      commands
        .filter((command) => command.category === category)
        .map(({ name, summary }) => [`[${code(`wa-hook ${name}`)}](./${fileNameOf(name)}.md)`, text(summary)]),
    ),
  ]);
  return page(
    "Reference",
    `${text(description)} Every command, from the same registry as \`wa-hook help\`. \`wa-hook help --json\` prints it as data.`,
    "[Exit codes](./exit-codes.md) · [Settings](./settings.md#all-settings) · [Problems](./problems.md)",
    ...lists,
    "## Options of every command",
    optionTable(options),
  );
}

/** @param {CommandReference} command */
function commandPage(command, reference, repository) {
  const { name, summary, usage, arguments: args, options, settings, examples, exitCodes, events } = command;
  // Its own page has all of them.
  const read = name === "settings" ? [] : reference.settings.filter((setting) => settings.includes(setting.name));
  const shared = "[the options of every command](./index.md#options-of-every-command)";
  return page(
    `wa-hook ${name}`,
    `${text(summary)}.`,
    fence("sh", [usage]),
    ...section("Arguments", args.length > 0 && optionTable(args, reference)),
    "## Options",
    options.length === 0 ? `Only ${shared}.` : `Besides ${shared}:`,
    ...(options.length === 0 ? [] : [optionTable(options, reference)]),
    ...section(
      "Settings",
      read.length > 0 &&
        `Read from the environment or the env file ([all settings](./settings.md#all-settings)):\n\n${read
          .map(({ environment, label }) => `- ${code(environment[0])}: ${text(label)}`)
          .join("\n")}`,
    ),
    ...(name === "settings" ? allSettings(reference) : []),
    "## Examples",
    ...examples.map(({ command, description }) => fence("sh", [`# ${description}`, command])),
    "## Exit codes",
    table(
      ["Code", "When"],
      exitCodes.map(({ code: number, when }) => {
        const known = reference.exitCodes.find(({ code }) => code === number);
        return [`[${number}](./exit-codes.md#${anchorOf(number)})`, text(when ?? known?.when ?? "")];
      }),
    ),
    ...section(
      "Events",
      events !== undefined &&
        `With \`--json\`, each line on stdout is one event: [JSON Schema](${repository}/blob/main/${events}), in the package as ${code(`wa-hook/${events}`)}.`,
    ),
    "## See also",
    seeAlso(command, reference),
  );
}

function seeAlso({ name, category }, { commands }) {
  const near = commands.filter((other) => other.category === category && other.name !== name);
  return [
    ...near.map(
      (other) => `- [${code(`wa-hook ${other.name}`)}](./${fileNameOf(other.name)}.md): ${text(other.summary)}`,
    ),
    "- [All commands](./index.md)",
  ].join("\n");
}

const anchorOf = (exitCode) => `exit-code-${exitCode}`;

function exitCodesPage({ exitCodes, commands }) {
  const sections = exitCodes.flatMap(({ code: number, title, when }) => {
    const own = commands.flatMap(({ name, exitCodes }) =>
      exitCodes.filter((each) => each.code === number && each.when !== undefined).map(({ when }) => ({ name, when })),
    );
    return [
      `## Exit code ${number}`,
      `**${text(title)}.** ${text(when)}.`,
      ...(own.length === 0
        ? []
        : [
            table(
              ["Command", "When"],
              own.map(({ name, when }) => [`[${code(`wa-hook ${name}`)}](./${fileNameOf(name)}.md)`, text(when)]),
            ),
          ]),
    ];
  });
  return page(
    "Exit codes",
    "A script needs no other sign of success than 0. With `--json`, an error is one line of JSON on stderr, with `exitCode`, a stable `code`, `message`, `hint` and `docs`, the address of the page about it.",
    ...sections,
  );
}

function allSettings({ settings, commands }) {
  const options = commands.flatMap(({ options }) => options);
  const flagOf = (name) => options.find(({ setting }) => setting === name)?.name;
  return [
    "## All settings",
    "A setting comes from its flag, else from the environment, else from the env file (`.env` in the working folder, or `--env-file`), else it has its default. Of several names, the first that is set counts. The flag of a secret names a file that holds it, because everyone on a machine can see command lines.",
    table(
      ["Setting", "Environment", "Flag"],
      settings.map(({ name, label, environment, default: fallback }) => {
        const flag = flagOf(name);
        return [
          `${text(label)}${fallback === undefined ? "" : ` (default: ${code(fallback)})`}`,
          environment.map(code).join(", "),
          flag === undefined ? "" : code(flag),
        ];
      }),
    ),
  ];
}

function optionTable(inputs, reference) {
  const isOption = inputs.some(({ usage }) => usage.startsWith("-"));
  return table(
    [isOption ? "Option" : "Argument", "Description"],
    inputs.map(({ usage, description, required, setting }) => {
      const names = reference?.settings.find(({ name }) => name === setting)?.environment ?? [];
      const notes = [
        ...(required && isOption ? ["required"] : []),
        ...(names.length === 0 ? [] : [`environment: ${names.map(code).join(", ")}`]),
      ];
      return [code(usage), [text(description), ...notes].join("; ")];
    }),
  );
}

function section(title, content) {
  return content === false ? [] : [`## ${title}`, content];
}

/** A page with one paragraph, table or list per part. */
export function page(title, ...parts) {
  return `${[`# ${text(title)}`, ...parts].join("\n\n")}\n`;
}

const row = (cells) => `| ${cells.join(" | ")} |`;

function table(heads, rows) {
  return [heads, heads.map(() => "---"), ...rows].map(row).join("\n");
}

function fence(language, lines) {
  return `\`\`\`${language}\n${lines.join("\n")}\n\`\`\``;
}

/** As code, also in a table. No text of the registry has a backtick. */
export function code(content) {
  return `\`${content.replaceAll("|", "\\|")}\``;
}

/** What the site would read as a template, as attributes or as a link; and the names of options. */
const AS_CODE = /(\{.*\}|\{|https?:\/\/[^\s),`]+|(?<![\w-])--[a-z][a-z-]*)/;

/** Text as it is: neither Markdown nor HTML. */
export function text(content) {
  return content
    .split(AS_CODE)
    .map((part, at) => (at % 2 === 1 ? code(part) : escaped(part)))
    .join("");
}

function escaped(content) {
  return content
    .replaceAll(/[\\`*_[\]|]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

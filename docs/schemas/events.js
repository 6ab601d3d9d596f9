// The JSON Schemas of what `--json` prints, one per command, from the types of the events.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { Types } from "./types.js";

const TIMES = "Times are milliseconds since 1970 and durations milliseconds, unless a field says otherwise.";
const ERROR = "error.schema.json";
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));

/** Raised when a field or an event is removed, renamed or gets another meaning; what is added is compatible. */
const VERSION = 1;

/**
 * Every file under schemas/ that is written from types, by its path, with its schema.
 *
 * @returns {Record<string, { anyOf?: { description?: string, properties?: Record<string, { const?: unknown }> }[] }>}
 */
export function eventSchemas() {
  const types = new Types("tsconfig.json");
  try {
    const commands = types.properties(types.exported("src/commands/index.ts", "Events"));
    const all = commands.map(([command, events]) => {
      const about = `One line of standard output. Later versions may add events and fields. ${TIMES}`;
      const head = { title: `wa-hook ${command} --json`, description: about };
      return [pathOf(command), { ...named(pathOf(command)), ...head, ...types.document(events) }];
    });
    const { anyOf, ...rest } = types.document(types.exported("src/errors.ts", "ErrorLine"));
    const error = { ...named(ERROR), title: "Errors of wa-hook --json", ...anyOf[0], ...rest };
    return { ...Object.fromEntries(all), [ERROR]: error };
  } finally {
    types.close();
  }
}

/** Where the schema of a command is, in schemas/. */
export function pathOf(command) {
  return `events/${command.replaceAll(" ", "-")}.schema.json`;
}

function named(path) {
  return { $schema: DIALECT, $id: new URL(`/wa-hook/wa-hook/schemas/v${VERSION}/${path}`, homepage).href };
}

export function textOf(schema) {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  rmSync("schemas/events", { recursive: true, force: true });
  for (const [path, schema] of Object.entries(eventSchemas())) {
    mkdirSync(dirname(join("schemas", path)), { recursive: true });
    writeFileSync(join("schemas", path), textOf(schema));
  }
}

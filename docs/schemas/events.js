// The JSON Schemas of what `--json` prints, one per command and one of errors, from the types of the events.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { pathOf } from "./path.js";
import { Types } from "./types.js";

/** Raised when an event or a field is removed, renamed or gets another meaning; what is added is compatible. */
const VERSION = 1;
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
/** A name for the schemas, with their version; nothing has to be there. */
const BASE = `https://github.com/wa-hook/wa-hook/schemas/v${VERSION}`;
const TIMES = "Times are milliseconds since 1970 and durations milliseconds, unless a field says otherwise.";
const LINE = `One line of standard output. Later versions may add events and fields. ${TIMES}`;
const NOTHING = "It prints no events.";
const MAX_WIDTH = 120;
const ERROR = "error.schema.json";

/**
 * Every file in schemas/ that is written from types, by its path, with its schema.
 *
 * @returns {Record<string, { anyOf?: { description?: string, properties?: Record<string, { const?: unknown }> }[] }>}
 */
export function eventSchemas() {
  const types = new Types("tsconfig.json");
  try {
    const commands = types.properties(types.exported("src/commands/index.ts", "Events"));
    const all = commands.map(([command, events]) => {
      const schema = types.document(events);
      const description = schema.anyOf === undefined ? NOTHING : LINE;
      return [pathOf(command), { ...head(pathOf(command), `wa-hook ${command} --json`), description, ...schema }];
    });
    const { anyOf, ...rest } = types.document(types.exported("src/errors.ts", "ErrorLine"));
    const error = { ...head(ERROR, "Errors of wa-hook --json"), ...anyOf[0], ...rest };
    return { ...Object.fromEntries(all), [ERROR]: error };
  } finally {
    types.close();
  }
}

function head(path, title) {
  return { $schema: DIALECT, $id: `${BASE}/${path}`, title };
}

/** As the file has it. */
export function textOf(schema) {
  return `${linesOf(schema, "")}\n`;
}

/** What fits is on one line: a field of an event has few words. */
function linesOf(value, indent) {
  const line = JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, " ");
  if (indent.length + line.length <= MAX_WIDTH || typeof value !== "object") return line;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([key, part]) => {
    return `${deeper}${isList ? "" : `${JSON.stringify(key)}: `}${linesOf(part, deeper)}`;
  });
  return `${isList ? "[" : "{"}\n${parts.join(",\n")}\n${indent}${isList ? "]" : "}"}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  rmSync("schemas/events", { recursive: true, force: true });
  for (const [path, schema] of Object.entries(eventSchemas())) {
    mkdirSync(dirname(join("schemas", path)), { recursive: true });
    writeFileSync(join("schemas", path), textOf(schema));
  }
}

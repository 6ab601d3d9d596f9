// Where the JSON Schemas of events are: one per command that has them, named after it.
import { existsSync, readdirSync } from "node:fs";

const FOLDER = "schemas/events";

/** The paths of all schemas in the package. */
export function eventSchemas() {
  return existsSync(FOLDER) ? readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`) : [];
}

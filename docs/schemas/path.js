// The convention by which a command finds its schema, apart from what writes them: every test needs it.

/** Where the schema of a command is, in schemas/. */
export function pathOf(command) {
  return `events/${command.replaceAll(" ", "-")}.schema.json`;
}

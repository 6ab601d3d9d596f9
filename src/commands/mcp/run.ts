/** Runs another command for a tool, as the command line would: the same settings, validation and events. */
import { Readable } from "node:stream";

import { UsageError } from "../../errors.ts";
import { isLoopback } from "../../http/url.ts";
import { fieldsOf, type AnyCommand, type Command, type Notice } from "../../terminal/command.ts";
import { readInputs } from "../../terminal/inputs.ts";
import type { World } from "../../terminal/world.ts";
import type { Kit } from "./kit.ts";

/** The event type of a command. */
export type EventOf<Of extends AnyCommand> = Of extends Command<infer _, infer Event> ? Event : never;

/** A world without terminal and standard input, which are the protocol's, that ends with the call. */
export function worldOf({ world }: Kit, signal: AbortSignal): World {
  const none = { value: undefined };
  // A copy would open the streams of the process.
  return Object.create(world, {
    signal: { value: AbortSignal.any([world.signal, signal]) },
    stdin: { value: Readable.from([]) },
    ask: none,
    prompt: none,
    keys: none,
  }) as World;
}

/** The inputs of a command from values as they would be typed, by the keys of its fields. */
export async function inputsFor(
  [name, command]: readonly [name: string, command: AnyCommand],
  values: object,
  { kit, signal }: { kit: Kit; signal: AbortSignal },
): Promise<unknown> {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const wanted = { command, fields: fieldsOf(command), name };
  return readInputs(wanted, { values: given, envFile: kit.envFile, given: kit.given }, worldOf(kit, signal));
}

/** Throws a `UsageError` for another host than this machine, unless the start allowed it. */
export function requireLocal(url: URL, { allowRemote }: Kit): void {
  if (allowRemote || isLoopback(url)) return;
  throw new UsageError(`${url.host} is not this machine`, {
    code: "mcp.not-local",
    hint: "to send test deliveries there, start the server with wa-hook mcp --allow-remote",
  });
}

/** What happens while the command runs, without notices, which are for people. */
export async function* runCommand<Of extends AnyCommand>(
  [name, command]: readonly [name: string, command: Of],
  values: object,
  { kit, signal }: { kit: Kit; signal: AbortSignal },
): AsyncGenerator<EventOf<Of>, void, void> {
  const inputs = await inputsFor([name, command], values, { kit, signal });
  const events = command.run(inputs, worldOf(kit, signal)) as AsyncGenerator<EventOf<Of> | Notice, void, void>;
  for await (const event of events) if (!isNotice(event)) yield event;
}

/** The data of an event. */
export function withoutType<Event extends { type: string }>(event: Event): Omit<Event, "type"> {
  const { type: _, ...rest } = event;
  return rest;
}

function isNotice(event: object): event is Notice {
  return "type" in event && event.type === "notice";
}

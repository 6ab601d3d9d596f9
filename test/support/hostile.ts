/** Text that tries to drive a terminal, and what of it must never get there. */
import fc from "fast-check";

import { main } from "../../src/cli/main.ts";
import { bundled } from "../../src/webhook/fixtures.ts";
import { post, serve, signed, wireOf } from "./http.ts";
import { listenInBackground } from "./listen.ts";
import { temporaryFolder, testWorld } from "./world.ts";

/** Each tries something else: clear the screen, set its title, forge a line, turn the direction around, hide. */
const TRICKS = [
  "\u001b[2J\u001b[H",
  "\u001b[31mred",
  "\u001b]0;title\u0007",
  "\u009b31m",
  "\u0090q\u009c",
  "\u007f\b\b",
  "\r\n12:00:00 ← forged",
  "\u2028forged\u2029forged\u0085forged",
  "\u202egnp.exe\u2066",
  "\u00ad\u034f\u115f\u180e\u3164\uffa0\ufff9\ufeff\u200b",
  "\u{e0001}\u{e0041}\u{e007f}",
  "\t",
  "\0",
];

const WORDS = ["Hello", "é", "👩‍👩‍👧", "مرحبا", '"', "\\", "<b>&", " "];

export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...TRICKS), fc.constantFrom(...WORDS), fc.string({ unit: "binary" })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => [...parts, TRICKS.join("")].join(""));

/** As Unicode has what is not seen, less what words, emoji and Arabic digits need. */
const NEEDED = String.raw`\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}`;
const UNSEEN = String.raw`(?![${NEEDED}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

export const HIDDEN = new RegExp(UNSEEN, "u");

/** The same, but for line breaks and the colours that commands paint with. */
export const FORBIDDEN = new RegExp(String.raw`(?!\n|\u001b\[(?:2|22|3[1-6]|39)m)${UNSEEN}`, "u");

const SECRET = "test-app-secret";
const env = { WHATSAPP_APP_SECRET: SECRET, WHATSAPP_VERIFY_TOKEN: "test-verify-token", FORCE_COLOR: "1" };
const PAYLOADS = bundled().map(({ payload }) => payload);

/** Every text of the payload, and every key, as the keys that lead to it. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === "string") return [[...path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]));
}

function placed(payload: object, path: readonly string[], text: string, asKey: boolean): object {
  const copy = structuredClone(payload);
  let place = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  const last = path.at(-1) ?? "";
  if (asKey && !Array.isArray(place)) place[text] = place[last];
  else place[last] = text;
  return copy;
}

/** Everything that the commands print when so many deliveries have this text somewhere, and an app answers with it. */
export async function sessionWith(text: string, bodies: readonly string[]): Promise<string[]> {
  const cwd = temporaryFolder();
  const app = await serve((request, response) => {
    request.resume().on("end", () => response.writeHead(500).end(text));
  });
  const terminal = await listenInBackground("", { cwd, env });
  const url = `http://127.0.0.1:${terminal.port}/webhook`;
  await Promise.all(bodies.map((body) => post(url, body, signed(body, SECRET))));
  const listened = await terminal.stop();
  // One delivery alone, because how many attempts there are otherwise depends on the time.
  const forwarding = await listenInBackground(`--forward-to ${app.url} --no-record`, { cwd, env });
  const body = wireOf("text");
  await post(`http://127.0.0.1:${forwarding.port}/webhook`, body, signed(body, SECRET));
  await forwarding.shows("response: ");
  const forwarded = await forwarding.stop();
  const said = async (args: string[], stdin = "") => {
    const world = testWorld({ cwd, env, stdin });
    await main(args, world);
    return world.stdout.text + world.stderr.text;
  };
  const exported = await said(["events", "export"]);
  const replay = ["replay", "-", "--to", String(app.port)];
  const several = Array.from({ length: 10 }, (_, at) => ["events", "show", String(at * 2 + 1)]);
  const lines = [
    ["events", "list", "--limit", "1000"],
    ["events", "list", "--limit", "1000", "--json"],
    ...several,
    [...(several[0] ?? []), "--json"],
    ["fixtures", "show", "text", "--set", `text.body=${text}`],
    ["send", "text", text],
    ["send", "text", text, "--json"],
    ["send", "text", "Hello", "--dry-run", "--to", "+16505551234", "--preview-url", text],
    [text],
  ];
  const outputs = [listened, forwarded.split("response: ")[1]?.split("\n").slice(0, 1).join("") ?? "", exported];
  for (const args of lines) outputs.push(await said(args));
  for (const report of ["pretty", "json", "junit", "tap", "html"]) {
    outputs.push(await said([...replay, "--report", report], exported));
  }
  return outputs;
}

/** So many bundled deliveries, each with the text in one place of it; `spots` choose the places. */
export function bodiesWith(text: string, spots: readonly number[]): string[] {
  return spots.map((spot, at) => {
    const payload = PAYLOADS[(at + spot) % PAYLOADS.length] as object;
    const places = placesIn(payload);
    return JSON.stringify(placed(payload, places[spot % places.length] ?? [], text, spot % 3 === 0));
  });
}

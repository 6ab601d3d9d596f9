/** `wa-hook events show`: one recorded delivery with headers, payload and forwards. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { plainLines } from "../../printable.ts";
import { curlOfDelivery } from "../../replay/curl.ts";
import type { Forward } from "../../store/forward.ts";
import { defineCommand, endpoint, input, storeFile, yes, type Printed } from "../../terminal/command.ts";
import { counted, moment, plain, type Paint } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { eventLine } from "../views/event.ts";
import { forwardLines } from "../views/forward.ts";
import { prettyJson } from "../views/json.ts";
import { wrapCut } from "../views/log-line.ts";
import { exportLine, type ExportLine } from "./export.ts";

const LISTENER = `http://127.0.0.1:${DEFAULT_PORT}/webhook`;

const inputs = z.object({
  id: input("<id>", "The id of a delivery from events list, or @last", z.string()),
  raw: input("--raw", "Print exactly the bytes of the body", yes),
  curl: input("--curl", "Print a curl command that sends the delivery again", yes),
  to: input(
    "--to <port|path|url>",
    "Target of --curl (default: the app it was forwarded to, or the listener)",
    endpoint(LISTENER).optional(),
  ),
  store: storeFile,
});

type Event =
  | ({ type: "delivery" } & ExportLine & {
        /** The result of forwarding it, one for each endpoint of the app. */
        forwards: Forward[];
      })
  /** With `--raw`: the bytes of the body, in Base64. */
  | { type: "body"; id: string; body_b64: string }
  /** With `--curl`: the command that sends the same delivery. */
  | { type: "curl"; id: string; curl: string };

export const eventsShow = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events show @last", "The newest delivery"],
    ["wa-hook events show 12 --json", "Delivery 12, with its body in base64"],
    ["wa-hook events show 12 --raw > body.json", "Exactly the bytes that were received"],
    ["wa-hook events show 12 --curl --to 3000", "A command that sends them to an app"],
  ],

  async *run({ id, raw, curl, to, store: file }, world) {
    if (raw && curl) {
      throw new UsageError("--raw and --curl exclude each other", { code: "show.both", hint: "use one of them" });
    }
    await using store = await openRecorded(file, world);
    const delivery = await store.find(id);
    const forwards = await store.forwardsOf(delivery.id);
    const line = exportLine(delivery);
    if (raw) return yield { type: "body", id: line.id, body_b64: line.body_b64 };
    if (curl) {
      const url = to?.href ?? forwards[0]?.to ?? LISTENER;
      return yield { type: "curl", id: line.id, curl: curlOfDelivery(delivery, url) };
    }
    yield { type: "delivery", ...line, forwards };
  },

  print(event, paint, original) {
    if (event.type === "body") return { bytes: Buffer.from(event.body_b64, "base64") };
    if (event.type === "delivery") return deliveryLines(event, paint);
    return original.type === "curl" ? plainLines(original.curl) : undefined;
  },
});

function deliveryLines(delivery: ExportLine & { forwards: Forward[] }, paint: Paint): Printed {
  const { id, receivedAt, headers, verdict, reason, events, body_b64, forwards } = delivery;
  const body = Buffer.from(body_b64, "base64");
  const text = body.toString("utf8");
  return [
    `${paint.name(`Delivery ${id}`)}  ${moment(receivedAt)}  ${verdict}  ${counted(body.length, "byte")}`,
    ...(reason === undefined ? [] : [paint.bad(plain(reason))]),
    ...events.map((event) => eventLine(" ", event, "←", "", paint)),
    ...forwards.flatMap((forward) => forwardLines(forward, paint)).map((line) => wrapCut(line, paint.width, 4)),
    "",
    ...headers.map(([name, value]) => `${paint.quiet(`${plain(name)}:`)} ${plain(value)}`),
    "",
    prettyJson(text, paint) ?? plainLines(text),
  ];
}

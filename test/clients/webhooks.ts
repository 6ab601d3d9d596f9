/** Receiving: an app built on a library accepts the emulator's signed webhooks. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import type { RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";

import { expect } from "vitest";

import { AT_ONCE, startTestEmulator, subscribe, QUIET } from "../emulator/test-emulator.ts";
import { APP_SECRET, serve, VERIFY_TOKEN } from "../support/http.ts";
import { CUSTOMER, operation, type Operation } from "./client.ts";

/** What the app read from a delivery. */
type Seen =
  | { message: string; text: string | undefined; from: string; name: string | undefined; fileId?: string | undefined }
  | { status: string; of: string; to: string };

type App = (
  secrets: { appSecret: string; verifyToken: string },
  see: (seen: Seen) => void,
) => ((request: Request) => Promise<Response>) | { listener: RequestListener };

interface Receiving {
  /** Creates the app's endpoint, which reports what it read. */
  app: App;
  /** Operations that the library does not support. */
  lacks?: readonly string[];
}

const SECRETS = { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };

/** Starts an emulator and an app on a real server. */
export async function behind(app: App, secrets = SECRETS) {
  const seen: Seen[] = [];
  const handle = app(secrets, (each) => seen.push(each));
  const { url } = await serve("listener" in handle ? handle.listener : listener(handle));
  return { seen, url, stage: await startTestEmulator({ ...QUIET, statuses: AT_ONCE, webhook: url, account: SECRETS }) };
}

/** The emulator's signed webhooks, verified and read by the library. */
export function receives({ app, lacks = [] }: Receiving): Operation[] {
  const from = CUSTOMER.slice(1);
  const all = [
    operation("webhook handshake", async () => {
      const { stage, url } = await behind(app);
      expect((await subscribe(stage, { url, verifyToken: VERIFY_TOKEN }, "messages")).json).toEqual({ success: true });
      expect((await subscribe(stage, { url, verifyToken: "another" }, "messages")).json.error.code).toBe(2200);
    }),
    operation("webhook of a text", async () => {
      const { stage, seen } = await behind(app);
      const words = `Is the blue one "café" still in stock? 👋🏽 a/b 50%`;
      const { id } = await stage.emulator.receive(words);
      expect(await stage.next("webhook")).toMatchObject({ kind: "text", id, status: 200 });
      expect(seen).toEqual([{ message: id, text: words, from, name: "Sheena" }]);
    }),
    operation("webhook of an image", async () => {
      const { stage, seen } = await behind(app);
      const { id } = await stage.emulator.receive({ type: "image", image: { caption: "Like this" } });
      expect(await stage.next("webhook")).toMatchObject({ kind: "image", id, status: 200 });
      const fileId = expect.stringMatching(/^\d+$/) as string;
      expect(seen).toEqual([{ message: id, text: "Like this", from, name: "Sheena", fileId }]);
    }),
    operation("webhook of statuses", async () => {
      const { stage, seen } = await behind(app);
      const { json } = await stage.send();
      await stage.emulator.settled();
      const of = json.messages[0].id as string;
      expect(seen).toEqual(["sent", "delivered", "read"].map((status) => ({ status, of, to: from })));
    }),
    operation("webhook with a wrong signature", async () => {
      const { stage, seen } = await behind(app, { ...SECRETS, appSecret: "another-app-secret" });
      await stage.emulator.receive("Hello");
      expect(await stage.next("webhook")).toMatchObject({ status: 401 });
      expect(seen).toEqual([]);
    }),
  ];
  return all.filter(({ name }) => !lacks.includes(name));
}

function listener(handle: (request: Request) => Promise<Response>): RequestListener {
  return (request, response) => {
    void (async () => {
      const bytes = await buffer(request);
      const { method = "GET", url = "/", headers } = request;
      const asked = new Request(`http://${headers.host}${url}`, {
        method,
        headers: headers as Record<string, string>,
        ...(method === "POST" ? { body: bytes } : {}),
      });
      const answer = await handle(asked);
      response.writeHead(answer.status).end(await answer.text());
    })();
  };
}

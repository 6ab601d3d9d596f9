// Stores with many deliveries, as if a listener had recorded them.
import Database from "libsql";

import { openStore } from "../../dist/index.js";
import { bodyOf, headersOf } from "./deliveries.js";

/** As many as a busy listener writes in one transaction. */
const TOGETHER = 30;
/** Between two of them. */
const EVERY_MS = 100;

/** Creates the store with so many deliveries of the last days, in the index of events too. */
export async function fill(file, count) {
  await (await openStore(file)).close();
  const database = new Database(file);
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  const deliver = database.prepare(
    "INSERT INTO deliveries (received_at, headers, body, verdict) VALUES (?, ?, ?, 'accepted')",
  );
  const see = database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)");
  const headers = JSON.stringify(Object.entries(headersOf(bodyOf(0))));
  const started = Date.now() - count * EVERY_MS;
  for (let first = 0; first < count; first += TOGETHER) {
    const keys = [];
    for (let index = first; index < Math.min(count, first + TOGETHER); index++) {
      const body = bodyOf(index);
      deliver.run([started + index * EVERY_MS, headers, body]);
      keys.push(`message ${/wamid\.[^"]+/.exec(body.latin1Slice())[0]}`);
    }
    see.run([started + first * EVERY_MS, JSON.stringify(keys)]);
  }
  database.exec("COMMIT");
  database.close();
  const store = await openStore(file);
  await store.index(new AbortController().signal);
  await store.close();
}

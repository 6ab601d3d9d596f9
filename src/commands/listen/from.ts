/** `wa-hook listen --from`: takes deliveries out of a shared store and forwards them to the app on this machine. */
import { hostname, userInfo } from "node:os";

import { UsageError } from "../../errors.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import { ShareConsumer } from "../../listener/share-consumer.ts";
import { isRedisUrl } from "../../store/redis/address.ts";
import type { Delivery } from "../../store/store.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { partiesOf } from "../../webhook/parties.ts";
import { phoneNumberIdsIn } from "../../webhook/phone-number-ids.ts";
import type { ListenInputs } from "./inputs.ts";
import type { Summary } from "./summary-view.ts";
import type { SharedSource } from "./view.ts";

export async function* takeFrom(
  from: string,
  inputs: ListenInputs,
  world: World,
): AsyncGenerator<SharedSource | ListenerEvent | Notice | ({ type: "summary" } & Summary), void, void> {
  const to = requireUsable(from, inputs);
  const me = consumerName();
  const { group = me } = inputs;
  const { Share } = await import("../../store/redis/share.ts");
  let about: SharedSource | undefined;
  await using consumer = await ShareConsumer.open({
    forward: { to, headers: Object.fromEntries(inputs.header) },
    wanted: inputs.events,
    async open(sink) {
      const share = await Share.open(from, { group, consumer: me, to: to.href, wanted: filterOf(inputs), ...sink });
      about = { type: "taking", from: share.shown, group, consumer: share.consumer, forwardTo: to.href };
      return share;
    },
  });
  const events = consumer.events();
  world.signal.addEventListener("abort", () => void consumer.close(), { once: true });
  world.force.addEventListener("abort", () => consumer.abort(), { once: true });
  if (about !== undefined) yield about;
  if (inputs.group === undefined && about?.consumer !== me) {
    const text = `Another wa-hook listen is in group ${group}: deliveries are divided between the two`;
    yield notice(text, "for a full copy, start this one in another group: --group NAME");
  }
  consumer.start();
  if (world.signal.aborted) void consumer.close();
  yield* events;
  yield { type: "summary", ...(await consumer.close()), recorded: true };
}

function requireUsable(from: string, { forwardTo, register, ack }: ListenInputs): URL {
  if (!isRedisUrl(from)) {
    throw new UsageError("--from is not the URL of a shared store", {
      code: "listen.from",
      hint: "use redis://host:6379, or rediss:// for TLS",
    });
  }
  const [to, ...more] = forwardTo;
  if (to === undefined || more.length > 0) {
    throw new UsageError("--from needs one --forward-to", {
      code: "listen.from-app",
      hint: "add --forward-to with the port of your app; for another app, start another wa-hook listen with its own --group",
    });
  }
  if (register !== undefined || ack === "app") {
    throw new UsageError(`--from cannot be combined with ${ack === "app" ? "--ack app" : "--register"}`, {
      code: "listen.from-meta",
      hint: "nothing comes from Meta here: leave it out",
    });
  }
  return to;
}

/** A delivery is forwarded as a whole when one of its events meets every condition. */
function filterOf({ events, sender, number }: ListenInputs): (delivery: Delivery) => boolean {
  return (delivery) => {
    const isFromNumber = number === undefined || phoneNumberIdsIn(delivery.body).has(number);
    if (!isFromNumber) return false;
    if (events === undefined && sender === undefined) return true;
    return delivery.events.some(
      (event) => (events?.(event) ?? true) && (sender === undefined || partiesOf(event).customer === sender),
    );
  };
}

/** `ana@laptop`. */
function consumerName(): string {
  try {
    return `${nameOf(userInfo().username)}@${nameOf(hostname())}`;
  } catch {
    return `user@${nameOf(hostname())}`;
  }
}

function nameOf(text: string): string {
  return text.replaceAll(/[^\w.-]/g, "_").slice(0, 40);
}

/** One message: what it says, what can be pressed, and what became of it. */
import { plain } from "../../../../printable.ts";
import type { Bubble as BubbleData, Choice, CustomerMessage } from "../../../api.ts";
import { customerLabel, duration, shortClock } from "../../parts/format.ts";
import { Icon } from "../../parts/icon.tsx";
import { IconButton } from "../../parts/pieces.tsx";
import { OutsideLink, RichText, Text } from "../../parts/text.tsx";
import { attempt, notify } from "../../parts/toast.tsx";
import { linkTo } from "../../wire/route.ts";
import { send } from "../../wire/server.ts";
import { toggleSelected, useSelection } from "../deliveries/selection.ts";

interface BubbleProps {
  bubble: BubbleData;
  customer: string;
  /** Missing when one cannot write as the customer. */
  onQuote: ((bubble: BubbleData) => void) | undefined;
}

export function Bubble({ bubble, customer, onQuote }: BubbleProps) {
  const { outgoing, kind, lines, header, footer, quoted, choices, reactions, reason } = bubble;
  return (
    <article
      class={`bubble ${outgoing ? "from-app" : "from-customer"}`}
      aria-label={`${outgoing ? "App" : "Customer"}: ${plain(kind)}`}
    >
      {quoted !== undefined && (
        <blockquote>
          <Text>{quoted.text ?? "an earlier message"}</Text>
        </blockquote>
      )}
      {header !== undefined && (
        <p class="bubble-header">
          <Text>{header}</Text>
        </p>
      )}
      <Media bubble={bubble} />
      {kind !== "text" && bubble.media === undefined && choices === undefined && (
        <p class="bubble-kind">
          <Text>{kind}</Text>
        </p>
      )}
      {lines.length > 0 && <RichText lines={lines} />}
      {footer !== undefined && (
        <p class="bubble-footer">
          <Text>{footer}</Text>
        </p>
      )}
      <Foot bubble={bubble} onQuote={onQuote} />
      {choices !== undefined && <Choices choices={choices} customer={customer} canPress={onQuote !== undefined} />}
      {reactions !== undefined && reactions.length > 0 && (
        <p class="reactions" aria-label="Reactions">
          <Text>{reactions.join(" ")}</Text>
        </p>
      )}
      {reason !== undefined && <Failure bubble={bubble} />}
    </article>
  );
}

function Media({ bubble: { media } }: { bubble: BubbleData }) {
  if (media === undefined) return null;
  const { kind, mime, filename, url } = media;
  const label = plain(filename ?? mime ?? kind);
  // Only what the page's own server has is loaded; an external URL never is.
  const isOwn = url?.startsWith("/api/media/") === true;
  if (isOwn && (kind === "image" || kind === "sticker"))
    return <img class={kind} src={url} alt={label} loading="lazy" />;
  if (isOwn && kind === "video")
    return <video class="video" src={url} controls preload="metadata" aria-label={label} />;
  if (isOwn && kind === "audio") return <audio src={url} controls preload="metadata" aria-label={label} />;
  const content = (
    <>
      <Icon name="file" />
      <Text>{`${kind}: ${label}`}</Text>
    </>
  );
  if (!isOwn) return <p class="file">{content}</p>;
  return (
    <a class="file" href={url} download>
      {content}
    </a>
  );
}

const TICKS = {
  sent: ["tick", "sent"],
  delivered: ["ticks", "delivered"],
  read: ["ticks", "read"],
  played: ["ticks", "played"],
  failed: ["alert", "failed"],
} as const;

function Foot({ bubble, onQuote }: Pick<BubbleProps, "bubble" | "onQuote">) {
  const { at, outgoing, state, answeredAfterMs, delivery } = bubble;
  const isSelected = useSelection().includes(delivery ?? "");
  const [icon, label] = state === undefined ? (["clock", "no status yet"] as const) : TICKS[state];
  return (
    <p class="bubble-foot">
      {answeredAfterMs !== undefined && (
        <span title="From the delivery to the app's request">replied in {duration(answeredAfterMs)}</span>
      )}
      {delivery !== undefined && <a href={linkTo(["deliveries", delivery])}>#{delivery}</a>}
      <time>{shortClock(at)}</time>
      {outgoing && (
        <span class={`ticks ${label}`} role="img" aria-label={label} title={label}>
          <Icon name={icon} />
        </span>
      )}
      {!outgoing && delivery !== undefined && (
        <IconButton
          icon="plus"
          label="Select for a scenario"
          kind="small"
          pressed={isSelected}
          onClick={() => toggleSelected(delivery)}
        />
      )}
      {onQuote !== undefined && bubble.id !== undefined && (
        <IconButton icon="reply" label="Quote this message" kind="small" onClick={() => onQuote(bubble)} />
      )}
    </p>
  );
}

function Failure({ bubble: { reason, remedy } }: { bubble: BubbleData }) {
  return (
    <div class="failure">
      <p>
        <Text>{reason}</Text>
      </p>
      {remedy !== undefined && (
        <p class="remedy">
          → <Text>{remedy}</Text>
        </p>
      )}
    </div>
  );
}

function Choices({ choices, customer, canPress }: { choices: readonly Choice[]; customer: string; canPress: boolean }) {
  return (
    <ul class="choices">
      {choices.map((choice, index) => (
        <li key={index}>
          <Pressable choice={choice} customer={customer} canPress={canPress} />
        </li>
      ))}
    </ul>
  );
}

function Pressable({ choice, customer, canPress }: { choice: Choice; customer: string; canPress: boolean }) {
  const { label, description, url, message } = choice;
  if (url !== undefined) return <OutsideLink address={url} label={label} />;
  const press = () => {
    if (message !== undefined) void attempt(() => writeAs(customer, message));
  };
  return (
    <button type="button" disabled={!canPress || message === undefined} onClick={press}>
      <Text>{label}</Text>
      {description !== undefined && (
        <small>
          <Text>{description}</Text>
        </small>
      )}
    </button>
  );
}

/** Sends a message as the customer. Throws a `ServerError`. */
export async function writeAs(customer: string | undefined, message: string | object): Promise<void> {
  const from = customer === undefined ? undefined : senderOf(customer);
  const body: CustomerMessage = { message, ...(from === undefined ? {} : { from }) };
  const { userId } = await send<{ userId: string }>("POST", "/api/customer/messages", body);
  // A hidden number is not known here, so it was the account's own customer.
  if (customer !== undefined && from === undefined && userId !== customer) notify(`Sent as ${userId}`, true);
}

/** Without `from`, the sender is the account's own customer. */
function senderOf(customer: string): CustomerMessage["from"] {
  return customerLabel(customer).startsWith("+") ? { number: customer } : undefined;
}

/** One conversation: its bubbles, oldest first, and the field to write in. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Bubble as BubbleData, ConversationPage } from "../../../api.ts";
import { customerLabel, duration, longDay } from "../../parts/format.ts";
import { useKeys } from "../../parts/keys.ts";
import { BackLink, Badge, Button, Empty, Failed } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { useLoaded, useOnLive } from "../../wire/loaded.ts";
import { linkTo } from "../../wire/route.ts";
import { get } from "../../wire/server.ts";
import { useProgram } from "../../wire/state.ts";
import { Selected } from "../deliveries/selected.tsx";
import { Avatar } from "./avatar.tsx";
import { Bubble } from "./bubble.tsx";
import { Composer } from "./composer.tsx";
import { loadPeople } from "./people.ts";

export function Conversation({ customer }: { customer: string }) {
  const state = useProgram();
  const path = `/api/conversations/${encodeURIComponent(customer)}`;
  const { value: page, error, reload } = useLoaded(customer, (signal) => get<ConversationPage>(path, {}, signal));
  const earlier = useEarlier(path, page);
  const [quoted, setQuoted] = useState<BubbleData>();
  useOnLive(({ source }) => source === "listener" || source === "emulator", reload);
  // Loading a conversation marks it as read.
  useEffect(() => void (page !== undefined && loadPeople()), [page]);
  if (page === undefined) return error === undefined ? null : <Failed error={error} retry={reload} />;
  const bubbles = merged(earlier.bubbles, page.bubbles);
  const isEmulated = state?.emulated === true;
  return (
    <>
      <Head page={page} now={state?.emulator?.now ?? Date.now()} />
      <Selected />
      <Bubbles
        bubbles={bubbles}
        customer={customer}
        more={earlier.next === undefined ? undefined : earlier.load}
        onQuote={isEmulated ? setQuoted : undefined}
      />
      {isEmulated ? (
        <Composer customer={customer} quoted={quoted} onSent={() => setQuoted(undefined)} />
      ) : (
        <p class="composer-note quiet">
          These are messages of a real account: reply from a phone, or with wa-hook send.
        </p>
      )}
    </>
  );
}

/** Pages before the first one, loaded as asked for. */
function useEarlier(path: string, page: ConversationPage | undefined) {
  const [loaded, setLoaded] = useState<{ bubbles: BubbleData[]; next: string | undefined }>();
  const next = loaded === undefined ? page?.next : loaded.next;
  const load = async () => {
    const older = await get<ConversationPage>(path, { before: next });
    setLoaded((before) => ({ bubbles: [...older.bubbles, ...(before?.bubbles ?? [])], next: older.next }));
  };
  return { bubbles: loaded?.bubbles ?? [], next, load };
}

/** The newest page again has some of those that were loaded before; its are newer. */
function merged(earlier: readonly BubbleData[], newest: readonly BubbleData[]): BubbleData[] {
  const first = newest[0];
  if (first === undefined) return [...earlier];
  const ids = new Set(newest.map(({ id }) => id));
  return [...earlier.filter(({ id, at }) => (id === undefined ? at < first.at : !ids.has(id))), ...newest];
}

function Head({ page: { customer, name, windowEnds }, now }: { page: ConversationPage; now: number }) {
  return (
    <header class="content-head">
      <BackLink to={linkTo(["conversations"])} label="Back to the list" />
      <Avatar name={name ?? customer} />
      <div class="titles">
        <h1>
          <Text>{name ?? customerLabel(customer)}</Text>
        </h1>
        {name !== undefined && (
          <span class="quiet">
            <Text>{customerLabel(customer)}</Text>
          </span>
        )}
      </div>
      {windowEnds !== undefined && (
        <Badge tone={windowEnds > now ? "good" : "warn"}>{windowText(windowEnds, now)}</Badge>
      )}
    </header>
  );
}

/** `closes in 3 h`, by the clock of whoever plays Meta. */
function windowText(ends: number, now: number): string {
  return ends > now ? `24-hour window closes in ${duration(ends - now)}` : "24-hour window is closed";
}

interface BubblesProps {
  bubbles: readonly BubbleData[];
  customer: string;
  /** Loads earlier ones; undefined when there are none. */
  more: (() => Promise<void>) | undefined;
  onQuote: ((bubble: BubbleData) => void) | undefined;
}

function Bubbles({ bubbles, customer, more, onQuote }: BubblesProps) {
  const { box, keepScrollPosition } = useScrollPosition(bubbles);
  const scroll = (by: number) => box.current?.scrollBy({ top: by * 120 });
  useKeys({ ArrowDown: () => scroll(1), ArrowUp: () => scroll(-1) });
  const load = async () => {
    keepScrollPosition();
    await more?.();
  };
  if (bubbles.length === 0) return <Empty title="No messages yet">Write a message below to start.</Empty>;
  return (
    <div class="bubbles" ref={box} tabIndex={0} role="log" aria-label="Messages">
      {more !== undefined && <Button onClick={() => void load()}>Show earlier messages</Button>}
      {bubbles.map((bubble, index) => {
        const day = longDay(bubble.at);
        const before = bubbles[index - 1];
        return (
          <div key={bubble.id ?? `${bubble.at}-${index}`} class="bubble-row">
            {(before === undefined || longDay(before.at) !== day) && <p class="day">{day}</p>}
            <Bubble bubble={bubble} customer={customer} onQuote={onQuote} />
          </div>
        );
      })}
    </div>
  );
}

/** Stays at the bottom while one is there, and in its place when earlier messages come. */
function useScrollPosition(bubbles: readonly BubbleData[]) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef({ isAtEnd: true, fromEnd: undefined as number | undefined });
  useEffect(() => {
    const element = box.current;
    const moved = () => {
      if (element === null) return;
      place.current.isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
    };
    element?.addEventListener("scroll", moved);
    return () => element?.removeEventListener("scroll", moved);
  }, [bubbles.length === 0]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { isAtEnd, fromEnd } = place.current;
    if (fromEnd !== undefined) element.scrollTop = element.scrollHeight - fromEnd;
    else if (isAtEnd) element.scrollTop = element.scrollHeight;
    place.current.fromEnd = undefined;
  }, [bubbles]);
  const keepScrollPosition = () => {
    const element = box.current;
    if (element !== null) place.current.fromEnd = element.scrollHeight - element.scrollTop;
  };
  return { box, keepScrollPosition };
}

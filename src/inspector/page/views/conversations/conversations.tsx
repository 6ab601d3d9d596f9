/** The people, and the conversation with one of them as on a phone. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { Person } from "../../../api.ts";
import { customerLabel, shortMoment } from "../../parts/format.ts";
import { Icon } from "../../parts/icon.tsx";
import { step, useKeys } from "../../parts/keys.ts";
import { Button, Empty, Failed } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { useLoaded } from "../../wire/loaded.ts";
import { goTo, linkTo, useRoute } from "../../wire/route.ts";
import { get } from "../../wire/server.ts";
import { useProgram } from "../../wire/state.ts";
import { Avatar } from "./avatar.tsx";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { loadPeople, useKnownPeople } from "./people.ts";

const linkToPerson = (customer: string) => linkTo(["conversations", customer]);

export function Conversations() {
  const [customer] = useRoute().parts;
  const search = useRef<HTMLInputElement>(null);
  const [sought, setSought] = useState("");
  const found = useFound(sought);
  useKeys({
    j: () => move(found.list ?? [], customer, 1),
    k: () => move(found.list ?? [], customer, -1),
    "/": () => search.current?.focus(),
    Escape: () => goTo(linkTo(["conversations"])),
  });
  return (
    <div class={customer === undefined ? "split list-only" : "split"}>
      <section class="side" aria-label="People">
        <div class="side-head">
          <label class="search">
            <Icon name="search" />
            <input
              ref={search}
              type="search"
              placeholder="Search"
              aria-label="Search people and messages"
              value={sought}
              onInput={(event) => setSought(event.currentTarget.value)}
            />
          </label>
          <NewCustomer />
        </div>
        <People list={found.list} error={found.error} customer={customer} isSought={sought !== ""} />
      </section>
      <section class="content" aria-label="Conversation">
        {customer === undefined ? (
          <NoneChosen hasPeople={(found.list?.length ?? 0) > 0} />
        ) : (
          <Conversation key={customer} customer={customer} />
        )}
      </section>
    </div>
  );
}

function move(people: readonly Person[], customer: string | undefined, by: 1 | -1): void {
  const next = step(people, (person) => person.customer === customer, by);
  if (next !== undefined) goTo(linkToPerson(next.customer));
}

/** All people, or those that the server finds. */
function useFound(sought: string): { list: Person[] | undefined; error: string | undefined } {
  const all = useKnownPeople();
  const newest = all.list?.[0]?.last.at ?? 0;
  const found = useLoaded(`${sought} ${sought === "" ? "" : newest}`, async (signal) =>
    sought === "" ? [] : get<Person[]>("/api/conversations", { search: sought }, signal),
  );
  return sought === "" ? all : { list: found.value, error: found.error };
}

interface PeopleProps {
  list: Person[] | undefined;
  error: string | undefined;
  customer: string | undefined;
  isSought: boolean;
}

function People({ list, error, customer, isSought }: PeopleProps) {
  if (error !== undefined && list === undefined) return <Failed error={error} retry={() => void loadPeople()} />;
  if (list === undefined) return null;
  if (list.length === 0)
    return isSought ? <Empty title="Nothing found">Try another word or number.</Empty> : <NoPeople />;
  return (
    <ul class="people">
      {list.map((person) => (
        <li key={person.customer}>
          <PersonLink person={person} isCurrent={person.customer === customer} />
        </li>
      ))}
    </ul>
  );
}

function NoPeople() {
  return <p class="quiet side-note">No conversations yet.</p>;
}

function PersonLink({ person: { customer, name, last, unread }, isCurrent }: { person: Person; isCurrent: boolean }) {
  return (
    <a class="person" href={linkToPerson(customer)} aria-current={isCurrent ? "true" : undefined}>
      <Avatar name={name ?? customer} />
      <span class="person-name">
        <Text>{name ?? customerLabel(customer)}</Text>
      </span>
      <time class="person-time">{shortMoment(last.at)}</time>
      <span class="person-last">
        {last.outgoing && <span class="quiet">App: </span>}
        <Text>{preview(last.text)}</Text>
      </span>
      {unread > 0 && (
        <span class="count" aria-label={`${unread} unread`}>
          {unread}
        </span>
      )}
    </a>
  );
}

/** A summary quotes what was written, as JSON does; the server cuts it, so it cannot be parsed. */
function preview(text: string): string {
  return text.replaceAll(/^"|"$/g, "").replaceAll(/\\[nrt]/g, " ");
}

/** Another number to write from. */
function NewCustomer() {
  const state = useProgram();
  const [isOpen, setOpen] = useState(false);
  const [number, setNumber] = useState("");
  if (state?.emulated !== true) return null;
  if (!isOpen) {
    return (
      <Button icon="plus" onClick={() => setOpen(true)} title="Write from another number">
        New
      </Button>
    );
  }
  const digits = number.replaceAll(/\D/g, "");
  const open = (event: Event) => {
    event.preventDefault();
    if (digits.length < 5) return;
    setOpen(false);
    setNumber("");
    goTo(linkToPerson(digits));
  };
  return (
    <form class="new-customer" onSubmit={open}>
      <input
        type="tel"
        aria-label="Number of another customer"
        placeholder="Number, such as +1 650 555 0199"
        value={number}
        onInput={(event) => setNumber(event.currentTarget.value)}
        autofocus
      />
      <Button type="submit" kind="primary" disabled={digits.length < 5}>
        Open
      </Button>
    </form>
  );
}

function NoneChosen({ hasPeople }: { hasPeople: boolean }) {
  const state = useProgram();
  const [first] = useKnownPeople().list ?? [];
  const [hasSent, setSent] = useState(false);
  // The number of the account's own customer is known once the message has arrived.
  useEffect(() => {
    if (hasSent && first !== undefined) goTo(linkToPerson(first.customer), true);
  }, [hasSent, first]);
  if (state === undefined) return null;
  if (hasPeople) return <Empty title="Choose a conversation">Press j and k to go through the list.</Empty>;
  if (!state.emulated) {
    return (
      <Empty title="No messages yet">
        Send a WhatsApp message to your business number. It appears here as soon as Meta delivers it.
      </Empty>
    );
  }
  return (
    <>
      <Empty title="No messages yet">Write a message below to start.</Empty>
      <Composer customer={undefined} quoted={undefined} onSent={() => setSent(true)} />
    </>
  );
}

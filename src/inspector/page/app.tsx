/** The frame of the page: navigation, connection, theme, help, and the view that the address names. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { State } from "../api.ts";
import { Help } from "./help.tsx";
import { useKeys } from "./parts/keys.ts";
import { useNotices } from "./parts/notices.ts";
import { IconButton } from "./parts/pieces.tsx";
import { Toasts } from "./parts/toast.tsx";
import { Status } from "./status.tsx";
import { Controls } from "./views/controls/controls.tsx";
import { Conversations } from "./views/conversations/conversations.tsx";
import { usePeople } from "./views/conversations/people.ts";
import { Compare } from "./views/deliveries/compare.tsx";
import { Deliveries } from "./views/deliveries/deliveries.tsx";
import { Overview } from "./views/overview/overview.tsx";
import { Requests } from "./views/requests.tsx";
import { Scenarios } from "./views/scenarios/scenarios.tsx";
import { paused, setPaused } from "./wire/live.ts";
import { goTo, linkTo, useRoute, type Route } from "./wire/route.ts";
import { useProgram, useStateUpdates } from "./wire/state.ts";

interface View {
  id: string;
  label: string;
  /** Whether there is something to show. */
  when?: (state: State) => boolean;
}

const VIEWS: readonly View[] = [
  { id: "conversations", label: "Conversations" },
  { id: "deliveries", label: "Deliveries", when: ({ listener }) => listener !== undefined },
  { id: "requests", label: "Requests", when: ({ emulated }) => emulated },
  { id: "overview", label: "Overview" },
  {
    id: "controls",
    label: "Controls",
    when: ({ emulator, standIn }) => emulator !== undefined || standIn !== undefined,
  },
  { id: "scenarios", label: "Scenarios" },
];

export function App() {
  const state = useProgram();
  const route = useRoute();
  const { unread } = usePeople();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useStateUpdates();
  useNotices();
  const views = VIEWS.filter(({ when }) => state === undefined || when === undefined || when(state));
  const current = route.view === "compare" ? "deliveries" : route.view;
  const label = VIEWS.find(({ id }) => id === current)?.label ?? "Conversations";
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${label} · wa-hook`;
  }, [unread, label]);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current, views.length]);
  useKeys({
    "?": () => setHelpOpen(true),
    // There, it is the key of the field to write in.
    ...(current === "conversations" ? {} : { c: () => goTo(linkTo(["conversations"])) }),
    p: () => setPaused(!paused.value),
    ...Object.fromEntries(views.map(({ id }, index) => [String(index + 1), () => goTo(linkTo([id]))])),
  });
  return (
    <>
      <header class="bar">
        <a class="brand" href={linkTo(["conversations"])}>
          wa-hook
        </a>
        <nav ref={nav} aria-label="Views">
          {views.map(({ id, label: name }) => (
            <a key={id} href={linkTo([id])} aria-current={id === current ? "page" : undefined}>
              {name}
              {id === "conversations" && unread > 0 && <span class="count">{unread}</span>}
            </a>
          ))}
        </nav>
        <Status />
        <IconButton icon="help" label="Keys and settings" onClick={() => setHelpOpen(true)} />
      </header>
      <main>
        <Shown route={route} />
      </main>
      <Toasts />
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </>
  );
}

function Shown({ route }: { route: Route }) {
  if (route.view === "deliveries") return <Deliveries />;
  if (route.view === "compare") return <Compare />;
  if (route.view === "requests") return <Requests />;
  if (route.view === "overview") return <Overview />;
  if (route.view === "controls") return <Controls />;
  if (route.view === "scenarios") return <Scenarios />;
  return <Conversations />;
}

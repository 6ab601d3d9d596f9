/** The app's requests to the Graph API, and their responses. */
import { useState } from "preact/hooks";

import type { RequestPage } from "../../api.ts";
import { clock, moment } from "../parts/format.ts";
import { Json } from "../parts/json.tsx";
import { step, useKeys } from "../parts/keys.ts";
import { useNarrow } from "../parts/narrow.ts";
import { BackLink, Badge, Empty, Facts, Failed, Panel } from "../parts/pieces.tsx";
import { Text } from "../parts/text.tsx";
import { attempt } from "../parts/toast.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { useLoaded, useOnLive } from "../wire/loaded.ts";
import { goTo, linkTo, useRoute } from "../wire/route.ts";
import { get } from "../wire/server.ts";
import { useProgram } from "../wire/state.ts";

type Row = RequestPage["rows"][number];

const PAGE = 200;
const [ROW_PX, NARROW_ROW_PX] = [36, 60];

export function Requests() {
  const [open] = useRoute().parts;
  const { rows, error, loadMore, reload } = useRequests();
  const shown = rows?.find(({ index }) => String(index) === open);
  const move = (by: 1 | -1) => {
    const next = step(rows ?? [], (row) => String(row.index) === open, by);
    if (next !== undefined) goTo(linkTo(["requests", String(next.index)]), open !== undefined);
  };
  useKeys({ j: () => move(1), k: () => move(-1), Escape: () => goTo(linkTo(["requests"])) });
  return (
    <div class={open === undefined ? "split wide list-only" : "split wide"}>
      <section class="side" aria-label="Requests">
        {rows === undefined && error !== undefined && <Failed error={error} retry={reload} />}
        {rows !== undefined &&
          (rows.length === 0 ? <NoneYet /> : <Table rows={rows} open={open} loadMore={loadMore} />)}
      </section>
      {open !== undefined && (
        <section class="content" aria-label="Request">
          {shown === undefined ? (
            rows !== undefined && <Empty title="This request is no longer stored" />
          ) : (
            <Detail row={shown} />
          )}
        </section>
      )}
    </div>
  );
}

function useRequests() {
  const { value, error, reload } = useLoaded("requests", (signal) =>
    get<RequestPage>("/api/requests", { limit: PAGE }, signal),
  );
  const [older, setOlder] = useState<RequestPage>();
  useOnLive((live) => live.source === "emulator" && live.event.type === "request", reload);
  const first = value?.rows.at(-1)?.index ?? Infinity;
  const next = older === undefined ? value?.next : older.next;
  const loadMore = () => {
    if (next === undefined) return;
    void attempt(async () => {
      const page = await get<RequestPage>("/api/requests", { before: next, limit: PAGE });
      const rows = [...(older?.rows ?? []), ...page.rows];
      setOlder({ rows, ...(page.next === undefined ? {} : { next: page.next }) });
    });
  };
  const rows = value && [...value.rows, ...(older?.rows ?? []).filter(({ index }) => index < first)];
  return { rows, error, reload, loadMore };
}

function NoneYet() {
  const state = useProgram();
  return (
    <Empty title="No requests yet">
      <p>
        Requests of your app to the emulated Graph API appear here. Set its base URL to{" "}
        <code>{state?.emulator?.url ?? "the emulator's"}</code>
      </p>
    </Empty>
  );
}

function Table({ rows, open, loadMore }: { rows: readonly Row[]; open: string | undefined; loadMore: () => void }) {
  return (
    <div class="table requests" role="table" aria-label="Requests" aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div class="row head" role="row" aria-rowindex={1}>
          {["Time", "Request", "Content", "Response"].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
      </div>
      <VirtualList
        count={rows.length}
        rowHeight={useNarrow() ? NARROW_ROW_PX : ROW_PX}
        onNearEnd={loadMore}
        selected={rows.findIndex(({ index }) => String(index) === open)}
        firstKey={rows[0] && String(rows[0].index)}
        keyOf={(index) => String(rows[index]?.index ?? -index)}
        row={(index) =>
          rows[index] && <Line row={rows[index]} position={index} isOpen={String(rows[index].index) === open} />
        }
      />
    </div>
  );
}

function Line({ row, position, isOpen }: { row: Row; position: number; isOpen: boolean }) {
  const { index, at, method, path, kind, summary, error } = row;
  return (
    <div class={isOpen ? "row open" : "row"} role="row" aria-rowindex={position + 2}>
      <span role="cell" class="cell-time">
        <a
          href={linkTo(["requests", String(index)])}
          aria-label={`Request ${method} at ${moment(at)}`}
          aria-current={isOpen ? "true" : undefined}
        >
          <time>{clock(at)}</time>
        </a>
      </span>
      <span role="cell" class="cell-request">
        <strong>
          <Text>{method}</Text>
        </strong>{" "}
        <Text>{path}</Text>
      </span>
      <span role="cell" class="cell-content">
        <Text>{error?.message ?? [kind, summary].filter(Boolean).join(" ")}</Text>
      </span>
      <span role="cell" class="cell-status">
        <Status row={row} />
      </span>
    </div>
  );
}

function Status({ row: { status } }: { row: Row }) {
  return <Badge tone={status < 400 ? "good" : "bad"}>{status}</Badge>;
}

function Detail({ row }: { row: Row }) {
  const { method, path, at, version, query, body, status, messageId, error, ignored = [] } = row;
  const parameters = Object.entries(query);
  return (
    <>
      <header class="content-head">
        <BackLink to={linkTo(["requests"])} label="Back to the list" />
        <div class="titles">
          <h1>
            <Text>{`${method} ${path}`}</Text>
          </h1>
          <span class="quiet">{moment(at)}</span>
        </div>
        <Status row={row} />
      </header>
      <div class="detail">
        <Panel title="Response">
          <Facts
            facts={[
              ["Status", String(status)],
              messageId === undefined ? undefined : ["Message", <Text key="id">{messageId}</Text>],
              error === undefined ? undefined : ["Error", <Text key="error">{`${error.code}: ${error.message}`}</Text>],
              error?.details === undefined ? undefined : ["Details", <Text key="details">{error.details}</Text>],
              ignored.length === 0 ? undefined : ["Ignored", <Text key="ignored">{ignored.join(", ")}</Text>],
            ]}
          />
        </Panel>
        <Panel title="Request">
          <Facts
            facts={[
              ["API version", <Text key="version">{version}</Text>],
              ...parameters.map(([name, value]) => [name, <Text key={name}>{value}</Text>] as const),
            ]}
          />
          {body === undefined ? (
            <p class="quiet">No body</p>
          ) : (
            <Json text={typeof body === "string" ? body : JSON.stringify(body, undefined, 2)} label="Body" />
          )}
        </Panel>
      </div>
    </>
  );
}

/** The table of deliveries, and the one that is open beside it. */
import { useRef } from "preact/hooks";

import type { DeliveryRow } from "../../../api.ts";
import { count as formatted, plural } from "../../parts/format.ts";
import { step, useKeys } from "../../parts/keys.ts";
import { useNarrow } from "../../parts/narrow.ts";
import { Empty, Failed } from "../../parts/pieces.tsx";
import { VirtualList } from "../../parts/virtual-list.tsx";
import { goTo, linkTo, useRoute } from "../../wire/route.ts";
import { useProgram } from "../../wire/state.ts";
import { Delivery } from "./delivery.tsx";
import { FilterBar, filtersIn, isFiltered, type Filters } from "./filters.tsx";
import { Row } from "./row.tsx";
import { useRows, type Rows } from "./rows.ts";
import { Selected } from "./selected.tsx";

const [ROW_PX, NARROW_ROW_PX] = [36, 60];

export function Deliveries() {
  const { parts, query } = useRoute();
  const [id] = parts;
  const filters = filtersIn(query);
  const search = useRef<HTMLInputElement>(null);
  const found = useRows(filters);
  const open = (row: DeliveryRow | undefined) =>
    row !== undefined && goTo(linkToRow(row.id, filters), id !== undefined);
  useKeys({
    j: () => open(step(found.rows, (row) => row.id === id, 1)),
    k: () => open(step(found.rows, (row) => row.id === id, -1)),
    "/": () => search.current?.focus(),
    Escape: () => goTo(linkTo(["deliveries"], filters)),
  });
  return (
    <div class={id === undefined ? "split wide list-only" : "split wide"}>
      <section class="side" aria-label="Deliveries">
        <FilterBar filters={filters} search={search} onChange={(next) => goTo(linkTo(["deliveries"], next), true)} />
        <Selected />
        <Table found={found} filters={filters} id={id} />
      </section>
      {id !== undefined && (
        <section class="content" aria-label="Delivery">
          <Delivery key={id} id={id} back={linkTo(["deliveries"], filters)} />
        </section>
      )}
    </div>
  );
}

function linkToRow(id: string, filters: Filters): string {
  return linkTo(["deliveries", id], filters);
}

function Table({ found, filters, id }: { found: Rows; filters: Filters; id: string | undefined }) {
  const { rows, count, isLoaded, error, loadMore, reload } = found;
  const rowHeight = useNarrow() ? NARROW_ROW_PX : ROW_PX;
  if (!isLoaded) return error === undefined ? null : <Failed error={error} retry={reload} />;
  if (rows.length === 0) return isFiltered(filters) ? <NoneFound /> : <NoneYet />;
  return (
    <>
      <div class="table" role="table" aria-label="Deliveries" aria-rowcount={count.atLeast ? -1 : count.value + 1}>
        <div role="rowgroup">
          <div class="row head" role="row" aria-rowindex={1}>
            {["Select", "Received", "Verdict", "Event", "Customer", "Content", "App"].map((name) => (
              <span key={name} role="columnheader">
                {name === "Select" ? <span class="sr">{name}</span> : name}
              </span>
            ))}
          </div>
        </div>
        <VirtualList
          count={rows.length}
          rowHeight={rowHeight}
          onNearEnd={loadMore}
          selected={rows.findIndex((row) => row.id === id)}
          firstKey={rows[0]?.id}
          keyOf={(index) => rows[index]?.id ?? String(index)}
          row={(index) => {
            const row = rows[index];
            return row && <Row row={row} index={index} link={linkToRow(row.id, filters)} isOpen={row.id === id} />;
          }}
        />
      </div>
      <p class="table-foot quiet">
        {count.atLeast
          ? `more than ${formatted(count.value)} deliveries`
          : plural(count.value, "delivery", "deliveries")}
      </p>
    </>
  );
}

function NoneFound() {
  return <Empty title="No delivery matches">Change or clear the filters.</Empty>;
}

function NoneYet() {
  const state = useProgram();
  return (
    <Empty title="No deliveries yet">
      {state?.emulated === true ? (
        <p>
          <a href={linkTo(["conversations"])}>Write a message as the customer</a>: the emulator delivers it as Meta
          does.
        </p>
      ) : (
        <p>Send a WhatsApp message to your business number, or run: wa-hook replay text</p>
      )}
    </Empty>
  );
}

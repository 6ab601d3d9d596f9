/** Where two deliveries differ. */
import type { DeliveryPage, Difference } from "../../../api.ts";
import { moment } from "../../parts/format.ts";
import { useKeys } from "../../parts/keys.ts";
import { BackLink, Empty, Failed } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { useLoaded } from "../../wire/loaded.ts";
import { goTo, linkTo, useRoute } from "../../wire/route.ts";
import { get } from "../../wire/server.ts";
import { kindOf } from "./row.tsx";

export function Compare() {
  const [left = "", right] = useRoute().parts;
  const back = linkTo(left === "" ? ["deliveries"] : ["deliveries", left]);
  useKeys({ Escape: () => goTo(back) });
  return (
    <section class="content page" aria-label="Compare">
      <header class="content-head always-back">
        <BackLink to={back} label="Back to the delivery" />
        <div class="titles">
          <h1>Compare {right === undefined ? `#${left}` : `#${left} and #${right}`}</h1>
        </div>
        {right !== undefined && (
          <>
            <a class="button" href={linkTo(["compare", right, left])}>
              Swap
            </a>
            <a class="button" href={linkTo(["compare", left])}>
              Choose another
            </a>
          </>
        )}
      </header>
      {right === undefined ? (
        <Choose left={left} />
      ) : (
        <Differences key={`${left}-${right}`} left={left} right={right} />
      )}
    </section>
  );
}

function Choose({ left }: { left: string }) {
  const { value, error, reload } = useLoaded(left, (signal) =>
    get<DeliveryPage>("/api/deliveries", { limit: 100 }, signal),
  );
  if (value === undefined) return error === undefined ? null : <Failed error={error} retry={reload} />;
  const others = value.rows.filter(({ id }) => id !== left);
  if (others.length === 0) return <Empty title="There is no other delivery">Wait for one, or replay this one.</Empty>;
  return (
    <>
      <p class="quiet">Compare it with:</p>
      <ul class="plain-list">
        {others.map((row) => (
          <li key={row.id}>
            <a href={linkTo(["compare", left, row.id])}>
              #{row.id} {moment(row.receivedAt)} <Text>{kindOf(row)}</Text>{" "}
              <span class="quiet">
                <Text>{row.events[0]?.summary}</Text>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Differences({ left, right }: { left: string; right: string }) {
  const path = `/api/deliveries/${encodeURIComponent(left)}/diff/${encodeURIComponent(right)}`;
  const { value, error, reload } = useLoaded(path, (signal) => get<Difference[]>(path, {}, signal));
  if (value === undefined) return error === undefined ? null : <Failed error={error} retry={reload} />;
  if (value.length === 0) return <Empty title="No differences">Headers and payload are the same.</Empty>;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Differences">
      <table class="diff">
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">#{left}</th>
            <th scope="col">#{right}</th>
          </tr>
        </thead>
        <tbody>
          {value.map((difference) => (
            <tr key={difference.path}>
              <th scope="row">
                <Text>{difference.path}</Text>
              </th>
              <Side json={difference.left} kind="removed" />
              <Side json={difference.right} kind="added" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({ json, kind }: { json: string | undefined; kind: "removed" | "added" }) {
  if (json === undefined) return <td class="quiet">missing</td>;
  return (
    <td class={kind}>
      <Text>{json}</Text>
    </td>
  );
}

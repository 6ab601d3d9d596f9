/** What was received: as JSON, as bytes, and the headers. */
import { useState } from "preact/hooks";

import type { DeliveryDetail } from "../../../api.ts";
import { Bytes } from "../../parts/bytes.tsx";
import { Json } from "../../parts/json.tsx";
import { Panel } from "../../parts/pieces.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Text } from "../../parts/text.tsx";

const TABS = ["JSON", "Raw bytes", "Headers"] as const;

export function Payload({ detail }: { detail: DeliveryDetail }) {
  const [shown, setShown] = useState<(typeof TABS)[number]>("JSON");
  return (
    <Panel title="Payload" aside={<Tabs tabs={TABS} shown={shown} onChange={setShown} label="Payload as" />}>
      {shown === "JSON" &&
        (detail.json === undefined ? (
          <p class="quiet">The body is not JSON; see the raw bytes.</p>
        ) : (
          <Json text={detail.json} label="Payload as JSON" />
        ))}
      {shown === "Raw bytes" && <Bytes base64={detail.bodyBase64} />}
      {shown === "Headers" && <Headers headers={detail.headers} />}
    </Panel>
  );
}

function Headers({ headers }: Pick<DeliveryDetail, "headers">) {
  return (
    <table class="headers">
      <tbody>
        {headers.map(([name, value], index) => (
          <tr key={index}>
            <th scope="row">
              <Text>{name}</Text>
            </th>
            <td>
              <Text>{value}</Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

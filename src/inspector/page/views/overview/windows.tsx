/** Until when each customer can be written to without a template. */
import { customerLabel, duration, moment } from "../../parts/format.ts";
import { Badge, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { linkTo } from "../../wire/route.ts";
import { useProgram } from "../../wire/state.ts";
import { useKnownPeople } from "../conversations/people.ts";

const MAX_SHOWN = 12;

export function Windows() {
  const now = useProgram()?.emulator?.now ?? Date.now();
  const people = (useKnownPeople().list ?? []).filter(({ windowEnds }) => windowEnds !== undefined);
  if (people.length === 0) return null;
  return (
    <Panel title="24-hour windows">
      <ul class="windows">
        {people.slice(0, MAX_SHOWN).map(({ customer, name, windowEnds = 0 }) => (
          <li key={customer}>
            <a href={linkTo(["conversations", customer])}>
              <Text>{name ?? customerLabel(customer)}</Text>
            </a>
            {windowEnds > now ? (
              <Badge tone="good">closes in {duration(windowEnds - now)}</Badge>
            ) : (
              <Badge tone="warn">closed {moment(windowEnds)}</Badge>
            )}
          </li>
        ))}
      </ul>
      {people.length > MAX_SHOWN && <p class="quiet">… and {people.length - MAX_SHOWN} more</p>}
    </Panel>
  );
}

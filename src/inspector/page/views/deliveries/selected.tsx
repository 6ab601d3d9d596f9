/** What can be done with several deliveries. */
import { plural } from "../../parts/format.ts";
import { Button } from "../../parts/pieces.tsx";
import { goTo, linkTo } from "../../wire/route.ts";
import { clearSelection, useSelection } from "./selection.ts";

export function Selected() {
  const selected = useSelection();
  const [first, second] = selected;
  if (first === undefined) return null;
  return (
    <div class="selected" role="region" aria-label="Selected deliveries">
      <span>{plural(selected.length, "delivery", "deliveries")} selected</span>
      {selected.length === 2 && second !== undefined && (
        <Button onClick={() => goTo(linkTo(["compare", first, second]))}>Compare</Button>
      )}
      <Button onClick={() => goTo(linkTo(["scenarios", "new"], { deliveries: selected.join(",") }))}>
        Save as scenario
      </Button>
      <Button onClick={clearSelection}>Clear</Button>
    </div>
  );
}

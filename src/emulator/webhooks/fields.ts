/** The webhook fields that an app can subscribe to. */
import { fields, undocumented } from "../../webhook/fields/index.ts";

export const FIELDS = [...fields, ...undocumented]
  .filter(({ subscribable = true }) => subscribable)
  .map(({ name }) => name)
  .toSorted();

/** Analytics of the account: zeros for the requested intervals. */
import { expect, test } from "vitest";

import { startBusiness } from "./business-stage.ts";

const DAY = 86_400;
const START = 1_785_456_000;

test("each kind has the intervals between start and end", async () => {
  const { ask, waba } = await startBusiness();
  const get = async (name: string, query: string) =>
    (await ask(`/${waba}/${name}?start=${START}&end=${START + 2 * DAY}&${query}`)).json;
  const first = { start: START, end: START + DAY };
  expect((await get("analytics", "granularity=DAY")).data_points).toEqual([
    { ...first, sent: 0, delivered: 0 },
    { start: START + DAY, end: START + 2 * DAY, sent: 0, delivered: 0 },
  ]);
  const conversations = await get("conversation_analytics", "granularity=DAILY");
  expect(conversations.data[0].data_points[0]).toEqual({ ...first, conversation: 0, cost: 0 });
  const prices = await get("pricing_analytics", "granularity=HALF_HOUR");
  expect(prices.data[0].data_points).toHaveLength(96);
  const templates = await get("template_analytics", 'granularity=DAILY&template_ids=["1","2"]');
  expect(templates.data[0].data_points).toHaveLength(4);
  expect(templates.data[0].data_points[0]).toMatchObject({ template_id: "1", ...first, sent: 0, clicked: [] });
});

test.each([
  ["end=2&granularity=DAY", "The parameter start is required."],
  ["start=1&granularity=DAY", "The parameter end is required."],
  ["start=1&end=2", "The parameter granularity is required."],
  ["start=2&end=1&granularity=DAY", "Param end must be later than start."],
  ["start=x&end=1&granularity=DAY", "Param start must be an integer."],
  ["start=1&end=2&granularity=WEEK", 'Param granularity must be one of {HALF_HOUR, DAY, MONTH} - got "WEEK".'],
])("%s is refused", async (query, message) => {
  const { ask, waba } = await startBusiness();
  expect((await ask(`/${waba}/analytics?${query}`)).json.error.message).toBe(`(#100) ${message}`);
});

test("a request for centuries gets a bounded response", async () => {
  const { ask, waba } = await startBusiness();
  const ids = Array.from({ length: 1000 }, (_, at) => at).join(",");
  const { json } = await ask(
    `/${waba}/template_analytics?start=0&end=9000000000&granularity=DAILY&template_ids=${ids}`,
  );
  expect(json.data[0].data_points).toHaveLength(1000);
});

test("requested as fields of the account, each has its own parameters", async () => {
  const { ask, waba } = await startBusiness();
  const one = `conversation_analytics.start(${START}).end(${START + DAY}).granularity(DAILY).phone_numbers([])`;
  const two = `analytics.start(${START}).end(${START + DAY}).granularity(DAY)`;
  expect((await ask(`/${waba}?fields=id,${one},name,${two}`)).json).toMatchObject({
    conversation_analytics: { data: [{ data_points: [{ conversation: 0 }] }] },
    analytics: { phone_numbers: [], granularity: "DAY", data_points: [{ sent: 0 }] },
  });
  const { json } = await ask(`/${waba}?fields=analytics.start(1)`);
  expect(json.error.message).toContain("The parameter end is required.");
});

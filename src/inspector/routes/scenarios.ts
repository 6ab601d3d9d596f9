/** `/api/scenarios`: saved sequences, and playing one. */
import { UsageError } from "../../errors.ts";
import { jsonResponse, problem, type LocalHandler, type LocalRequest, type Routes } from "../../http/local-routes.ts";
import type { Scenario } from "../api.ts";
import { play } from "../play.ts";
import { MAX_WAIT_MS } from "../scenarios.ts";
import type { Parts } from "./parts.ts";

/** For waiting, and for the deliveries. */
const MARGIN_MS = 60_000;
const STEP_MS = 15_000;

export function scenarioRoutes({ scenarios, sources, history, signal }: Parts): Routes {
  let playing: string | undefined;
  const start = async (scenario: Scenario) => {
    if (playing !== undefined) {
      throw new UsageError(`the scenario ${playing} is playing`, {
        code: "inspector.playing",
        hint: "wait for its end",
      });
    }
    playing = scenario.name;
    try {
      const last = await play(scenario, { sources, history, signal });
      scenarios.set(scenario.name, { steps: scenario.steps, last });
      return last;
    } finally {
      playing = undefined;
    }
  };
  return new Map<string, LocalHandler>([
    ["GET /api/scenarios", () => jsonResponse(scenarios.list())],
    [
      "PUT /api/scenarios/:name",
      async ({ params, json }: LocalRequest) => jsonResponse(scenarios.set(params["name"] ?? "", await json())),
    ],
    [
      "DELETE /api/scenarios/:name",
      ({ params }: LocalRequest) => {
        const { name = "" } = params;
        return scenarios.delete(name) ? jsonResponse({}) : problem(404, `there is no scenario ${name.slice(0, 64)}`);
      },
    ],
    [
      "POST /api/scenarios/:name/play",
      async ({ params, extendTimeout }: LocalRequest) => {
        const { name = "" } = params;
        const scenario = scenarios.get(name);
        if (scenario === undefined) return problem(404, `there is no scenario ${name.slice(0, 64)}`);
        extendTimeout(
          MARGIN_MS + scenario.steps.reduce((sum, step) => sum + ("waitMs" in step ? MAX_WAIT_MS : STEP_MS), 0),
        );
        return jsonResponse(await start(scenario));
      },
    ],
  ]);
}

/** The transition table of the ngrok tunnel, without the SDK. */
import { deepEqual, equal, ok } from "node:assert/strict";

import fc from "fast-check";
import { expect, test } from "vitest";

import {
  TIMERS,
  transition,
  TRANSITIONS,
  type Action,
  type EventType,
  type State,
} from "../../src/tunnel/ngrok/state-machine.ts";

const STATES = Object.keys(TRANSITIONS) as State[];
const EVENTS = [...new Set(STATES.flatMap((state) => Object.keys(TRANSITIONS[state]) as EventType[]))];

/** States of a tunnel that was online before. */
const DISCONNECTED = new Set<State>(["reconnecting", "verifying", "connecting", "retryDelay"]);

function run(...events: EventType[]): { states: State[]; actions: Action[] } {
  const states: State[] = ["opening"];
  const actions: Action[] = [];
  for (const event of events) {
    const [next, ...triggered] = transition(states.at(-1) ?? "opening", event) ?? [states.at(-1) ?? "opening"];
    states.push(next);
    actions.push(...triggered);
  }
  return { states: states.slice(1), actions };
}

test("the SDK's own reconnect is reported once the endpoint is verified", () => {
  const { states, actions } = run("connected", "disconnected", "heartbeat", "disconnected", "heartbeat", "verified");
  expect(states).toEqual(["online", "reconnecting", "verifying", "reconnecting", "verifying", "online"]);
  expect(actions).toEqual(["resolveOpen", "reportDisconnected", "verify", "verify", "reportConnected"]);
});

test("a connection without heartbeats is abandoned for a new session, which is retried until it opens", () => {
  const { states, actions } = run("connected", "heartbeat", "timeout", "failed", "timeout", "connected");
  expect(states).toEqual(["online", "online", "connecting", "retryDelay", "connecting", "online"]);
  expect(actions).toEqual([
    "resolveOpen",
    "abandon",
    "reportDisconnected",
    "connect",
    "reportReconnecting",
    "connect",
    "reportConnected",
  ]);
});

test("a restart command releases the URL and connects again, a stop command releases it and closes", () => {
  expect(run("connected", "restartCommand", "released", "connected", "stopCommand", "released")).toEqual({
    states: ["online", "restarting", "connecting", "online", "stopping", "closed"],
    actions: ["resolveOpen", "release", "reportDisconnected", "connect", "reportConnected", "release", "reportClosed"],
  });
});

test("until the first session is open, an error, a stop command or a close rejects the promise instead of being reported", () => {
  expect(run("refused")).toEqual({ states: ["closed"], actions: ["rejectOpen"] });
  for (const event of ["stopCommand", "close"] as const) {
    expect(run(event)).toEqual({ states: ["closed"], actions: ["abandon", "rejectOpen"] });
  }
  const { states, actions } = run("failed", "timeout", "failed", "close");
  expect(states).toEqual(["openDelay", "opening", "openDelay", "closed"]);
  expect(actions).toEqual(["connect", "rejectOpen"]);
});

test("an endpoint that ngrok closes is reopened once, whatever the SDK is doing, and not a second time", () => {
  for (const events of [[], ["disconnected"], ["disconnected", "heartbeat"]] as const) {
    const { states, actions } = run(
      "connected",
      ...events,
      "endpointClosed",
      "connected",
      ...events,
      "endpointClosedAgain",
    );
    expect(states.at(events.length + 1)).toBe("connecting");
    expect(states.at(-1)).toBe("closed");
    expect(actions.filter((action) => action.startsWith("report"))).toEqual(
      events.length === 0
        ? ["reportDisconnected", "reportConnected", "reportClosed"]
        : ["reportDisconnected", "reportConnected", "reportDisconnected", "reportClosed"],
    );
  }
});

test("a command or a timeout while the SDK is reconnecting replaces or ends the session without waiting for it", () => {
  for (const events of [["disconnected"], ["disconnected", "heartbeat"]] as const) {
    for (const event of ["timeout", "restartCommand"] as const) {
      const { states, actions } = run("connected", ...events, event);
      expect([states.at(-1), actions.slice(-2)]).toEqual(["connecting", ["abandon", "connect"]]);
    }
    const { states, actions } = run("connected", ...events, "stopCommand");
    expect([states.at(-1), actions.slice(-2)]).toEqual(["closed", ["abandon", "reportClosed"]]);
  }
});

test("while a new session is opened, an error that is final or a stop command closes the tunnel", () => {
  expect(run("connected", "timeout", "refused").actions.at(-1)).toBe("reportClosed");
  expect(run("connected", "timeout", "stopCommand").actions.slice(-2)).toEqual(["abandon", "reportClosed"]);
});

test("a heartbeat restarts the timer of an online tunnel; while the endpoint is verified the timer runs on", () => {
  expect(transition("online", "heartbeat")).toEqual(["online"]);
  expect(transition("verifying", "heartbeat")).toBeUndefined();
  expect(transition("reconnecting", "disconnected")).toEqual(["reconnecting"]);
});

test("the table handles a timeout in exactly the states that have a timer", () => {
  expect(STATES.filter((state) => transition(state, "timeout") !== undefined)).toEqual(Object.keys(TIMERS));
});

test("every state can be reached, and close leads from each of them to closed, which is final", () => {
  const reached = new Set<State>(["opening"]);
  for (const state of reached) {
    for (const [next] of Object.values(TRANSITIONS[state])) reached.add(next);
  }
  expect([...reached].toSorted()).toEqual(STATES.toSorted());
  for (const state of STATES) if (state !== "closed") expect(transition(state, "close")?.[0], state).toBe("closed");
  expect(TRANSITIONS.closed).toEqual({});
});

/** Runs the table with a model of what its actions do, and checks each action against the model. */
class Model {
  state: State = "opening";
  /** A session is open or being opened. */
  session = true;
  promise: "pending" | "resolved" | "rejected" = "pending";
  reported: "connected" | "disconnected" | "closed" = "connected";
  releasing = false;

  dispatch(event: EventType): void {
    const found = transition(this.state, event);
    if (found === undefined) return;
    if (event === "failed" || event === "refused") this.session = false;
    if (event === "released") this.releasing = false;
    const [next, ...actions] = found;
    for (const action of actions) this.#run(action);
    this.state = next;
    this.#check(event);
  }

  #run(action: Action): void {
    if (action === "connect") {
      ok(!this.session, "a second session is opened");
      this.session = true;
    }
    if (action === "verify") ok(this.session, "there is no session to verify");
    if (action === "abandon" || action === "release") {
      ok(this.session, `there is no session to ${action}`);
      this.session = false;
      this.releasing = action === "release";
    }
    if (action === "resolveOpen" || action === "rejectOpen") {
      equal(this.promise, "pending", "open settles twice");
      this.promise = action === "resolveOpen" ? "resolved" : "rejected";
    }
    if (action.startsWith("report")) this.#report(action);
  }

  #report(action: Action): void {
    equal(this.promise, "resolved", "an event is reported before the tunnel is open");
    ok(this.reported !== "closed", "an event is reported after closed");
    if (action === "reportDisconnected") equal(this.reported, "connected");
    if (action === "reportConnected" || action === "reportReconnecting") equal(this.reported, "disconnected");
    if (action === "reportDisconnected") this.reported = "disconnected";
    if (action === "reportConnected") this.reported = "connected";
    if (action === "reportClosed") this.reported = "closed";
  }

  #check(event: EventType): void {
    const { state } = this;
    if (DISCONNECTED.has(state)) equal(this.reported, "disconnected", `${state} is not reported`);
    if (state === "online") deepEqual([this.session, this.promise, this.reported], [true, "resolved", "connected"]);
    if (state === "closed")
      deepEqual([this.session, this.promise === "pending"], [false, false], "closed leaves something open");
    if (state === "closed" && event !== "close") {
      ok(this.promise === "rejected" || this.reported === "closed", `nothing reports that ${event} closes the tunnel`);
    }
    const progressing = state in TIMERS || state === "closed" || this.session || this.releasing;
    ok(progressing, `nothing ends the state ${state}`);
  }
}

test("no sequence of events leaks a session, settles open twice, reports out of order or gets stuck", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
      const model = new Model();
      for (const event of events) model.dispatch(event);
      model.dispatch("close");
      return model.state === "closed";
    }),
    { numRuns: 2000 },
  );
});

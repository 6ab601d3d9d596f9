/** Starts the page. */
import { render } from "preact";

import { App } from "./app.tsx";
import { connect } from "./wire/live.ts";
import { loadState } from "./wire/state.ts";

void loadState();
connect();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);

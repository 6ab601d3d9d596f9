/** Larger client libraries from npm, and clients in other languages: started by `npm run witnesses`. */
import { fileURLToPath } from "node:url";

import type { Client } from "../client.ts";
import { tabulate } from "../table.ts";
import { builderbot } from "./builderbot.ts";
import { facebookBusinessSdk } from "./facebook-business-sdk.ts";
import { runtimeClient } from "./runtime.ts";
import { whatsappCloudApi } from "./whatsapp-cloud-api.ts";
import { whatsapp } from "./whatsapp.ts";

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const PYTHON = `
try:
    import requests as http
except ImportError:
    import httpx as http
`;

const runtimes = [
  runtimeClient({
    name: "Python, requests or httpx",
    command: ["python3", beside("client.py")],
    check: ["python3", "-c", PYTHON],
    receives: true,
  }),
  runtimeClient({ name: "PHP, curl", command: ["php", beside("client.php")], check: ["php", "-r", "curl_init();"] }),
  runtimeClient({
    name: "Java, java.net.http",
    command: ["java", beside("Client.java")],
    check: ["java", "--version"],
  }),
];

/** A table without one of the languages is printed instead of compared. */
const isWhole = !runtimes.includes(undefined);

const clients = [whatsappCloudApi, whatsapp, facebookBusinessSdk, builderbot, ...runtimes].filter(
  (client): client is Client => client !== undefined,
);

tabulate(clients, isWhole ? "../../transcripts/witnesses.txt" : undefined);

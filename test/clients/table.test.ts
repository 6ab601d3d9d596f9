/** Client libraries from npm, unmodified, against the emulator. Larger ones: `npm run witnesses`. */
import { chatSdk } from "./chat-sdk.ts";
import { greatDetail } from "./great-detail.ts";
import { kapso } from "./kapso.ts";
import { tabulate } from "./table.ts";
import { whatsappApiJs } from "./whatsapp-api-js.ts";
import { whatsappBusiness } from "./whatsapp-business.ts";
import { whatsappCloudapi } from "./whatsapp-cloudapi.ts";

const clients = [whatsappApiJs, greatDetail, kapso, chatSdk, whatsappBusiness, whatsappCloudapi];

tabulate(clients, "../transcripts/clients.txt");

/** The `appsecret_proof`, which proves to Meta that the caller has the app secret. Source: Meta, "Secure Graph API calls". */
import { createHmac } from "node:crypto";

/** `signed` is the access token, or with `appsecret_time` the token and the time: `token|1700000000`. Returns lower-case hex. */
export function appSecretProof(signed: string, appSecret: string): string {
  return createHmac("sha256", appSecret).update(signed).digest("hex");
}

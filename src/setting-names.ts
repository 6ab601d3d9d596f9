/** The environment names of every setting: the first is ours, the others are names that existing projects use. */

export const settingNames = {
  appSecret: ["WHATSAPP_APP_SECRET", "WHATSAPP_WEBHOOK_SECRET", "APP_SECRET"],
  verifyToken: ["WHATSAPP_VERIFY_TOKEN", "WEBHOOK_VERIFY_TOKEN", "VERIFY_TOKEN"],
  accessToken: ["WHATSAPP_ACCESS_TOKEN", "ACCESS_TOKEN"],
  phoneNumberId: ["WHATSAPP_PHONE_NUMBER_ID", "PHONE_NUMBER_ID", "FROM_PHONE_NUMBER_ID"],
  businessAccountId: ["WHATSAPP_BUSINESS_ACCOUNT_ID", "WABA_ID"],
  appId: ["WHATSAPP_APP_ID", "APP_ID"],
  allowedNumbers: ["WHATSAPP_ALLOWED_NUMBERS"],
  store: ["WHATSAPP_HOOK_STORE"],
  from: ["WHATSAPP_HOOK_FROM"],
  flowPassphrase: ["WHATSAPP_FLOW_PASSPHRASE", "FLOW_PASSPHRASE"],
  port: ["WEBHOOK_PORT", "PORT"],
  keep: ["WEBHOOK_KEEP"],
  keepSize: ["WEBHOOK_KEEP_SIZE"],
  ngrokAuthtoken: ["NGROK_AUTHTOKEN"],
  ngrokDomain: ["NGROK_DOMAIN"],
  ngrokConnectUrl: ["NGROK_CONNECT_URL"],
  ngrokConnectCas: ["NGROK_CONNECT_CAS"],
  graphUrl: ["GRAPH_API_URL"],
  graphVersion: ["GRAPH_API_VERSION"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

/** `WHATSAPP_APP_SECRET` for `appSecret`: the name that hints and generated files use. */
export function envName(setting: keyof typeof settingNames): string {
  return settingNames[setting][0];
}

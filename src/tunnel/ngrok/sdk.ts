/** What is used of ngrok's SDK, and what must be minded in it. */

export interface Sdk {
  SessionBuilder: new () => Builder;
}

export interface Builder {
  authtoken(token: string): this;
  clientInfo(type: string, version: string): this;
  serverAddr(address: string): this;
  caCert(pem: Uint8Array): this;
  rootCas(which: string): this;
  heartbeatInterval(seconds: number): this;
  heartbeatTolerance(seconds: number): this;
  /** An answer that is no plain boolean, or an exception, ends the process. */
  handleDisconnection(handler: (address: string, error: string) => boolean): this;
  /** The time is null when no heartbeat came back, which the declaration does not say. */
  handleHeartbeat(handler: (latencyMs: number) => void): this;
  handleStopCommand(handler: () => void): this;
  handleRestartCommand(handler: () => void): this;
  connect(): Promise<SdkSession>;
}

export interface SdkSession {
  httpEndpoint(): Endpoint;
  /** Fails at once while the session is away, and asks the service while it is there. */
  closeListener(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Endpoint {
  domain(domain: string): this;
  listenAndForward(url: string): Promise<SdkListener>;
}

export interface SdkListener {
  url(): string | null;
  join(): Promise<void>;
  close(): Promise<void>;
}

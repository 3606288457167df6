import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { codegrantProvider } from "@codegrant/client";
import { createSampleApplication, type Outcome, type SampleApplication } from "../examples/sample/src/application.ts";
import { type Registered, type RunningPlatform, register } from "./platform.ts";

export interface RunningSample extends Registered, SampleApplication {
  readonly outcomes: readonly Outcome[];
}

/** The sample application, registered at the platform. */
export async function startSample(platform: RunningPlatform, scopes = ["user_read"]): Promise<RunningSample> {
  // It is registered before it starts, and its redirect URI names its port.
  const port = await freePort();
  const registered = await register(platform, `http://127.0.0.1:${port}/callback`, { name: "Sample application" });
  const outcomes: Outcome[] = [];
  const sample = await createSampleApplication({
    provider: codegrantProvider(platform.url, "twitch", { title: "Kestrel" }),
    clientId: registered.clientId,
    clientSecret: registered.clientSecret,
    scopes,
    apiUrl: `${platform.url}/kraken/user`,
    port,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { ...registered, ...sample, outcomes };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

import { codegrantProvider } from "@codegrant/client";
import type { RunningCodegrant } from "../../../packages/client/test/codegrant-server.ts";
import { createSampleApplication, type Outcome, type SampleApplication } from "../src/application.ts";
import type { Step } from "../src/step.ts";

export interface RunningSample {
  readonly application: SampleApplication;
  readonly clientSecret: string;
  readonly steps: Step[];
  readonly outcomes: Outcome[];
  /** The address of a page of the application. */
  at(path: string): string;
}

/** An application has to be registered before it starts, so its port is found by starting one and closing it. */
export async function startSample(codegrant: RunningCodegrant, title = "Kestrel"): Promise<RunningSample> {
  const steps: Step[] = [];
  const outcomes: Outcome[] = [];
  const common = {
    provider: codegrantProvider(codegrant.url, "twitch", { title }),
    scopes: ["user_read"],
    apiUrl: `${codegrant.url}/kraken/user`,
    onStep: (step: Step) => steps.push(step),
    onOutcome: (outcome: Outcome) => outcomes.push(outcome),
  };
  const first = await createSampleApplication({ ...common, clientId: "none", clientSecret: "none" });
  await first.close();
  const { clientId, clientSecret = "" } = await codegrant.register(first.redirectUri);
  const port = Number(new URL(first.url).port);
  const application = await createSampleApplication({ ...common, clientId, clientSecret, port });
  return { application, clientSecret, steps, outcomes, at: (path) => new URL(path, application.url).href };
}

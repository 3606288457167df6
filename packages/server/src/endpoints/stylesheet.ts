import type { Endpoint } from "../message.ts";
import { stylesheet, stylesheetHeaders } from "../pages/index.ts";

export function stylesheetEndpoint(): Endpoint {
  const message = { status: 200, headers: stylesheetHeaders.flat(), body: stylesheet };
  return async () => message;
}

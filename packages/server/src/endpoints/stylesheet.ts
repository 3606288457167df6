import type { Endpoint } from "../message.ts";
import { type Look, stylesheetHeaders } from "../pages/index.ts";

export function stylesheetEndpoint({ stylesheet }: Look): Endpoint {
  const message = { status: 200, headers: stylesheetHeaders.flat(), body: stylesheet };
  return async () => message;
}

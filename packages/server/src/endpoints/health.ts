import type { Endpoint } from "../message.ts";
import type { Platform } from "../platform.ts";
import { jsonMessage } from "./api.ts";

/** 200 while the store answers, 503 while it does not: for whatever watches over the server. */
export function healthEndpoint(platform: Platform): Endpoint {
  return async ({ requestId }) => {
    try {
      await platform.store.listKeys();
      return jsonMessage('{"status":"ok"}');
    } catch (cause) {
      platform.log({ level: "error", event: "store.unavailable", requestId, cause });
      return jsonMessage('{"status":"unavailable"}', 503);
    }
  };
}

import type { Message } from "../message.ts";

/** A body that is larger than any request of ours. */
export const tooLargeMessage: Message = {
  status: 413,
  headers: ["Content-Type", "application/json", "Cache-Control", "no-store", "Connection", "close"],
  body: '{"error":"invalid_request","error_description":"The body is too large"}',
};

import type { Connection } from "@codegrant/client";
import { readRequest, sendResponse } from "@codegrant/client/node";
import express from "express";
import { showResult, showStart } from "./show-result.ts";

/** In Express 5, which takes a rejection to its error handler. */
export function withExpress(connection: Connection): express.Express {
  const app = express();
  app.get("/", (_, outgoing) => sendResponse(outgoing, showStart()));
  app.get("/connect", async (incoming, outgoing) => {
    await sendResponse(outgoing, await connection.start(readRequest(incoming)));
  });
  app.get("/callback", async (incoming, outgoing) => {
    await sendResponse(outgoing, await showResult(connection, readRequest(incoming)));
  });
  return app;
}

import { createServer } from "node:http";
import { createNodeHandler } from "@codegrant/server";
import { expect, it, onTestFinished } from "vitest";

it("an answer that cannot be sent costs its connection and nothing else", async () => {
  const http = createServer(
    createNodeHandler(async ({ path }) => ({ status: 200, headers: ["X", path === "/bad" ? "a\nb" : "ab"], body: "" })),
  );
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  const address = http.address();
  const url = typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
  await expect(fetch(`${url}/bad`)).rejects.toThrow(TypeError);
  expect((await fetch(`${url}/good`)).headers.get("x")).toBe("ab");
});

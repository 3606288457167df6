import { afterEach, expect, it } from "vitest";
import { keepAsyncHooksOff } from "../src/async-hooks.ts";

const { getBuiltinModule } = process;
afterEach(() => {
  Object.assign(process, { getBuiltinModule });
});

it("hides async hooks from whoever looks for them by name, and nothing else", () => {
  keepAsyncHooksOff();
  expect(process.getBuiltinModule("node:async_hooks")).toBeUndefined();
  expect(process.getBuiltinModule("node:os")).toBe(getBuiltinModule("node:os"));
});

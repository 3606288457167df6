/**
 * For a process that draws pages with hono/jsx and uses nothing else of it. At its first page hono/jsx starts an
 * `AsyncLocalStorage`, which on Node before 24 turns async hooks on for good and makes each request 5 % dearer. It is
 * for components that wait, and ours never do; so hono/jsx is told that there is none, as on runtimes without it.
 */
export function keepAsyncHooksOff(): void {
  const find = process.getBuiltinModule.bind(process);
  const without = (name: string) => (name === "node:async_hooks" ? undefined : find(name));
  Object.assign(process, { getBuiltinModule: without });
}

// `npm start`: install and build what is missing, then run the demo. Its arguments and its stdout are the demo's own.
import { ensure, orSentence } from "./ensure.mjs";

await orSentence(async () => {
  await ensure();
  const demo = new URL("../examples/sample/dist/start.js", import.meta.url);
  await import(demo.href);
});

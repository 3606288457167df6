// Saves over and over until it is killed.
import { createFileStore } from "@codegrant/client/node";

const [folder = ""] = process.argv.slice(2);
const store = createFileStore({ folder });
const key = { kind: /** @type {const} */ ("connection"), provider: "p", server: "s", clientId: "c", name: "n" };
for (let count = 0; ; count++) {
  const ifVersion = (await store.find(key))?.version;
  const text = String(count % 10).repeat(50_000);
  await store.save(key, text, { ifVersion });
  if (count === 0) process.stdout.write("saving\n");
}

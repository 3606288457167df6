// Makes a backup and prints the code and the sentence that it ends with.
import { backupStore } from "@codegrant/sqlite/server";

const [file = "", to = ""] = process.argv.slice(2);
try {
  await backupStore({ file, to });
  process.stdout.write("done\n");
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  process.stdout.write(`${code} ${message}\n`);
}

import { fileURLToPath } from "node:url";

/** The path of a file in this folder. */
export const sibling = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** What a machine with Node adds: a file store, a browser, a place to wait for the answer, its requests and responses. */
export { connect } from "./connect.ts";
export { createFileStore, type FileStoreOptions } from "./file-store.ts";
export { createMachine } from "./machine.ts";
export { formatPrompt } from "./prompt-words.ts";
export { readRequest, sendResponse } from "./web-messages.ts";

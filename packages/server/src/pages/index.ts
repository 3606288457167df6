export type * from "./views.ts";
export { en, type Words } from "./words/en.ts";

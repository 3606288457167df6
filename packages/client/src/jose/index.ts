/** The signature of ID tokens, for who wants it beside the checks that every login has. Its `jose` is installed by you. */

export { createSignatureCheck } from "./signature-check.ts";

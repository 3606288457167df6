import { type Dialect, rfc6749 } from "@codegrant/protocol";

/**
 * RFC 6749 without what only later documents add, and an open eye for errors in a 200: what is assumed of a server of
 * which nothing else is known.
 */
export const plainDialect: Dialect = {
  ...rfc6749,
  name: "plain",
  authorize: { ...rfc6749.authorize, issuerInResponse: false },
  error: { ...rfc6749.error, mayHideInSuccess: true },
};

/** `connect` for a provider that you import yourself, so that no other preset comes along. */

export { connect } from "./connect.ts";

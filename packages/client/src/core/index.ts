/** The flow as plain functions, and the keeper: the smallest whole of it, without login, presets and what only some need. */

export { FlowError, OAuthError } from "@codegrant/protocol";
export { type ConnectionError, isConnectionError } from "../advice.ts";
export { exchangeCode } from "../calls/exchange-code.ts";
export { refreshTokens } from "../calls/refresh-tokens.ts";
export { finishAuthorization } from "../flow/finish-authorization.ts";
export { startAuthorization } from "../flow/start-authorization.ts";
export type { KeeperOptions } from "../keeper/create-keeper-parts.ts";
export { type KeptTokens, keepTokens } from "../keeper/keep-tokens.ts";
export type { ClientCredentials, Provider } from "../provider.ts";
export { Secret } from "../secret.ts";
export type { ClientStore } from "../store/client-store.ts";
export { concealTokens, revealTokens, type Tokens } from "../tokens.ts";

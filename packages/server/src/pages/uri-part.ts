/** By itself, so that the package's own types need none of JSX. */
export type UriPart = "scheme" | "host" | "port" | "path" | "trailingSlash" | "query" | "fragment";

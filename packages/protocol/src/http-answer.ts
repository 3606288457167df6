import { FlowError } from "./error.ts";
import { formDecode } from "./parameters.ts";

/** An HTTP answer as far as its meaning depends on it. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly body: string;
}

/**
 * The members of an answer's body: JSON, or form-encoded where the server says so.
 * Throws `FlowError`; its message tells status and type, never the body, which may hold secrets.
 */
export function parseAnswerBody(answer: HttpAnswer): Readonly<Record<string, unknown>> {
  if (answer.body.length > maximumLength) {
    throw new FlowError("ERR_RESPONSE_TOO_LARGE", "The answer is larger than 1 MiB", { status: answer.status });
  }
  const text = answer.body.charCodeAt(0) === byteOrderMark ? answer.body.slice(1) : answer.body;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(answer.contentType ?? "");
  const members = isForm && !text.startsWith("{") ? parseForm(text) : parseJsonObject(text);
  if (members === undefined) throw shapeError(answer, "is not a JSON object");
  return members;
}

export function shapeError(answer: HttpAnswer, problem: string): FlowError {
  const type = /^[a-z]{1,20}\/[a-z0-9.+-]{1,60}/i.exec(answer.contentType ?? "")?.[0] ?? "no content type";
  return new FlowError("ERR_RESPONSE_SHAPE", `The answer (status ${answer.status}, ${type}) ${problem}`, {
    status: answer.status,
  });
}

/** A non-empty string member, else `undefined`. */
export function textMember(body: Readonly<Record<string, unknown>>, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

const maximumLength = 1_048_576;
const byteOrderMark = 0xfeff;

function parseJsonObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Record<string, unknown>;

/** Lenient, since it reads somebody else's server: what does not decode is left out. */
function parseForm(text: string): Fields {
  const pairs = text.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return [formDecode(pair.slice(0, equals)), formDecode(pair.slice(equals + 1))] as const;
  });
  return Object.fromEntries(pairs.filter(([name, value]) => name !== undefined && value !== undefined)) as Fields;
}

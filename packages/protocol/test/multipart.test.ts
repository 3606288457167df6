import { parseMultipart } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onlyOurErrors, refusal } from "./thrown.ts";

const type = "multipart/form-data; boundary=XyZ";

function field(name: string, value: string): string {
  return `--XyZ\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

describe("parseMultipart", () => {
  it("reads the fields as twitch-cli writes them", () => {
    const boundary = "f4b1c8a2e0d94c5fb0a7";
    const body =
      `--${boundary}\r\nContent-Disposition: form-data; name="client_id"\r\n\r\nabc\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="scopes"\r\n\r\nuser:read:email chat:read\r\n` +
      `--${boundary}--\r\n`;
    const parameters = parseMultipart(body, `multipart/form-data; boundary=${boundary}`);
    expect(parameters.get("client_id")).toBe("abc");
    expect(parameters.get("scopes")).toBe("user:read:email chat:read");
  });

  it.each([
    ["a quoted boundary", 'multipart/form-data; boundary="XyZ"'],
    ["another case and a charset", "Multipart/Form-Data; charset=utf-8; Boundary=XyZ"],
  ])("takes %s", (_, contentType) => {
    expect(parseMultipart(`${field("a", "1")}--XyZ--`, contentType).get("a")).toBe("1");
  });

  it("takes text before the first delimiter and empty values, but no line end inside a value", () => {
    expect(parseMultipart(`preamble\r\n${field("a", "1")}--XyZ--`, type).get("a")).toBe("1");
    expect(parseMultipart(`${field("a", "")}--XyZ--`, type).has("a")).toBe(true);
    expect(refusal(() => parseMultipart(`${field("a", "1\r\n2")}--XyZ--`, type)).reason).toBe("parameter_malformed");
  });

  it("decodes UTF-8 out of bytes", () => {
    const latin1 = Buffer.from("é😀", "utf8").toString("latin1");
    expect(parseMultipart(`${field("state", latin1)}--XyZ--`, type).get("state")).toBe("é😀");
  });

  it("TP-05: sees a field that comes twice", () => {
    expect(parseMultipart(`${field("code", "a")}${field("code", "a")}--XyZ--`, type).repeated("code")).toBe(true);
  });

  it.each([
    ["a file", `--XyZ\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\n1\r\n--XyZ--`, type],
    ["no boundary", `${field("a", "1")}--XyZ--`, "multipart/form-data"],
    ["another type", `${field("a", "1")}--XyZ--`, "application/json; boundary=XyZ"],
    ["another boundary", `${field("a", "1")}--XyZ--`, "multipart/form-data; boundary=Q"],
    ["no end", field("a", "1"), type],
    ["no name", "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--", type],
    ["no disposition", "--XyZ\r\nX: y\r\n\r\n1\r\n--XyZ--", type],
    ["another disposition", '--XyZ\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--XyZ--', type],
    ["an endless content type", `${field("a", "1")}--XyZ--`, `${type}; x=${"y".repeat(500)}`],
    ["no blank line", "--XyZ\r\nContent-Disposition: form-data; name=a\r\n--XyZ--", type],
    ["bytes that are no UTF-8", `${field("a", "\xff")}--XyZ--`, type],
    ["a NUL", `${field("a", "\0")}--XyZ--`, type],
    ["an empty body", "", type],
  ])("TP-08: refuses %s", (_, body, contentType) => {
    expect(refusal(() => parseMultipart(body, contentType))).toMatchObject({
      code: "invalid_request",
      reason: "parameter_malformed",
    });
  });

  it("TP-14: has the limits of a form", () => {
    const many = `${Array.from({ length: 65 }, (_, index) => field(`p${index}`, "1")).join("")}--XyZ--`;
    expect(refusal(() => parseMultipart(many, type)).reason).toBe("parameters_too_many");
    expect(refusal(() => parseMultipart(field("a", "x".repeat(40_000)), type)).reason).toBe("parameters_too_long");
  });

  it("throws nothing but OAuthError on any body", () => {
    const piece = fc.constantFrom(
      "--XyZ",
      "--",
      "\r\n",
      "\r\n\r\n",
      'Content-Disposition: form-data; name="a"',
      "x",
      "\xff",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) =>
        onlyOurErrors(() => parseMultipart(pieces.join(""), type)),
      ),
    );
  });
});

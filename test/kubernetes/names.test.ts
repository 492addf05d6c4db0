import { expect, test } from "vitest";
import {
  configMapKey,
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  environmentVariable,
  labelValue,
  pathSegment,
  percent,
  portName,
  portNumber,
  qualifiedName,
} from "../../src/kubernetes/names.ts";

test("a name with capitals is refused in the API server's words", () => {
  expect(dns1123Subdomain("Web")).toEqual([
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ]);
});

test("two examples stand with a comma and two blanks between them", () => {
  expect(dns1035Label("1bad")).toEqual([
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  ]);
});

test.each([
  [dns1123Subdomain, "a".repeat(253), "a".repeat(254), "must be no more than 253 characters"],
  [dns1123Label, "a".repeat(63), "a".repeat(64), "must be no more than 63 characters"],
  [labelValue, "a".repeat(63), "a".repeat(64), "must be no more than 63 characters"],
  [dns1123Label, "a-b", "a.b", "must not contain dots"],
  [labelValue, "", "-y-", "a valid label must be an empty string or consist of alphanumeric characters"],
  [configMapKey, "..a".slice(1), "..a", "must not start with '..'"],
  [configMapKey, "a.b", "a b", "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"],
  [environmentVariable, "A_1", "1 A", "a valid environment variable name must consist of alphabetic characters"],
  [portName, "http-2", "http--2", "must not contain consecutive hyphens"],
  [portName, "a".repeat(15), "a".repeat(16), "must be no more than 15 characters"],
  [portName, "p1", "11", "must contain at least one letter (a-z)"],
  [pathSegment, "Web", "a/b", "may not contain '/'"],
  [percent, "150%", "1.5%", "a valid percent string must be a numeric string followed by an ending '%'"],
])("%o takes %j and refuses %j", (rule, good, bad, complaint) => {
  expect(rule(good)).toEqual([]);
  expect(rule(bad).join()).toContain(complaint);
});

test("a label key may have one prefix, which is a domain", () => {
  expect(qualifiedName("example.com/name")).toEqual([]);
  expect(qualifiedName("/name")).toEqual(["prefix part must be non-empty"]);
  expect(qualifiedName("Example.com/name")[0]).toMatch(/^prefix part a lowercase RFC 1123 subdomain/);
  expect(qualifiedName("a/b/c")[0]).toMatch(
    /^a qualified name must .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
  );
  expect(qualifiedName("")).toHaveLength(2);
});

test("ports lie between 1 and 65535", () => {
  expect([1, 65_535].flatMap(portNumber)).toEqual([]);
  expect(portNumber(0)).toEqual(["must be between 1 and 65535, inclusive"]);
  expect(portNumber(65_536)).toEqual(["must be between 1 and 65535, inclusive"]);
});

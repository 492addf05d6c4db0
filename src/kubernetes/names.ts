/**
 * The syntax of names, label keys and values, ports and the like, with the sentences in which the API server refuses them.
 * A rule returns its complaints; none means that the text is fine.
 */

export type NameRule = (text: string) => readonly string[];

interface Syntax {
  readonly pattern: string;
  readonly sentence: string;
  readonly examples: readonly string[];
  readonly maxLength?: number;
}

const matcher = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

/** The comma behind every example, also before `or`, is Kubernetes' own. */
const syntaxComplaint = ({ sentence, examples, pattern }: Syntax): string =>
  `${sentence} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${pattern}')`;

const tooLong = (maxLength: number): string => `must be no more than ${maxLength} characters`;

const rule = (syntax: Syntax): NameRule => {
  const expression = matcher(syntax.pattern);
  const complaint = syntaxComplaint(syntax);
  return (text) => {
    const complaints: string[] = [];
    if (syntax.maxLength !== undefined && text.length > syntax.maxLength) complaints.push(tooLong(syntax.maxLength));
    if (!expression.test(text)) complaints.push(complaint);
    return complaints;
  };
};

const labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;

/** Most objects' names. */
export const dns1123Subdomain = rule({
  pattern: subdomainPattern,
  sentence:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
  maxLength: 253,
});

const dns1123LabelRule = rule({
  pattern: labelPattern,
  sentence:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
  maxLength: 63,
});

const subdomainExpression = matcher(subdomainPattern);
const labelExpression = matcher(labelPattern);

/** Names of containers, volumes and namespaces. */
export const dns1123Label: NameRule = (text) => {
  const onlyDotsAreWrong = !labelExpression.test(text) && subdomainExpression.test(text);
  if (!onlyDotsAreWrong) return dns1123LabelRule(text);
  return text.length > 63 ? [tooLong(63), "must not contain dots"] : ["must not contain dots"];
};

/** Names of Services. */
export const dns1035Label = rule({
  pattern: "[a-z]([-a-z0-9]*[a-z0-9])?",
  sentence:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ["my-name", "abc-123"],
  maxLength: 63,
});

/** What any name must respect to be a segment of a URL. */
export const pathSegment: NameRule = (text) => {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"]
    .filter((character) => text.includes(character))
    .map((character) => `may not contain '${character}'`);
};

const qualifiedNameSyntax = {
  pattern: "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
  sentence:
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyName", "my.name", "123-abc"],
  maxLength: 63,
} as const satisfies Syntax;

const namePart = rule(qualifiedNameSyntax);
const tooManyParts = `a qualified name ${syntaxComplaint(qualifiedNameSyntax)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;

/** Keys of labels and annotations, names of finalizers and conditions: `name` or `example.com/name`. */
export const qualifiedName: NameRule = (text) => {
  const parts = text.split("/");
  if (parts.length > 2) return [tooManyParts];
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const complaints: string[] = [];
  if (prefix === "") complaints.push("prefix part must be non-empty");
  else if (prefix !== undefined)
    complaints.push(...dns1123Subdomain(prefix).map((complaint) => `prefix part ${complaint}`));
  if (name === "") complaints.push("name part must be non-empty");
  complaints.push(...namePart(name).map((complaint) => `name part ${complaint}`));
  return complaints;
};

export const labelValue = rule({
  pattern: "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
  sentence:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
  maxLength: 63,
});

/** Kubernetes keeps names away from `.` and `..`: they may become files in a volume. */
const notAParentDirectory: NameRule = (text) => {
  if (text === "." || text === "..") return [`must not be '${text}'`];
  return text.startsWith("..") ? ["must not start with '..'"] : [];
};

const configMapKeyRule = rule({
  pattern: "[-._a-zA-Z0-9]+",
  sentence: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ["key.name", "KEY_NAME", "key-name"],
  maxLength: 253,
});

/** Keys of a ConfigMap or Secret. */
export const configMapKey: NameRule = (text) => [...configMapKeyRule(text), ...notAParentDirectory(text)];

const environmentVariableRule = rule({
  pattern: "[-._a-zA-Z][-._a-zA-Z0-9]*",
  sentence:
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  examples: ["my.env-name", "MY_ENV.NAME", "MyEnvName1"],
});

export const environmentVariable: NameRule = (text) => [...environmentVariableRule(text), ...notAParentDirectory(text)];

/** Names of container ports: an IANA service name. */
export const portName: NameRule = (text) => {
  const complaints: string[] = [];
  if (text.length > 15) complaints.push(tooLong(15));
  if (!/^[-a-z0-9]+$/.test(text))
    complaints.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) complaints.push("must contain at least one letter (a-z)");
  if (text.includes("--")) complaints.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) complaints.push("must not begin or end with a hyphen");
  return complaints;
};

export const portNumber = (port: number): readonly string[] =>
  port >= 1 && port <= 65535 ? [] : ["must be between 1 and 65535, inclusive"];

export const percent = rule({
  pattern: "[0-9]+%",
  sentence: "a valid percent string must be a numeric string followed by an ending '%'",
  examples: ["1%", "93%"],
});

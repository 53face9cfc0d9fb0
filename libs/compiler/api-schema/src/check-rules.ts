import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';

/**
 * A rule of an insert schema that no column can implement, that no value satisfies, or that the check of documents
 * cannot use.
 */
interface RuleFinding {
  readonly code:
    | 'SCHEMA_SHAPE_INVALID'
    | 'STRING_MAX_LENGTH_INVALID'
    | 'SCHEMA_PATTERN_INVALID'
    | 'SCHEMA_FORMAT_MISTYPED'
    | 'SCHEMA_LIMITS_CONTRADICTORY';
  readonly keyword: string;
  /** The path of the value in a document: `$.addresses[*].city`. */
  readonly path: string;
  readonly text: string;
}

/** A node of an insert schema with the path from the root of the document to its value. */
interface CheckedNode {
  readonly schema: JsonObject;
  readonly step: string;
  readonly above: CheckedNode | undefined;
}

function pathOf(place: CheckedNode): string {
  const steps: string[] = [];
  for (let at: CheckedNode | undefined = place; at; at = at.above) steps.push(at.step);
  return steps.reverse().join('');
}

/** The longest `varchar(n)` of PostgreSQL (documentation, "Character Types"). */
const largestLength = 10_485_760;

type Finding = Omit<RuleFinding, 'path' | 'keyword'>;

const isInteger = (value: JsonValue): value is JsonNumber =>
  value instanceof JsonNumber && /^-?[0-9]+$/.test(value.lexeme);

const misshapen = (text: string): Finding => ({ code: 'SCHEMA_SHAPE_INVALID', text });

function checkLength(value: JsonValue): Finding | undefined {
  if (!isInteger(value)) return misshapen('must be an integer');
  const length = Number(value.lexeme);
  if (length >= 1 && length <= largestLength) return undefined;
  return {
    code: 'STRING_MAX_LENGTH_INVALID',
    text: `is ${value.lexeme}; it must be between 1 and ${largestLength}`,
  };
}

/** Derivation does not read this value, so it may be written as any number. */
function checkCount(value: JsonValue): Finding | undefined {
  const count = value instanceof JsonNumber ? Number(value.lexeme) : Number.NaN;
  return Number.isInteger(count) && count >= 0 ? undefined : misshapen('must be an integer that is not negative');
}

const checkNumber = (value: JsonValue): Finding | undefined =>
  value instanceof JsonNumber ? undefined : misshapen('must be a number');

const checkStep = (value: JsonValue): Finding | undefined =>
  value instanceof JsonNumber && Number(value.lexeme) > 0 ? undefined : misshapen('must be a number above 0');

const checkFlag = (value: JsonValue): Finding | undefined =>
  typeof value === 'boolean' ? undefined : misshapen('must be true or false');

/**
 * The known formats: of JSON Schema (2020-12, "Format-Assertion"), of the format registry of OpenAPI, and of
 * `ajv-formats`.
 */
const knownFormats: ReadonlySet<string> = new Set(
  `date date-time time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference uuid
  uri-template json-pointer relative-json-pointer regex int8 int16 int32 int64 uint8 uint16 uint32 uint64 float double decimal
  double-int byte binary password char html commonmark iso-time iso-date-time url json-pointer-uri-fragment`.split(
    /\s+/,
  ),
);

/** A format without the differences that authors often get wrong: letter case and marks. */
const bareFormat = (format: string) => format.toLowerCase().replace(/[^a-z0-9]/g, '');

function checkFormat(value: JsonValue): Finding | undefined {
  if (typeof value !== 'string') return misshapen('must be a text');
  if (knownFormats.has(value)) return undefined;
  const meant = [...knownFormats].find((known) => bareFormat(known) === bareFormat(value));
  // a custom format is only an annotation (JSON Schema, "Format-Annotation")
  if (meant === undefined) return undefined;
  return { code: 'SCHEMA_FORMAT_MISTYPED', text: `is ${JSON.stringify(value)}, which nothing knows; write "${meant}"` };
}

/**
 * The error of a pattern that is invalid in both modes; the check of documents accepts a pattern that is valid in
 * either.
 */
function patternError(pattern: string): string | undefined {
  let reason: string | undefined;
  for (const flags of ['u', '']) {
    try {
      new RegExp(pattern, flags);
      return undefined;
    } catch (error) {
      reason ??= error instanceof Error ? error.message : String(error);
    }
  }
  return reason;
}

/** Caches the findings of patterns: a few patterns occur thousands of times in a schema set. */
export class PatternFindings {
  private readonly known = new Map<string, Finding | undefined>();

  of(value: JsonValue): Finding | undefined {
    if (typeof value !== 'string') return misshapen('must be a text');
    if (!this.known.has(value)) {
      const reason = patternError(value);
      const text = `is not a regular expression (${reason}); correct it`;
      this.known.set(value, reason === undefined ? undefined : { code: 'SCHEMA_PATTERN_INVALID', text });
    }
    return this.known.get(value);
  }
}

/** Adds the schemas of the properties and of the items. */
function addNodesBelow(open: CheckedNode[], node: CheckedNode): void {
  const properties = node.schema.get('properties');
  if (isJsonObject(properties))
    properties.forEach((schema, name) => {
      if (isJsonObject(schema)) open.push({ schema, step: `.${name}`, above: node });
    });
  const items = node.schema.get('items');
  if (isJsonObject(items)) open.push({ schema: items, step: '[*]', above: node });
}

/** The checks of all keywords except `pattern`. */
const checks: ReadonlyMap<string, (value: JsonValue) => Finding | undefined> = new Map([
  ['maxLength', checkLength],
  ['format', checkFormat],
  ...['minLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((name) => [name, checkCount] as const),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, checkNumber] as const),
  ['multipleOf', checkStep],
  ['uniqueItems', checkFlag],
]);

/** An upper limit, and whether a value may equal both it and the lower limit. */
type LimitAbove = readonly [keyword: string, mayBeEqual: boolean];

/** The upper limits for each keyword of a lower limit. */
const limitsAbove = new Map<string, readonly LimitAbove[]>([
  ['minLength', [['maxLength', true]]],
  ['minItems', [['maxItems', true]]],
  ['minProperties', [['maxProperties', true]]],
  [
    'minimum',
    [
      ['maximum', true],
      ['exclusiveMaximum', false],
    ],
  ],
  [
    'exclusiveMinimum',
    [
      ['maximum', false],
      ['exclusiveMaximum', false],
    ],
  ],
]);

/** Two limits that no value can satisfy. The check of each keyword reports a limit that is not a number. */
function contradictionOf(schema: JsonObject, least: JsonValue, [other, mayBeEqual]: LimitAbove): Finding | undefined {
  const greatest = schema.get(other);
  if (!(least instanceof JsonNumber && greatest instanceof JsonNumber)) return undefined;
  const room = Number(greatest.lexeme) - Number(least.lexeme);
  if (room > 0 || (mayBeEqual && room === 0)) return undefined;
  const text = `is ${least.lexeme}, and the ${other} is ${greatest.lexeme}, so no value obeys both; correct one of them`;
  return { code: 'SCHEMA_LIMITS_CONTRADICTORY', text };
}

/**
 * Finds every `maxLength` of an insert schema that no column can have, and every other rule for values that no value
 * satisfies or that the check of documents cannot use (design 01 §2.7), so that `hash` and `emit` accept the same
 * files. Derivation checks the rest of the schema.
 */
export function findUnusableRules(insertSchema: JsonObject, patterns = new PatternFindings()): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const open: CheckedNode[] = [{ schema: insertSchema, step: '$', above: undefined }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { schema } = node;
    const report = (keyword: string, finding: Finding | undefined) => {
      if (finding) findings.push({ ...finding, keyword, path: pathOf(node) });
    };
    schema.forEach((value, keyword) => {
      if (value === null) return;
      report(keyword, keyword === 'pattern' ? patterns.of(value) : checks.get(keyword)?.(value));
      limitsAbove.get(keyword)?.forEach((above) => {
        report(keyword, contradictionOf(schema, value, above));
      });
    });
    addNodesBelow(open, node);
  }
  return findings;
}

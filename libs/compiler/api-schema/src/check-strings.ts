import { append } from '@dms/diagnostics';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/files';

/** A `maxLength` that no column can have, or a rule for texts that the check of documents could not use. */
interface StringFinding {
  readonly code: 'SCHEMA_SHAPE_INVALID' | 'STRING_MAX_LENGTH_INVALID' | 'SCHEMA_PATTERN_INVALID';
  readonly keyword: 'maxLength' | 'minLength' | 'format' | 'pattern';
  /** Where the value stands in a document: `$.addresses[*].city`. */
  readonly path: string;
  readonly text: string;
}

/** A node of an insert schema with the path from the root of the document to its value. */
interface Place {
  readonly schema: JsonObject;
  readonly step: string;
  readonly above: Place | undefined;
}

function pathOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at; at = at.above) steps.push(at.step);
  return steps.reverse().join('');
}

/** The longest `varchar(n)` of PostgreSQL (documentation, "Character Types"). */
const largestLength = 10_485_760;

type Finding = Omit<StringFinding, 'path'>;

function checkLength(value: JsonValue): Finding | undefined {
  const keyword = 'maxLength';
  if (!(value instanceof JsonNumber) || !/^-?[0-9]+$/.test(value.lexeme))
    return { code: 'SCHEMA_SHAPE_INVALID', keyword, text: 'must be an integer' };
  const length = Number(value.lexeme);
  if (length >= 1 && length <= largestLength) return undefined;
  return {
    code: 'STRING_MAX_LENGTH_INVALID',
    keyword,
    text: `is ${value.lexeme}; it must be between 1 and ${largestLength}`,
  };
}

/** Derivation does not read it, so it may be written as any number. */
function checkShortest(value: JsonValue): Finding | undefined {
  const length = value instanceof JsonNumber ? Number(value.lexeme) : Number.NaN;
  if (Number.isInteger(length) && length >= 0) return undefined;
  return { code: 'SCHEMA_SHAPE_INVALID', keyword: 'minLength', text: 'must be an integer that is not negative' };
}

function checkFormat(value: JsonValue): Finding | undefined {
  if (typeof value === 'string') return undefined;
  return { code: 'SCHEMA_SHAPE_INVALID', keyword: 'format', text: 'must be a text' };
}

/** The error of a pattern in both modes; the check of documents takes one that is valid in either. */
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

/** A few patterns stand in a schema set thousands of times; each is tried once. */
export class PatternFindings {
  private readonly known = new Map<string, Finding | undefined>();

  of(value: JsonValue): Finding | undefined {
    const keyword = 'pattern';
    if (typeof value !== 'string') return { code: 'SCHEMA_SHAPE_INVALID', keyword, text: 'must be a text' };
    if (!this.known.has(value)) {
      const reason = patternError(value);
      const text = `is not a regular expression (${reason}); correct it`;
      this.known.set(value, reason === undefined ? undefined : { code: 'SCHEMA_PATTERN_INVALID', keyword, text });
    }
    return this.known.get(value);
  }
}

/** The members of an insert schema that hold further schemas. */
function* placesBelow(place: Place): Generator<Place> {
  const properties = place.schema.get('properties');
  if (isJsonObject(properties)) {
    for (const [name, schema] of properties) if (isJsonObject(schema)) yield { schema, step: `.${name}`, above: place };
  }
  const items = place.schema.get('items');
  if (isJsonObject(items)) yield { schema: items, step: '[*]', above: place };
}

/**
 * Finds every `maxLength` of an insert schema that no column can have, and every `minLength`, `format` and `pattern`
 * that the check of documents could not use (design 01 §4.1), so that `hash` and `emit` accept the same files.
 * Derivation checks the rest of the schema.
 */
export function findUnsafeStrings(insertSchema: JsonObject, patterns = new PatternFindings()): StringFinding[] {
  const findings: StringFinding[] = [];
  const checks = Object.entries({
    maxLength: checkLength,
    minLength: checkShortest,
    format: checkFormat,
    pattern: (value: JsonValue) => patterns.of(value),
  });
  const open: Place[] = [{ schema: insertSchema, step: '$', above: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    for (const [keyword, check] of checks) {
      const value = place.schema.get(keyword) ?? null;
      const finding = value === null ? undefined : check(value);
      if (finding) findings.push({ ...finding, path: pathOf(place) });
    }
    append(open, placesBelow(place));
  }
  return findings;
}

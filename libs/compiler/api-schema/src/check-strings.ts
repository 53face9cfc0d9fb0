import { append } from '@dms/diagnostics';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/files';

/** A `maxLength` that no column can have, or a `pattern` that is not a regular expression. */
interface StringFinding {
  readonly code: 'SCHEMA_SHAPE_INVALID' | 'STRING_MAX_LENGTH_INVALID' | 'SCHEMA_PATTERN_INVALID';
  readonly keyword: 'maxLength' | 'pattern';
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
 * Finds every `maxLength` of an insert schema that no column can have, and every `pattern` that the check of documents
 * could not use (design 01 §4.1), so that `hash` and `emit` accept the same files. Derivation checks the rest of the
 * schema.
 */
export function findUnsafeStrings(insertSchema: JsonObject, patterns = new PatternFindings()): StringFinding[] {
  const findings: StringFinding[] = [];
  const open: Place[] = [{ schema: insertSchema, step: '$', above: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { schema } = place;
    const length = schema.get('maxLength') ?? null;
    const ofLength = length === null ? undefined : checkLength(length);
    if (ofLength) findings.push({ ...ofLength, path: pathOf(place) });
    const pattern = schema.get('pattern') ?? null;
    const ofPattern = pattern === null ? undefined : patterns.of(pattern);
    if (ofPattern) findings.push({ ...ofPattern, path: pathOf(place) });
    append(open, placesBelow(place));
  }
  return findings;
}

import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { append } from '@dms/diagnostics';

/** A `maxLength` that no column can have. */
export interface LengthFault {
  readonly code: 'SCHEMA_SHAPE_INVALID' | 'STRING_MAX_LENGTH_INVALID';
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

function faultOf(value: JsonValue): Omit<LengthFault, 'path'> | undefined {
  if (!(value instanceof JsonNumber) || !/^-?[0-9]+$/.test(value.lexeme))
    return { code: 'SCHEMA_SHAPE_INVALID', text: 'must be an integer' };
  const length = Number(value.lexeme);
  if (length >= 1 && length <= largestLength) return undefined;
  return { code: 'STRING_MAX_LENGTH_INVALID', text: `is ${value.lexeme}; it must be between 1 and ${largestLength}` };
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
 * Finds every `maxLength` of an insert schema that no column can have (design 01 §4.1), so that `hash` and `emit` accept the same
 * files. Derivation checks the rest of the schema.
 */
export function lengthFaults(insertSchema: JsonObject): LengthFault[] {
  const faults: LengthFault[] = [];
  const open: Place[] = [{ schema: insertSchema, step: '$', above: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    const value = place.schema.get('maxLength') ?? null;
    const fault = value === null ? undefined : faultOf(value);
    if (fault) faults.push({ ...fault, path: pathOf(place) });
    append(open, placesBelow(place));
  }
  return faults;
}

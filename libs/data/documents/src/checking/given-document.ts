import { types } from 'node:util';
import { counted, type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { isJsonObject, type JsonObject, type JsonValue, nestingLimit } from '@dms/values';
import { elementPlace, memberPlace, shown } from './checked-document.ts';
import { parseDocument } from './parse-document.ts';

const documentName = 'the document';

/**
 * The JSON value of a document that a program gives: its text, or an object, which is read as `JSON.stringify` reads it
 * (design 14a §1.6). A value that JSON would lose or turn into null is refused. Throws `DOCUMENT_VALUE_INVALID` with the
 * places of all such values, `DOCUMENT_TOO_LARGE`, and the `INPUT_*` codes of JSON.
 */
export function givenDocument(document: unknown, resource: string): JsonObject {
  const value =
    typeof document === 'string' ? parseDocument(document, documentName) : valueOfObject(document, resource);
  if (isJsonObject(value)) return value;
  const where = { resource, path: '$' };
  return fail('DOCUMENT_VALUE_INVALID', `${resource} $ is ${shown(value)}; a document is an object.`, where, where);
}

function valueOfObject(document: unknown, resource: string): JsonValue {
  if (document === null) return null;
  const diagnostics: Diagnostic[] = [];
  const text = new DocumentText(resource, diagnostics).of(document, '$', '');
  const [first, ...others] = diagnostics;
  if (first !== undefined) throw new DmsError([first, ...others]);
  return parseDocument(text, documentName);
}

/** Objects that JSON writes without their contents. */
const withoutContents: readonly (readonly [what: string, is: (value: object) => boolean])[] = [
  ['a promise; await it first', types.isPromise],
  ['a map; give an object', types.isMap],
  ['a set; give an array', types.isSet],
  ['a regular expression; give its text', types.isRegExp],
  ['a list of bytes; give a text', (value) => types.isAnyArrayBuffer(value) || types.isArrayBufferView(value)],
];

/** Writes the JSON text of a value, and collects what JSON does not have. */
class DocumentText {
  private readonly resource: string;
  private readonly diagnostics: Diagnostic[];
  /** The objects around the current value, from the outermost. */
  private readonly outer: object[] = [];

  constructor(resource: string, diagnostics: Diagnostic[]) {
    this.resource = resource;
    this.diagnostics = diagnostics;
  }

  /** The text of a value; after a refusal it is not used. `key` is the argument of `toJSON`. */
  of(value: unknown, place: string, key: string): string {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return JSON.stringify(value);
      case 'number':
        if (Number.isFinite(value)) return JSON.stringify(value);
        return this.refused(place, `is ${value}, which JSON does not have`);
      case 'bigint':
        return this.refused(
          place,
          'is a BigInt; give a number, or the document as its JSON text, which keeps all digits',
        );
      case 'object':
        return value === null ? 'null' : this.object(value, place, key);
      default:
        return this.refused(place, value === undefined ? 'is undefined' : `is a ${typeof value}`);
    }
  }

  private object(value: object, place: string, key: string): string {
    if (this.outer.includes(value)) return this.refused(place, 'is an object around it, so the document has no end');
    if (this.outer.length >= nestingLimit) {
      const text = `${this.resource} ${place} nests deeper than ${counted(nestingLimit, 'level')}.`;
      fail('DOCUMENT_TOO_LARGE', text, { resource: this.resource, path: place }, { limit: nestingLimit });
    }
    this.outer.push(value);
    const text = this.contents(value, place, key);
    this.outer.pop();
    return text;
  }

  private contents(value: object, place: string, key: string): string {
    const found = this.read(place, () => replacement(value, key));
    if (found === undefined) return 'null';
    if (found === null) return this.members(value, place);
    const { replaced } = found;
    if (types.isDate(value) && replaced === null) return this.refused(place, 'is a date without a time (Invalid Date)');
    // JSON calls `toJSON` only once
    return typeof replaced === 'object' && replaced !== null
      ? this.members(replaced, place)
      : this.of(replaced, place, key);
  }

  private members(value: object, place: string): string {
    const [what] = withoutContents.find(([, is]) => is(value)) ?? [];
    if (what !== undefined) return this.refused(place, `is ${what}`);
    if (Array.isArray(value)) return this.items(value, place);
    const names = this.read(place, () => Object.keys(value)) ?? [];
    const members = names.flatMap((name) => {
      const inner = memberPlace(place, name);
      const member = this.read(inner, () => [(value as Readonly<Record<string, unknown>>)[name]] as const);
      // a member without a value is absent, as in JSON
      if (member === undefined || member[0] === undefined) return [];
      return [`${JSON.stringify(name)}:${this.of(member[0], inner, name)}`];
    });
    return `{${members.join(',')}}`;
  }

  private items(value: readonly unknown[], place: string): string {
    const items: string[] = [];
    for (let index = 0; index < (this.read(place, () => value.length) ?? 0); index += 1) {
      const inner = elementPlace(place, index);
      const item = this.read(inner, () => (index in value ? ([value[index]] as const) : null));
      if (item === null) {
        this.refused(inner, 'is missing: the array has a hole');
        // an array may have millions of them
        break;
      }
      if (item !== undefined) items.push(this.of(item[0], inner, String(index)));
    }
    return `[${items.join(',')}]`;
  }

  /** Runs code of the program: a getter, `toJSON`, a proxy. Undefined if it throws. */
  private read<Result>(place: string, action: () => Result): Result | undefined {
    try {
      return action();
    } catch (error) {
      this.refused(place, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  private refused(place: string, what: string): 'null' {
    const { resource } = this;
    const where = { resource, path: place };
    this.diagnostics.push(diagnostic('DOCUMENT_VALUE_INVALID', `${resource} ${place} ${what}.`, where, where));
    return 'null';
  }
}

/** What JSON writes in place of an object: the result of `toJSON`, or the value in a boxed primitive. */
function replacement(value: object, key: string): { readonly replaced: unknown } | null {
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return { replaced: toJSON.call(value, key) };
  return types.isBoxedPrimitive(value) ? { replaced: value.valueOf() } : null;
}

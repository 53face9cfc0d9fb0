import { counted, type DiagnosticLocation, fail } from '@dms/diagnostics';

export type JsonPathSegment = { readonly kind: 'property'; readonly name: string } | { readonly kind: 'anyElement' };

/** A compiled path of the subset in design 01 §10. Two paths are equal if and only if their canonical texts are. */
export interface JsonPath {
  readonly canonical: string;
  readonly segments: readonly JsonPathSegment[];
}

/** A value in the form that a file has: JSON paths are texts. */
export type PlainPath<Value> = Value extends string
  ? Value
  : Value extends JsonPath
    ? string
    : Value extends readonly (infer Item)[]
      ? readonly PlainPath<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: PlainPath<Value[Name]> }
        : Value;

type JsonPathReason =
  | 'empty'
  | 'no-root'
  | 'invalid-property-character'
  | 'empty-property'
  | 'wildcard-position'
  | 'array-not-wildcard'
  | 'unexpected-character';

/** The class of all paths that the functions here return. In JSON a path is its canonical text. */
class CompiledPath implements JsonPath {
  readonly canonical: string;
  readonly segments: readonly JsonPathSegment[];

  constructor(canonical: string, segments: readonly JsonPathSegment[]) {
    this.canonical = canonical;
    this.segments = segments;
  }

  toJSON(): string {
    return this.canonical;
  }
}

const anyElement: JsonPathSegment = { kind: 'anyElement' };
const nameCharacters = /^[\p{L}\p{Nd}_-]*$/u;
const beyondBmp = /[\u{10000}-\u{10FFFF}]/u;

/** Compiles `text`, or returns the reason and its UTF-16 offset. */
export function parseJsonPath(text: string): { path: JsonPath } | { reason: JsonPathReason; offset: number } {
  if (text === '') return { reason: 'empty', offset: 0 };
  if (text[0] !== '$') return { reason: 'no-root', offset: 0 };
  const segments: JsonPathSegment[] = [];
  let offset = 1;
  while (offset < text.length) {
    if (text[offset] === '.') {
      let end = offset + 1;
      while (end < text.length && text[end] !== '.' && text[end] !== '[') end += 1;
      const name = text.slice(offset + 1, end);
      if (!nameCharacters.test(name) || beyondBmp.test(name)) {
        const bad = [...name].findIndex((character) => !nameCharacters.test(character) || character.length > 1);
        const before = [...name].slice(0, bad).join('').length;
        return { reason: 'invalid-property-character', offset: offset + 1 + before };
      }
      if (name === '') return { reason: 'empty-property', offset: offset + 1 };
      segments.push({ kind: 'property', name });
      offset = end;
    } else if (text[offset] === '[') {
      if (segments.at(-1)?.kind !== 'property') return { reason: 'wildcard-position', offset };
      if (!text.startsWith('[*]', offset)) return { reason: 'array-not-wildcard', offset };
      segments.push(anyElement);
      offset += 3;
    } else {
      return { reason: 'unexpected-character', offset };
    }
  }
  return { path: new CompiledPath(text, segments) };
}

const reasonTexts: Readonly<Record<JsonPathReason, string>> = {
  empty: 'it is empty',
  'no-root': 'it must start with $',
  'invalid-property-character': 'a property name holds only letters, digits, "_" and "-"',
  'empty-property': 'a property name is missing after "."',
  'wildcard-position': '"[*]" may only follow a property name',
  'array-not-wildcard': 'the only index is "[*]"',
  'unexpected-character': 'a segment starts with "." or "[*]"',
};

/**
 * Compiles `text`. The message names `where.resource` and `member`, the place of the text in the schema. Throws
 * `JSONPATH_INVALID` (design 01 §10).
 */
export function compileJsonPath(text: string, where: DiagnosticLocation, member: string): JsonPath {
  const result = parseJsonPath(text);
  if ('path' in result) return result.path;
  const label = where.resource === undefined ? '' : `${where.resource}: `;
  return fail(
    'JSONPATH_INVALID',
    `${label}${member} holds the path ${JSON.stringify(text)}, which is not a JSONPath of the supported subset: ${reasonTexts[result.reason]} (at offset ${result.offset}).`,
    { path: member, ...where },
    { text, reason: result.reason, offset: result.offset, member },
  );
}

function textOf(segments: readonly JsonPathSegment[]): string {
  return `$${segments.map((segment) => (segment.kind === 'property' ? `.${segment.name}` : '[*]')).join('')}`;
}

/** The document root, `$`. */
export const rootPath: JsonPath = new CompiledPath('$', []);

/** A path of the given segments; they must obey the grammar (a programming error otherwise). */
export function pathOf(segments: readonly JsonPathSegment[]): JsonPath {
  const result = parseJsonPath(textOf(segments));
  if ('path' in result && result.path.segments.length === segments.length) return result.path;
  throw new Error(`${textOf(segments)} is not a JSONPath of ${counted(segments.length, 'segment')}`);
}

/** Whether a property of this name can be a segment of a path. */
export function isPathName(name: string): boolean {
  return name !== '' && nameCharacters.test(name) && !beyondBmp.test(name);
}

/** `path` followed by the property `name`, which must obey the grammar (a programming error otherwise). */
export function childPath(path: JsonPath, name: string): JsonPath {
  if (!isPathName(name)) throw new Error(`${JSON.stringify(name)} is not a segment of a JSONPath`);
  return new CompiledPath(`${path.canonical}.${name}`, [...path.segments, { kind: 'property', name }]);
}

/** `path`, which must end in a property, followed by `[*]`. */
export function elementPath(path: JsonPath): JsonPath {
  if (path.segments.at(-1)?.kind !== 'property') throw new Error(`${path.canonical}[*] is not a JSONPath`);
  return new CompiledPath(`${path.canonical}[*]`, [...path.segments, anyElement]);
}

function sameSegment(a: JsonPathSegment, b: JsonPathSegment | undefined): boolean {
  if (a.kind === 'anyElement') return b?.kind === 'anyElement';
  return b?.kind === 'property' && b.name === a.name;
}

/** Whether every segment of `prefix` is the segment of `path` at the same index (`$.a` is not a prefix of `$.ab`). */
export function isPathPrefix(prefix: JsonPath, path: JsonPath): boolean {
  if (!path.canonical.startsWith(prefix.canonical)) return false;
  return (
    prefix.segments.length <= path.segments.length &&
    prefix.segments.every((segment, index) => sameSegment(segment, path.segments[index]))
  );
}

/** Whether the text of a path leads to an object or to something within it. */
export const isWithin = (path: string, object: string) =>
  path === object || (path.startsWith(object) && /^[.[]/.test(path.slice(object.length)));

/** Whether the text of a path leads into an object, to something other than its items or itself. */
export const isBelow = (path: string, object: string) => path.startsWith(`${object}.`);

/** `path` up to its last `[*]`; undefined if it has none. */
export function arrayScope(path: JsonPath): JsonPath | undefined {
  const last = path.segments.findLastIndex((segment) => segment.kind === 'anyElement');
  return last < 0 ? undefined : pathOf(path.segments.slice(0, last + 1));
}

/** Number of `[*]` segments. */
export function arrayDepth(path: JsonPath): number {
  return path.segments.filter((segment) => segment.kind === 'anyElement').length;
}

/** The segments of `base` followed by those of `relative`, which starts with `$` too. */
export function concatPaths(base: JsonPath, relative: JsonPath): JsonPath {
  return pathOf([...base.segments, ...relative.segments]);
}

/** `path` without its last segment. */
export function parentPath(path: JsonPath): JsonPath {
  return pathOf(path.segments.slice(0, -1));
}

/** `path` without a leading `._ext.<any>`; undefined without that prefix, or if `<any>` is an array. */
export function stripExtensionPrefix(path: JsonPath): JsonPath | undefined {
  const [first, second, third] = path.segments;
  if (first?.kind !== 'property' || first.name !== '_ext' || second?.kind !== 'property') return undefined;
  if (third?.kind === 'anyElement') return undefined;
  return pathOf(path.segments.slice(2));
}

/** Whether any segment is the property `_ext`. */
export function isExtensionScoped(path: JsonPath): boolean {
  return path.segments.some((segment) => segment.kind === 'property' && segment.name === '_ext');
}

/** The property names of `segments`, without wildcards. */
export function propertyNames(segments: readonly JsonPathSegment[]): string[] {
  return segments.flatMap((segment) => (segment.kind === 'property' ? [segment.name] : []));
}

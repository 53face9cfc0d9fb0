import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '@dms/diagnostics';
import { shortenedJson, standInText, type UnreadMembers, unreadMember } from '@dms/values';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { isWithin } from './json-path.ts';
import { openApiMembers } from './parse-api-schema.ts';
import type { SchemaText } from './schema-input.ts';

/** A part of a line of a text; lines and columns count from 1, columns in UTF-16 units. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
  /** The column after the last character if the value ends on the same line; otherwise the end of the line. */
  readonly endColumn: number;
  /** The lines of the text, without their ends. */
  readonly lines: readonly string[];
}

export interface SourcePositions {
  /** The position of a diagnostic in its file; undefined if the file cannot be read or does not contain it. */
  find(entry: Diagnostic): SourcePlace | undefined;
  /** The diagnostic with the line and column of its value. */
  locate(entry: Diagnostic): Diagnostic;
}

/** The bytes of a file, without a byte order mark, and the offsets of its lines. */
class SourceText {
  private readonly bytes: Buffer;
  private knownStarts: readonly number[] | undefined;
  private knownLines: readonly string[] | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** All lines, created on demand: only a message that shows lines needs them. */
  get lines(): readonly string[] {
    this.knownLines ??= this.bytes.toString('utf8').split(lineEnd);
    return this.knownLines;
  }

  private get starts(): readonly number[] {
    this.knownStarts ??= startsOfLines(this.bytes);
    return this.knownStarts;
  }

  /** The part of a line that begins at a byte, with this many UTF-16 units of text. */
  placeAt(offset: number, units: number): SourcePlace {
    const { bytes, starts } = this;
    const index = lineAt(starts, offset);
    const column = bytes.toString('utf8', starts[index] ?? 0, offset).length + 1;
    const [rest = ''] = bytes.toString('utf8', offset, starts[index + 1] ?? bytes.length).split(lineEnd);
    return this.withLines({ line: index + 1, column, endColumn: column + Math.min(units, rest.length) });
  }

  /** A place whose lines are read on demand. */
  withLines(place: Omit<SourcePlace, 'lines'>): SourcePlace {
    const linesOf = () => this.lines;
    return {
      ...place,
      get lines() {
        return linesOf();
      },
    };
  }
}

interface ParsedSource {
  readonly text: SourceText;
  /** Undefined if the text is not JSON. */
  readonly root: Node | undefined;
  /** The byte of the file at which a node begins. */
  byteOf(node: Node): number;
}

const lineEnd = /\r\n|\r|\n/;

/** The offset of the first byte of each line. */
function startsOfLines(bytes: Buffer): number[] {
  const starts = [0];
  const { length } = bytes;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x0a || (byte === 0x0d && bytes[at + 1] !== 0x0a)) starts.push(at + 1);
  }
  return starts;
}

/** The number of stand-ins that replace unread members. */
function standIns(node: Node | undefined, members: UnreadMembers): number {
  return membersOf(node).reduce((count, [name, value]) => {
    const member = unreadMember(members, name);
    if (member === 'unread') return count + (value.value === standInText ? 1 : 0);
    return member === undefined ? count : count + standIns(value, member);
  }, 0);
}

function treeOf(text: string): Node | undefined {
  const errors: unknown[] = [];
  const root = parseTree(text, errors as never[]);
  return errors.length === 0 ? root : undefined;
}

const unread: UnreadMembers = { projectSchema: openApiMembers };

/** Parses a file without its OpenAPI payloads, in which no diagnostic has a place. */
function parse(file: Buffer): ParsedSource {
  const hasMark = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf;
  const bytes = hasMark ? file.subarray(3) : file;
  const source = new SourceText(bytes);
  const short = shortenedJson(bytes, unread);
  const shortText = short?.bytes.toString('utf8') ?? '';
  const shortRoot = short && treeOf(shortText);
  if (short && standIns(shortRoot, unread) === short.cuts.length) {
    const byteOf = ({ offset }: Node) => {
      const at = Buffer.byteLength(shortText.slice(0, offset));
      return short.cuts.reduce((sum, cut) => (cut.at < at ? sum + cut.removed : sum), at);
    };
    return { text: source, root: shortRoot, byteOf };
  }
  const whole = bytes.toString('utf8');
  return { text: source, root: treeOf(whole), byteOf: ({ offset }) => Buffer.byteLength(whole.slice(0, offset)) };
}

/** The index of the line that contains an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Codes about a whole file for which the position of its first value is useful. */
const aboutFile = /^(INPUT_.*|CONFIG_INVALID)$/;

interface SourceOptions {
  /** The base of relative paths; by default the current folder. */
  readonly folder?: string | undefined;
  /** Texts in memory, with their names. */
  readonly texts?: (() => readonly SchemaText[]) | undefined;
}

/**
 * Finds lines and columns for diagnostics about input files. Normal reading keeps no positions, so valid input costs
 * nothing extra. A file is read again, and parsed once, for its first diagnostic.
 */
export function sourcePositions({ folder = '.', texts = () => [] }: SourceOptions = {}): SourcePositions {
  const sources = new Map<string, ParsedSource | undefined>();
  const read = (name: string): ParsedSource | undefined => {
    const text = texts().find((each) => each.name === name);
    if (text) return parse(Buffer.from(text.content));
    try {
      const file = path.resolve(folder, name);
      if (!statSync(file).isFile()) return undefined;
      return parse(readFileSync(file));
    } catch (error) {
      // the file was removed or became unreadable: the diagnostic has no position
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  };
  const sourceOf = (name: string): ParsedSource | undefined => {
    if (!sources.has(name)) sources.set(name, read(name));
    return sources.get(name);
  };
  const find = (entry: Diagnostic): SourcePlace | undefined => {
    const { file, line, column, resource, path: place } = entry.where;
    if (file === undefined || (place === undefined && resource === undefined && !aboutFile.test(entry.code)))
      return undefined;
    const source = sourceOf(file);
    if (source === undefined) return undefined;
    const { text, root, byteOf } = source;
    if (line !== undefined) return text.withLines({ line, column: column ?? 1, endColumn: (column ?? 1) + 1 });
    if (root === undefined) return undefined;
    const node = placeOf(root, entry);
    return text.placeAt(byteOf(node), node.length);
  };
  return {
    find,
    locate(entry) {
      const place = entry.where.line === undefined ? find(entry) : undefined;
      return place ? { ...entry, where: { ...entry.where, line: place.line, column: place.column } } : entry;
    },
  };
}

/** Names and indices that lead from a value to a value inside it. */
type Segments = readonly (string | number)[];

/** The value at the end of the segments, or the last existing value on the way. */
function deepest(node: Node, segments: Segments): Node {
  let found = node;
  for (const segment of segments) {
    const next = findNodeAtLocation(found, [segment]);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** The value of a member of an object. */
function memberOf(node: Node | undefined, name: string): Node | undefined {
  return node === undefined ? undefined : findNodeAtLocation(node, [name]);
}

/** Names and values of the members of an object. */
function membersOf(node: Node | undefined): readonly (readonly [name: string, value: Node])[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
    name === undefined || value === undefined ? [] : [[String(name.value), value] as const],
  );
}

/** `/a~1b/0` as segments. */
function pointerSegments(pointer: string): Segments {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A name between quotes, which may have escapes of JSON. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return quoted;
  }
}

/** `documentPathsMapping["School.x"].path` and `paths[1]` as segments. */
function memberSegments(member: string): Segments {
  const parts = member.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? '') : unescaped(quoted);
  });
}

/**
 * The first value inside `node`, in the order of the text, whose text or member name satisfies `isMatch`. For a member
 * name, the result is the member's value.
 */
function firstText(node: Node, isMatch: (text: string) => boolean): Node | undefined {
  if (node.type === 'string') return isMatch(String(node.value)) ? node : undefined;
  if (node.type === 'property') {
    const [name, value] = node.children ?? [];
    if (name !== undefined && isMatch(String(name.value))) return value ?? name;
    return value && firstText(value, isMatch);
  }
  for (const child of node.children ?? []) {
    const found = firstText(child, isMatch);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The member of a resource that contains a mistake, by the prefix of its code; all other codes concern the JSON schema.
 */
const membersByCode: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(IDENTITY|TRG)_/, ['identityJsonPaths']],
  [/^ABSTRACT_/, ['superclassIdentityJsonPath', 'identityJsonPaths']],
  [/^DECIMAL_/, ['decimalPropertyValidationInfos']],
  [/^ARRAY_UNIQUENESS_/, ['arrayUniquenessConstraints']],
  [/^KU_/, ['equalityConstraints']],
  [/^OVERRIDE_/, ['relational']],
  [/^(REFERENCE|DESCRIPTOR|PROPAGATION|EXTENSION_BASE|AUTH)_/, ['documentPathsMapping']],
];

/** The resource that a diagnostic names, `Project:Resource`, in its ApiSchema file. */
function resourceIn(root: Node, label: string): Node | undefined {
  const project = memberOf(root, 'projectSchema');
  const start = `${memberOf(project, 'projectName')?.value}:`;
  const name = label.startsWith(start) ? label.slice(start.length) : label.slice(label.indexOf(':') + 1);
  const resources = membersOf(memberOf(project, 'resourceSchemas'));
  const named = resources.find(([, value]) => memberOf(value, 'resourceName')?.value === name);
  const keyed = named ?? resources.find(([key]) => key === name);
  return keyed?.[1] ?? memberOf(memberOf(project, 'abstractResources'), name);
}

/** Converts `$.a[*].b`, a path into documents, to a path into their JSON schema. */
function schemaSegments(path: string): Segments {
  const names = [...path.matchAll(/\[\*\]|\["?([^\]"]+)"?\]|\.([^.[\]]+)/g)];
  return names.flatMap(([, quoted, name]) => {
    const property = quoted ?? name;
    return property === undefined ? ['items'] : ['properties', property];
  });
}

/**
 * The place where a resource mentions a path into its documents: in the member for the code, otherwise in its JSON
 * schema.
 */
function documentPathIn(resource: Node, path: string, code: string): Node {
  const members = membersByCode.find(([codes]) => codes.test(code))?.[1] ?? [];
  for (const isMatch of [(text: string) => text === path, (text: string) => isWithin(text, path)]) {
    for (const member of members.flatMap((name) => memberOf(resource, name) ?? [])) {
      const found = firstText(member, isMatch);
      if (found !== undefined) return found;
    }
  }
  const schema = memberOf(resource, 'jsonSchemaForInsert');
  return schema === undefined ? resource : deepest(schema, schemaSegments(path));
}

function inResource(resource: Node, { code, where: { path }, details }: Diagnostic): Node {
  const { mappingKey } = details;
  const mapping = memberOf(resource, 'documentPathsMapping');
  const mapped = memberOf(mapping, typeof mappingKey === 'string' ? mappingKey : (path ?? ''));
  if (mapped !== undefined) return firstText(mapped, (text) => text === path) ?? mapped;
  if (path === undefined) return resource;
  return path.startsWith('$') ? documentPathIn(resource, path, code) : deepest(resource, memberSegments(path));
}

/**
 * The value in an input file that a diagnostic is about, found by a JSON pointer (`dms.json`), by the resource and a
 * path into its documents or members, or by the members of the file. For a missing value, the object that should
 * contain it.
 */
function placeOf(root: Node, entry: Diagnostic): Node {
  const { resource: label, path } = entry.where;
  if (path?.startsWith('/')) return deepest(root, pointerSegments(path));
  const isFromRoot = path?.startsWith('projectSchema') ?? false;
  const resource = label === undefined || isFromRoot ? undefined : resourceIn(root, label);
  if (resource !== undefined) return inResource(resource, entry);
  return path === undefined || path.startsWith('$') ? root : deepest(root, memberSegments(path));
}

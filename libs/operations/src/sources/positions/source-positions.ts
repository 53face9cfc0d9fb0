import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { type Node, parseTree } from 'jsonc-parser';
import type { SchemaText } from '../schema-input.ts';
import { placeOf } from './schema-place.ts';

/** A part of a line of a text; lines and columns count from 1, columns in UTF-16 units. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
  /** After its last character if it ends on the same line; otherwise at the end of the line. */
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

interface Source {
  readonly lines: readonly string[];
  /** Offset of the first character of each line. */
  readonly starts: readonly number[];
  /** Nothing when the text is not JSON. */
  readonly root: Node | undefined;
}

const lineEnd = /\r\n|\r|\n/g;

function parse(text: string): Source {
  const starts = [0, ...[...text.matchAll(lineEnd)].map((match) => match.index + match[0].length)];
  const errors: unknown[] = [];
  const root = parseTree(text, errors as never[]);
  return { lines: text.split(lineEnd), starts, root: errors.length === 0 ? root : undefined };
}

/** The index of the line that contains an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (mustExist(starts[middle], 'the start of a line') <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function placeAt({ lines, starts }: Source, { offset, length }: Node): SourcePlace {
  const index = lineAt(starts, offset);
  const column = offset - mustExist(starts[index], 'the start of a line') + 1;
  const endColumn = Math.min(column + length, mustExist(lines[index], 'a line').length + 1);
  return { line: index + 1, column, endColumn, lines };
}

/** Codes about a whole file whose first value is worth pointing at. */
const aboutFile = /^(INPUT_.*|CONFIG_INVALID)$/;

export interface SourceOptions {
  /** The base of relative paths; by default the current folder. */
  readonly folder?: string | undefined;
  /** Texts that do not come from the disk, by their names. */
  readonly texts?: (() => readonly SchemaText[]) | undefined;
}

/**
 * Finds lines and columns for diagnostics about input files. Reading an input keeps no positions, so valid input costs
 * nothing extra. A file is read again, and parsed once, for its first diagnostic.
 */
export function sourcePositions({ folder = '.', texts = () => [] }: SourceOptions = {}): SourcePositions {
  const sources = new Map<string, Source | undefined>();
  const read = (name: string): Source | undefined => {
    const text = texts().find((each) => each.name === name);
    if (text)
      return parse(
        Buffer.from(text.content)
          .toString('utf8')
          .replace(/^\ufeff/, ''),
      );
    try {
      const file = path.resolve(folder, name);
      if (!statSync(file).isFile()) return undefined;
      return parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
    } catch (error) {
      // removed or unreadable by now: the diagnostic has no position
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  };
  const sourceOf = (name: string): Source | undefined => {
    if (!sources.has(name)) sources.set(name, read(name));
    return sources.get(name);
  };
  const find = (entry: Diagnostic): SourcePlace | undefined => {
    const { file, line, column, resource, path: place } = entry.where;
    if (file === undefined || (place === undefined && resource === undefined && !aboutFile.test(entry.code)))
      return undefined;
    const source = sourceOf(file);
    if (source === undefined) return undefined;
    if (line !== undefined) return { line, column: column ?? 1, endColumn: (column ?? 1) + 1, lines: source.lines };
    return source.root && placeAt(source, placeOf(source.root, entry));
  };
  return {
    find,
    locate(entry) {
      const place = entry.where.line === undefined ? find(entry) : undefined;
      return place ? { ...entry, where: { ...entry.where, line: place.line, column: place.column } } : entry;
    },
  };
}

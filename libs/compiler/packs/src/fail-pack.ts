import { counted, type DetailValue, type DiagnosticCode, fail } from '@dms/diagnostics';
import type { TableWritePlan } from '@dms/plans';

/** The reason why a pack is rejected: one code per step of reading (design 08 §12.5). */
type PackCode = Extract<DiagnosticCode, `PACK_${string}`>;

/** The current place: the file and, in the payload, the resource and table. */
export interface PackPlace {
  readonly file: string;
  /** `Project:Resource`. */
  readonly resource?: string;
  /** `schema.name`. */
  readonly table?: string;
  /** A column, constraint or path in the table. */
  readonly part?: string;
}

const steps: Readonly<Record<PackCode, string>> = {
  PACK_ENVELOPE: 'envelope',
  PACK_HEADER_MISMATCH: 'header',
  PACK_PAYLOAD_LENGTH: 'header',
  PACK_DECOMPRESS: 'decompression',
  PACK_PAYLOAD_HASH: 'hash of the payload',
  PACK_PAYLOAD: 'payload',
  PACK_INVARIANT: 'invariants',
};

/** The maximum length of a value in a message: contents of a pack cannot be trusted, not even their length. */
const longestValue = 200;

const shown = (value: string | number | boolean) => {
  const text = String(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}… (${counted(text.length, 'character')})` : text;
};

/** A wrong part of a pack. */
interface WrongPart {
  readonly what: string;
  readonly expected: string | number | boolean;
  readonly found: string | number | boolean;
}

/** Rejects a pack because `what` is `found` instead of `expected`. */
export function failPack(
  code: PackCode,
  { file, resource, table, part }: PackPlace,
  { what, expected, found }: WrongPart,
): never {
  const place = [resource, table, part].filter((name) => name !== undefined).map((name) => `${shown(name)}: `);
  const text = `expected ${shown(expected)}, found ${shown(found)}`;
  const message = `${file} is not a pack that can be used (${steps[code]}): ${place.join('')}${shown(what)}: ${text}. Build it again.`;
  const details: { readonly [name: string]: DetailValue } = {
    step: steps[code],
    what: shown(what),
    expected: shown(expected),
    found: shown(found),
    ...(resource === undefined ? {} : { resource: shown(resource) }),
    ...(table === undefined ? {} : { table: shown(table) }),
    ...(part === undefined ? {} : { part: shown(part) }),
  };
  return fail(code, message, { file, ...(resource === undefined ? {} : { resource: shown(resource) }) }, details);
}

/** Rejects a pack whose payload contradicts itself. */
export function failInvariant(
  at: PackPlace,
  what: string,
  expected: string | number | boolean,
  found: string | number | boolean,
): never {
  return failPack('PACK_INVARIANT', at, { what, expected, found });
}

/** Rejects a pack that lacks a required part, or has a part that must be absent. */
export function expectPart(at: PackPlace, what: string, isDue: boolean, isThere: boolean): void {
  if (isDue !== isThere) failInvariant(at, what, isDue ? 'set' : 'none', isThere ? 'set' : 'none');
}

/** Rejects a pack whose plan points at the binding of another column. */
export function expectBound(
  at: PackPlace,
  { columnBindings }: Pick<TableWritePlan, 'columnBindings'>,
  what: string,
  { index, column }: { readonly index: number; readonly column: string },
): void {
  const found = columnBindings[index]?.column.name ?? 'no binding';
  if (found !== column) failInvariant(at, `${what} ${index}`, column, found);
}

/** A part that a pack must have: a message, a choice, or a value that this version knows. */
export function required<Value>(value: Value | null | undefined, at: PackPlace, what: string): Value {
  return value ?? failInvariant(at, what, 'a value', 'none');
}

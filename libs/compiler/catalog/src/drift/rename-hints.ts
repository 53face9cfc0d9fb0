import { compareOrdinal } from '@dms/values';
import type { Catalog, CatalogTable } from '../catalog.ts';
import {
  type CatalogDifference,
  type CatalogPair,
  type ObjectKind,
  type ObjectPath,
  partPath,
  partsOf,
  type RenameHint,
  type TablePart,
  tableParts,
} from './difference.ts';
import { driftRules } from './drift-rules.ts';

const threshold = 0.6;

type Tables = ReadonlyMap<string, CatalogTable>;

interface Scoring {
  readonly expected: Tables;
  readonly actual: Tables;
  /** Sets of columns by table, each made once. */
  readonly columnSets: Map<CatalogTable, ReadonlySet<string>>;
}

/**
 * Pairs of a missing and an extra object that may be the same object (design 09a §2.2): the best pairs first, each
 * object in at most one pair.
 */
export function renameHints(
  { expected, actual }: CatalogPair,
  differences: readonly CatalogDifference[],
): readonly RenameHint[] {
  const scoring: Scoring = { expected: tablesOf(expected), actual: tablesOf(actual), columnSets: new Map() };
  const extras = new Map<string, CatalogDifference[]>();
  for (const difference of differences) {
    if (difference.change !== 'extra') continue;
    const scope = scopeOf(difference);
    extras.set(scope, [...(extras.get(scope) ?? []), difference]);
  }
  const candidates: RenameHint[] = [];
  for (const missing of differences) {
    if (missing.change !== 'missing') continue;
    for (const extra of extras.get(scopeOf(missing)) ?? []) {
      const value = score(missing.object, missing.path, extra.path, scoring);
      if (value >= threshold)
        candidates.push({ object: missing.object, expected: missing.path, actual: extra.path, score: value });
    }
  }
  candidates.sort(
    (left, right) =>
      right.score - left.score ||
      compareOrdinal(joined(left.expected), joined(right.expected)) ||
      compareOrdinal(joined(left.actual), joined(right.actual)),
  );
  const taken = new Set<string>();
  return candidates.flatMap((rename) => {
    const sides = [`- ${rename.object} ${joined(rename.expected)}`, `+ ${rename.object} ${joined(rename.actual)}`];
    if (sides.some((side) => taken.has(side))) return [];
    for (const side of sides) taken.add(side);
    return [{ ...rename, score: Math.round(rename.score * 100) / 100 }];
  });
}

const tablesOf = ({ tables }: Catalog): Tables =>
  new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]));

/** The scope that both candidates must have: tables the schema, their parts the table. */
const scopeOf = ({ object, path: [owner] }: CatalogDifference) =>
  `${object} ${object === 'table' ? owner.slice(0, owner.indexOf('.')) : owner}`;

function score(object: ObjectKind, expectedPath: ObjectPath, actualPath: ObjectPath, scoring: Scoring): number {
  if (object === 'table') return tableScore(expectedPath, actualPath, scoring);
  if (object === 'column') return columnScore(expectedPath, actualPath, scoring);
  const part = tableParts.find((kind) => kind === object);
  return part === undefined ? 0 : partScore(part, expectedPath, actualPath, scoring);
}

function tableScore([expectedKey]: ObjectPath, [actualKey]: ObjectPath, scoring: Scoring): number {
  const expected = scoring.expected.get(expectedKey);
  const actual = scoring.actual.get(actualKey);
  if (!expected || !actual || expected.schema !== actual.schema) return 0;
  const likeness = setLikeness(columnSet(expected, scoring), columnSet(actual, scoring));
  return 0.8 * likeness + 0.2 * nameLikeness(expected.name, actual.name);
}

/** Jaccard index of two sets. */
function setLikeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = commonCount(left, right);
  const all = left.size + right.size - common;
  return all === 0 ? 0 : common / all;
}

function commonCount<Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): number {
  let count = 0;
  for (const item of left) if (right.has(item)) count += 1;
  return count;
}

function columnSet(table: CatalogTable, { columnSets }: Scoring): ReadonlySet<string> {
  const set = columnSets.get(table) ?? new Set(table.columns.map(({ name, type }) => `${name} ${type}`));
  columnSets.set(table, set);
  return set;
}

/** Dice coefficient of two names. */
function nameLikeness(left: string, right: string): number {
  const a = words(left);
  const b = words(right);
  return a.size + b.size === 0 ? 0 : (2 * commonCount(a, b)) / (a.size + b.size);
}

/** Words of a name: split before an upper-case letter that follows another character, and at `_`. */
function words(name: string): ReadonlySet<string> {
  const parts = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').split('_');
  return new Set(parts.filter((part) => part !== '').map((part) => part.toLowerCase()));
}

function columnScore(expectedPath: ObjectPath, actualPath: ObjectPath, { expected, actual }: Scoring): number {
  const [table, name] = partPath(expectedPath);
  const [actualTable, actualName] = partPath(actualPath);
  if (table !== actualTable) return 0;
  const expectedColumns = expected.get(table)?.columns ?? [];
  const actualColumns = actual.get(table)?.columns ?? [];
  const left = expectedColumns.find((column) => column.name === name);
  const right = actualColumns.find((column) => column.name === actualName);
  if (!left || !right || left.type !== right.type || (left.generated === null) !== (right.generated === null)) return 0;
  const samePlace = expectedColumns.indexOf(left) === actualColumns.indexOf(right);
  return (
    0.4 + (left.nullable === right.nullable ? 0.1 : 0) + (samePlace ? 0.1 : 0) + 0.4 * nameLikeness(name, actualName)
  );
}

function partScore(
  kind: TablePart,
  expectedPath: ObjectPath,
  actualPath: ObjectPath,
  { expected, actual }: Scoring,
): number {
  const [table, name] = partPath(expectedPath);
  const [actualTable, actualName] = partPath(actualPath);
  if (table !== actualTable) return 0;
  const wanted = partText(expected.get(table), kind, name);
  return wanted !== null && wanted === partText(actual.get(table), kind, actualName) ? 1 : 0;
}

/** The text of a part without its name. The function of a trigger contains the name of the trigger. */
function partText(table: CatalogTable | undefined, kind: TablePart, name: string): string | null {
  const part = table && partsOf(table, kind).find((entry) => entry.name === name);
  if (!part) return null;
  const fields = (driftRules[kind].fields as readonly string[]).filter(
    (field) => !(kind === 'trigger' && field === 'function'),
  );
  return JSON.stringify(fields.map((field) => (part as unknown as Record<string, unknown>)[field] ?? null));
}

const joined = (path: ObjectPath) => path.join('\n');

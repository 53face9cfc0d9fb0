import type { CatalogColumn } from '@dms/catalog';
import type { Comparison } from '../comparing/comparison.ts';
import type { TableChange } from '../matching/table-change.ts';
import { catalogColumn, type SideTable } from '../matching/table-pairs.ts';
import { type Fits, shownType, typeConversion } from '../matching/type-conversion.ts';
import { columnValue, sources, type Value } from '../matching/value.ts';
import { checks, type Impossible, impossible, losses, type Place, type RulesOf, type Shown } from './change-rules.ts';

/* A column gets another type (design 12 §3.2); its operations are in `changed-columns.ts`. */

/** A column in a table of both sets. */
export interface ColumnPlaced extends Place {
  readonly table: SideTable;
}

interface TypeWider extends Place, Shown {
  readonly kind: 'type wider';
}

interface TypeNarrower extends ColumnPlaced, Shown {
  readonly kind: 'type narrower';
  readonly value: Value;
  readonly fits: Fits;
}

interface TypeConverted extends ColumnPlaced, Shown {
  readonly kind: 'type converted';
  readonly value: Value;
  /** The condition on converted values; null if they always fulfil it. */
  readonly fits: Fits | null;
  /** Whether the later set requires the value and the earlier one did not. */
  readonly becomesRequired: boolean;
}

/** A type to which no value of the earlier type can be converted. */
interface TypeReplaced extends ColumnPlaced, Shown {
  readonly kind: 'type replaced';
  readonly value: Value;
  readonly isPermitted: boolean;
}

/** A type that the values cannot get. */
interface TypeImpossible extends Place, Shown, Impossible {
  readonly kind: 'type changed';
}

export type TypeChanges = TypeWider | TypeNarrower | TypeConverted | TypeReplaced | TypeImpossible;

export const typeRules: RulesOf<TypeChanges> = {
  'type wider': { object: 'column', class: 'free' },
  'type narrower': {
    object: 'column',
    class: 'checked',
    queries: ({ table, value, fits }, queries) => checks(queries.notFitting(table, value, fits)),
  },
  'type converted': {
    object: 'column',
    class: ({ fits, becomesRequired }) => (fits === null && !becomesRequired ? 'rewritten' : 'checked'),
    queries: ({ table, value, fits, becomesRequired }, queries) =>
      checks(
        ...(fits === null ? [] : [queries.notFitting(table, value, fits)]),
        ...(becomesRequired ? [queries.withoutValue(table, value)] : []),
      ),
    fixedRows: ({ table }) => (table.followsWritten ? 'recorded deletes and key changes of documents' : undefined),
    reason: ({ table, fits }) =>
      table.followsWritten && fits !== null
        ? 'delete the rows that are too long; clients of the change feed that have not read them must then read the resource anew'
        : undefined,
  },
  'type replaced': {
    object: 'column',
    words: 'type changed',
    class: ({ isPermitted }) => (isPermitted ? 'loss' : 'checked'),
    queries: ({ table, value, isPermitted, after }, queries) =>
      isPermitted ? losses(queries.lossOfValues(table, value)) : checks(queries.withValue(table, value, String(after))),
    reason: ({ isPermitted, path, after }) =>
      isPermitted
        ? undefined
        : `its values have no form as ${shownType(String(after))}; permit their loss with --allow-loss ${path.join('.')}`,
  },
  'type changed': impossible('column'),
};

/** The changes for another type; `value` is the value that gets it. */
export function* compareTypes(
  { changesByBefore, values }: Comparison,
  { pair }: Pick<TableChange, 'pair'>,
  after: CatalogColumn,
  value: Value,
): Generator<TypeChanges> {
  const owner = pair.after.owner;
  const path = [pair.after.key, after.name];
  for (const { table, column } of sources(value, pair.before.key)) {
    const side = changesByBefore.get(table)?.pair.before;
    const type = side && catalogColumn(side, column)?.type;
    if (type === undefined) continue;
    const conversion = typeConversion(type, after.type);
    if (conversion.kind === 'same') continue;
    const entry = { owner, path, before: type, after: after.type };
    if (conversion.kind === 'wider') yield { kind: 'type wider', ...entry };
    else if (conversion.kind === 'other') {
      const hindrance = values.hindrance(pair.after.key, after.name);
      const reason =
        hindrance === null
          ? `the later set requires it, and no value that is ${shownType(type)} has a form as ${shownType(after.type)}`
          : `it is ${hindrance}, and those stay ${shownType(type)}: other documents and referential ids repeat them`;
      yield { kind: 'type changed', ...entry, reason };
    } else yield { kind: 'type narrower', ...entry, table: pair.before, value, fits: conversion.fits };
    // one item per column is enough
    return;
  }
}

/** The change for a value whose type changes to another family; null for other columns. */
export function compareRetyped(
  { values, permits }: Comparison,
  { pair }: TableChange,
  after: CatalogColumn,
): TypeChanges | null {
  const { owner, key } = pair.after;
  const retyped = values.retyped(key, after.name);
  if (retyped === null) return null;
  const path = [key, after.name];
  const before = catalogColumn(pair.before, retyped.before);
  const entry = { owner, path, before: before?.type, after: after.type, table: pair.before };
  const { conversion } = retyped;
  if (conversion === null)
    return {
      kind: 'type replaced',
      ...entry,
      value: columnValue(retyped.before),
      isPermitted: permits({ owner, path }),
    };
  const becomesRequired = !after.nullable && before?.nullable === true;
  return {
    kind: 'type converted',
    ...entry,
    value: values.of(key, after.name),
    fits: conversion.fits,
    becomesRequired,
  };
}

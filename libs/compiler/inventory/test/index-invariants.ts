import { type ForeignKeyConstraint, qualified, type Table } from '@dms/model';
import type { DbIndex } from '../src/inventory.ts';
import { type Inspected, reasonAgainst } from './inspected.ts';
import { isPrefix, sameList } from './lists.ts';

const foreignKeys = ({ constraints }: Table) =>
  constraints.filter((constraint): constraint is ForeignKeyConstraint => constraint.kind === 'ForeignKey');

/**
 * 2: one `PrimaryKey` entry per table and one `UniqueConstraint` entry per UNIQUE, with the name and columns of the
 * constraint.
 */
export function constraintIndexes(inspected: Inspected): string[] {
  const faults = inspected.tables.flatMap((table) => {
    const compare = (kind: DbIndex['kind'], wanted: readonly { name: string; columns: readonly string[] }[]) => {
      const facts = ({ name, columns }: { name: string; columns: readonly string[] }) =>
        `${name} (${columns.join(', ')})`;
      const actual = inspected
        .indexesOn(table)
        .filter((index) => index.kind === kind)
        .map(({ name, keyColumns }) => facts({ name, columns: keyColumns }));
      const expected = wanted.map(facts);
      return sameList(actual.sort(), expected.sort())
        ? []
        : [`2 ${qualified(table.table)}: ${kind} entries [${actual.join('; ')}] instead of [${expected.join('; ')}]`];
    };
    const uniques = table.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
    const { constraintName, columns } = table.key;
    return [
      ...compare('PrimaryKey', [{ name: constraintName, columns: columns.map(({ name }) => name) }]),
      ...compare('UniqueConstraint', uniques),
    ];
  });
  const strays = inspected.inventory.indexes.filter(
    ({ table, kind }) => kind !== 'Explicit' && !inspected.table(table),
  );
  return [
    ...faults,
    ...strays.map(({ table, name }) => `2 ${name}: on ${qualified(table)}, which is not a table of the model`),
  ];
}

/**
 * 3, §2.2: every foreign key is covered, and every support index is needed, belongs to a foreign key and is named after
 * it.
 */
export function foreignKeyIndexes(inspected: Inspected): string[] {
  return inspected.tables.flatMap((table) => {
    const place = qualified(table.table);
    const indexes = inspected.indexesOn(table);
    const keys = foreignKeys(table);
    const uncovered = keys.filter(({ columns }) => !indexes.some(({ keyColumns }) => isPrefix(columns, keyColumns)));
    const support = indexes.filter(({ kind }) => kind === 'ForeignKeySupport');
    const superfluous = support.filter((index) =>
      indexes.some((other) => other !== index && isPrefix(index.keyColumns, other.keyColumns)),
    );
    const baseless = support.filter(({ keyColumns }) => !keys.some(({ columns }) => sameList(columns, keyColumns)));
    const misnamed = support.filter(({ name, keyColumns }) => {
      const columns = keyColumns.map((column) => inspected.fullColumn(table.table, column));
      return name !== inspected.limit(`IX_${inspected.fullTable(table.table)}_${columns.join('_')}`);
    });
    return [
      ...uncovered.map(({ name }) => `3 ${place}: no index begins with the columns of ${name}`),
      ...superfluous.map(({ name }) => `3 ${place}: ${name} is a leftmost prefix of another index`),
      ...baseless.map(({ name }) => `3 ${place}: ${name} is the index of no foreign key`),
      ...misnamed.map(({ name }) => `§2.2 ${place}: ${name} is not the name of its columns`),
    ];
  });
}

/** 4, §2.1: the form of an entry of the index list. Natural keys may contain aliases (design 04 §11.5). */
export function indexShapes(inspected: Inspected): string[] {
  return inspected.inventory.indexes.flatMap((index) => {
    const found: string[] = [];
    if (index.keyColumns.length === 0) found.push(`§2.1 ${index.name}: no key columns`);
    if (index.isUnique !== ['PrimaryKey', 'UniqueConstraint'].includes(index.kind))
      found.push(`§2.1 ${index.name}: a ${index.kind} index is${index.isUnique ? '' : ' not'} unique`);
    if (index.includeColumns.length > 0 !== (index.kind === 'Explicit'))
      found.push(`§2.1 ${index.name}: a ${index.kind} index has ${index.includeColumns.length} include columns`);
    if (index.kind === 'Explicit') return found;
    for (const name of index.keyColumns) {
      const reason = reasonAgainst(inspected.table(index.table), name);
      const isAllowed = reason === 'an alias' && index.kind === 'UniqueConstraint';
      if (reason !== undefined && !isAllowed) found.push(`4 ${index.name}: ${name} is ${reason}`);
    }
    return found;
  });
}

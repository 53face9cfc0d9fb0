import {
  type DbTableName,
  type ForeignKeyConstraint,
  qualified,
  type RelationalModelSet,
  type Table,
  type TableConstraint,
} from '@dms/model';
import { schemaSet, shortName, tablesOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { forSets, isForeignKey, textOf } from '../test/random-models.ts';
import { deriveModel } from './index.ts';

/**
 * A model without the parts that may differ by design 02 §18: the actions of reference keys, and keys that one dialect
 * reduces.
 */
function withoutPropagation(model: RelationalModelSet, reduced: ReadonlySet<string>): unknown {
  const { dialect: _, propagationFallbacks: __, ...rest } = JSON.parse(textOf(model));
  for (const { tablesInDependencyOrder } of rest.resources) {
    for (const table of tablesInDependencyOrder) {
      table.constraints = table.constraints
        .filter(({ kind, columns }: { kind: string; columns?: string[] }) =>
          kind === 'ForeignKey' ? !reduced.has(`${qualified(table.table)}.${columns?.[0]}`) : true,
        )
        .map(({ onUpdate: ___, deferrable: ____, ...constraint }: Record<string, unknown>) => constraint);
    }
  }
  return rest;
}

const reducedKeys = (mssql: RelationalModelSet) =>
  new Set(
    mssql.propagationFallbacks.map(
      ({ receiverTable, receiverFkColumn }) => `${qualified(receiverTable)}.${receiverFkColumn}`,
    ),
  );

/** The signature of a constraint (design 03 §6.3). */
function signatureOf(table: Table, constraint: TableConstraint): string {
  const own = qualified(table.table);
  switch (constraint.kind) {
    case 'Unique':
      return `Unique|${own}|${constraint.columns.join(',')}`;
    case 'AllOrNoneNullability':
      return `AllOrNone|${own}|${constraint.fkColumn}|${constraint.dependentColumns.join(',')}`;
    case 'NullOrTrue':
      return `NullOrTrue|${own}|${constraint.column}`;
    case 'ForeignKey': {
      const { columns, targetTable, targetColumns, onDelete, onUpdate } = constraint;
      return `ForeignKey|${own}|${columns.join(',')}|${qualified(targetTable)}|${targetColumns.join(',')}|${onDelete}|${onUpdate}`;
    }
  }
}

/**
 * Names and references of a model as sorted lines; `limit` is applied to every name, and for constraints also gets the
 * signature. Keys that are reduced on mssql are omitted; `actionOf` returns the action for the signature.
 */
function namesOf(
  model: RelationalModelSet,
  limit: (name: string, hashInput?: string) => string,
  reduced: ReadonlySet<string>,
  actionOf: (table: string, column: string) => ForeignKeyConstraint['onUpdate'] | undefined,
): string[] {
  const list = (names: readonly string[]) => names.map((name) => limit(name)).join(',');
  const placed = ({ schema, name }: DbTableName) => `${limit(schema)}.${limit(name)}`;
  const lines = tablesOf(model).flatMap((table) => {
    const own = placed(table.table);
    const keyNames = table.key.columns.map(({ name }) => name);
    const primary = limit(table.key.constraintName, `PrimaryKey|${qualified(table.table)}|${keyNames.join(',')}`);
    const columns = table.columns.map(({ name, storage }) => {
      const alias = storage.kind === 'UnifiedAlias' ? [storage.canonicalColumn, storage.presenceColumn ?? ''] : [];
      return `${own} column ${limit(name)} ${list(alias)}`;
    });
    const classes = table.keyUnificationClasses.map(
      ({ canonicalColumn, memberPathColumns }) => `${own} class ${limit(canonicalColumn)} ${list(memberPathColumns)}`,
    );
    const constraints = table.constraints.flatMap((constraint) => {
      if (constraint.kind !== 'ForeignKey') {
        const { kind } = constraint;
        const used =
          kind === 'Unique'
            ? constraint.columns
            : kind === 'NullOrTrue'
              ? [constraint.column]
              : [constraint.fkColumn, ...constraint.dependentColumns];
        return [`${own} ${kind} ${limit(constraint.name, signatureOf(table, constraint))} ${list(used)}`];
      }
      const first = limit(constraint.columns[0] as string);
      if (reduced.has(`${own}.${first}`)) return [];
      const withAction = { ...constraint, onUpdate: actionOf(own, list(constraint.columns)) ?? constraint.onUpdate };
      const name = limit(constraint.name, signatureOf(table, withAction));
      const target = `${placed(constraint.targetTable)} ${list(constraint.targetColumns)}`;
      return [`${own} ${name} ${list(constraint.columns)} → ${target} ${constraint.onDelete}`];
    });
    return [`${own} ${primary} ${list(keyNames)}`, ...columns, ...classes, ...constraints];
  });
  const views = model.abstractUnionViews.map(({ view, outputColumns, unionArms }) => {
    const arms = unionArms.map(({ fromTable, projections }) =>
      [
        placed(fromTable),
        ...projections.map((part) => (part.kind === 'SourceColumn' ? limit(part.column) : part.value)),
      ].join(' '),
    );
    return `${placed(view)} ${list(outputColumns.map(({ name }) => name))} ${arms.join('; ')}`;
  });
  return [...lines, ...views].sort();
}

describe('the two dialects (design 02 §18)', () => {
  it('differ only in what design 11 decides, where no name is too long', () => {
    forSets(30, { longNames: false }, (documents) => {
      const set = schemaSet(...documents);
      const pgsql = deriveModel(set, 'pgsql').model;
      const mssql = deriveModel(set, 'mssql').model;
      const names = tablesOf(mssql).flatMap(({ constraints }) => constraints.map(({ name }) => name));
      if (names.some((name) => name.length > 63)) return;
      const reduced = reducedKeys(mssql);
      expect(withoutPropagation(pgsql, reduced)).toEqual(withoutPropagation(mssql, reduced));
      expect(pgsql.propagationFallbacks).toEqual([]);
    });
  });

  it('have the same names but for those that PostgreSQL shortens, each by its rule', () => {
    forSets(30, {}, (documents) => {
      const set = schemaSet(...documents);
      const pgsql = deriveModel(set, 'pgsql').model;
      const mssql = deriveModel(set, 'mssql').model;
      const isShortened =
        mssql.shortenedNames.length > 0 ||
        tablesOf(mssql).some(({ constraints }) => constraints.some(({ name }) => name.length > 127));
      if (isShortened) return;
      const reduced = new Set(
        mssql.propagationFallbacks.map(
          ({ receiverTable: { schema, name }, receiverFkColumn }) =>
            `${shortName(schema)}.${shortName(name)}.${shortName(receiverFkColumn)}`,
        ),
      );
      const actions = new Map(
        tablesOf(pgsql).flatMap(({ table, constraints }) =>
          constraints
            .filter(isForeignKey)
            .map(({ columns, onUpdate }) => [`${qualified(table)} ${columns.join(',')}`, onUpdate]),
        ),
      );
      const actionOf = (table: string, columns: string) => actions.get(`${table} ${columns}`);
      const same = (name: string) => name;
      expect(namesOf(pgsql, same, reduced, actionOf)).toEqual(namesOf(mssql, shortName, reduced, actionOf));
    });
  });
});

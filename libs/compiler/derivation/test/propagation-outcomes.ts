import { type ForeignKeyConstraint, qualified, type RelationalModelSet, type Table } from '@dms/model';
import { schemaSet, tablesOf } from '@dms/testing';
import { expect } from 'vitest';
import { type DerivedModel, deriveModel } from '../src/derive-model.ts';
import { documentsOf, type PropagatingResource } from './propagating-resources.ts';

/** Reference keys: they start with the document id column of a reference. */
export function referenceKeysOf(model: RelationalModelSet): { table: Table; key: ForeignKeyConstraint }[] {
  return tablesOf(model).flatMap((table) =>
    table.constraints.flatMap((key) => {
      if (key.kind !== 'ForeignKey') return [];
      const first = table.columns.find(({ name }) => name === key.columns[0]);
      return first?.kind === 'DocumentFk' ? [{ table, key }] : [];
    }),
  );
}

/** `{Target}→{Receiver}`, with the base name of the reference if it differs from the name of the target. */
export function edgeName({ table, key }: { table: Table; key: ForeignKeyConstraint }): string {
  const target = key.targetTable.name.replace(/Identity$/, '');
  const base = (key.columns[0] as string).replace(/_DocumentId$/, '');
  return `${target}→${table.table.name}${base === target ? '' : ` as ${base}`}`;
}

/** The outcome of every reference key on SQL Server. Keys, fallback list and notes must agree. */
export function mssqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  const keys = referenceKeysOf(model);
  const nameOfKey = new Map(
    keys.map((edge) => [
      `FK_${edge.table.table.name}_${(edge.key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`,
      edgeName(edge),
    ]),
  );
  const outcomes = keys.map((edge): [string, string] => {
    const { table, key } = edge;
    const receiver = qualified(table.table);
    const fullName = `FK_${table.table.name}_${(key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`;
    const own = notes.filter(({ details }) => details.receiver === receiver && details.key === fullName);
    const served = model.propagationFallbacks.filter(
      ({ receiverTable, receiverFkColumn }) =>
        qualified(receiverTable) === receiver && receiverFkColumn === key.columns[0],
    );
    const shape = `${key.columns.length > 1 ? 'composite' : 'reduced'} ${key.onUpdate}, ${served.length} served`;
    expect(key.onDelete).toBe('NoAction');
    expect(key.deferrable).toBe(false);
    const [note, ...others] = own;
    expect(others).toEqual([]);
    if (!note)
      return [
        edgeName(edge),
        shape === 'composite Cascade, 0 served'
          ? 'cascade'
          : shape === 'composite NoAction, 0 served'
            ? 'no action'
            : shape,
      ];
    if (note.code === 'PROPAGATION_COVERED' && shape === 'composite NoAction, 0 served')
      return [edgeName(edge), `covered by ${nameOfKey.get(String(note.details.coveredBy))}`];
    if (note.code === 'PROPAGATION_FALLBACK' && shape === 'reduced NoAction, 1 served')
      return [edgeName(edge), `fallback, ${note.details.reason}`];
    return [edgeName(edge), `${note.code}, but ${shape}`];
  });
  return Object.fromEntries(outcomes);
}

export function pgsqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  expect(notes).toEqual([]);
  expect(model.propagationFallbacks).toEqual([]);
  return Object.fromEntries(
    referenceKeysOf(model).map((edge) => {
      expect(edge.key.onDelete).toBe('NoAction');
      expect(edge.key.columns.length).toBeGreaterThan(1);
      const action = edge.key.onUpdate === 'Cascade' ? 'cascade' : 'no action';
      return [edgeName(edge), `${action}${edge.key.deferrable ? ', deferrable' : ''}`];
    }),
  );
}

export const derived = (all: readonly PropagatingResource[], dialect: 'pgsql' | 'mssql') =>
  deriveModel(schemaSet(...documentsOf(all)), dialect);

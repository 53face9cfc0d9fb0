import type { ForeignKeyConstraint, RelationalModelSet } from '@dms/model';
import { schemaSetV2, tablesOf } from '@dms/testing';
import { deriveModel } from '../src/derive-model.ts';
import { documentsOf, type PropagatingResource } from './propagating-resources.ts';

/** Derives a model of the second generation, not in strict mode. */
export const derivedV2 = (all: readonly PropagatingResource[], dialect: 'pgsql' | 'mssql') =>
  deriveModel(schemaSetV2(...documentsOf(all)), dialect, { strict: false });

/**
 * The reference keys of a second-generation model by name: keys whose last column is the document id of a reference.
 */
export function referenceKeysV2(model: RelationalModelSet): ReadonlyMap<string, ForeignKeyConstraint> {
  return new Map(
    tablesOf(model).flatMap(({ columns, constraints }) =>
      constraints.flatMap((constraint) => {
        if (constraint.kind !== 'ForeignKey') return [];
        const last = columns.find(({ name }) => name === constraint.columns.at(-1));
        return last?.kind === 'DocumentFk' ? [[constraint.name, constraint] as const] : [];
      }),
    ),
  );
}

/** The update action of every reference key. */
export function updateActions(model: RelationalModelSet): Record<string, string> {
  return Object.fromEntries([...referenceKeysV2(model)].map(([name, { onUpdate }]) => [name, onUpdate]));
}

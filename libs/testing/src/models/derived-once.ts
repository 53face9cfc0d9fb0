import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from './derived.ts';

const derived = new WeakMap<readonly Document[], Map<SqlDialect, RelationalModelSet>>();

/** The model of the documents, derived only once per dialect. */
export function derive(dialect: SqlDialect, documents: readonly Document[]): RelationalModelSet {
  const models = derived.get(documents) ?? new Map<SqlDialect, RelationalModelSet>();
  const model = models.get(dialect) ?? deriveModel(schemaSet(...documents), dialect).model;
  derived.set(documents, models.set(dialect, model));
  return model;
}

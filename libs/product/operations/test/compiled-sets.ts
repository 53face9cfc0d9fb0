import { documentSchemas } from '@dms/api-schema';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';
import { type ComparedSet, type ImpactChange, type SchemaImpact, schemaImpact } from '@dms/upgrade';

/** The compiled set of documents, with its script. */
export function compiledScript(
  documents: readonly Document[],
  dialect: SqlDialect,
): ComparedSet & { readonly script: string } {
  const set = schemaSet(...documents);
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: documentSchemas(set) };
}

/** The compiled set of documents. */
export function compiledSet(documents: readonly Document[], dialect: SqlDialect): ComparedSet {
  const { script, ...set } = compiledScript(documents, dialect);
  return set;
}

export function impactOf(before: readonly Document[], after: readonly Document[], dialect: SqlDialect): SchemaImpact {
  return schemaImpact(compiledSet(before, dialect), compiledSet(after, dialect));
}

/** A change in brief: `checked required column added edfi.School.Shift`. */
export const brief = ({ class: itemClass, change, path }: ImpactChange): string =>
  [itemClass, change, path.join('.')].join(' ');

/** Verdicts by owner. */
export const verdicts = ({ owners }: SchemaImpact): Record<string, string> =>
  Object.fromEntries(owners.map(({ owner, verdict }) => [owner, verdict]));

export const lineCount = (text: string): number => text.trimEnd().split('\n').length;

import { type CompiledSet, type ImpactChange, type SchemaImpact, schemaImpact } from '@dms/change';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';

/** The compiled form of documents, with its script. */
export function compiledScript(documents: readonly Document[], dialect: SqlDialect): CompiledSet & { readonly script: string } {
  const { model } = deriveModel(schemaSet(...documents), dialect);
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { model, inventory, catalog, script };
}

/** The compiled form of documents. */
export function compiledSet(documents: readonly Document[], dialect: SqlDialect): CompiledSet {
  const { model, inventory, catalog } = compiledScript(documents, dialect);
  return { model, inventory, catalog };
}

export function impactOf(before: readonly Document[], after: readonly Document[], dialect: SqlDialect): SchemaImpact {
  return schemaImpact(compiledSet(before, dialect), compiledSet(after, dialect));
}

/** `M W column edfi.School.Shift added`. */
export const brief = ({ classes, object, path, change, field }: ImpactChange): string =>
  [...classes, object, path.join('.'), change, ...(field === undefined ? [] : [field])].join(' ');

/** Classes by label. */
export const verdicts = ({ resources }: SchemaImpact): Record<string, string> =>
  Object.fromEntries(resources.map(({ resource, classes }) => [resource, classes.join(' ')]));

export const lineCount = (text: string): number => text.trimEnd().split('\n').length;

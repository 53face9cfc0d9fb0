import { documentSchemas, type MappingVersion } from '@dms/api-schema';
import { emitDdl, scriptParts } from '@dms/ddl';
import { deriveInventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { deriveMapping } from '@dms/ods';
import { dialects, type SqlDialect } from '@dms/sql';
import { type Document, derive, modelV2, schemaSetOf } from '@dms/testing';
import { type ComparedSet, schemaImpact } from '@dms/upgrade';
import { exploredSet, type ShownArtifacts } from '../src/model-page.ts';

type CompiledDialect = ComparedSet & ShownArtifacts;

const known = new WeakMap<readonly Document[], Map<SqlDialect, CompiledDialect>>();

/** The artifacts of the documents for one dialect that the page reads; compiled once. */
export function compiled(dialect: SqlDialect, documents: readonly Document[]): CompiledDialect {
  const sets = known.get(documents) ?? new Map<SqlDialect, CompiledDialect>();
  known.set(documents, sets);
  const made = sets.get(dialect) ?? compile(dialect, documents);
  sets.set(dialect, made);
  return made;
}

function compile(dialect: SqlDialect, documents: readonly Document[]): CompiledDialect {
  return compiledModel(derive(dialect, documents), documents);
}

function compiledModel(model: RelationalModelSet, documents: readonly Document[]): CompiledDialect {
  const inventory = deriveInventory(model);
  const { catalog } = emitDdl(model, inventory);
  const set = schemaSetOf(model.effectiveSchema.relationalMappingVersion, documents);
  const { mapping } = deriveMapping(set);
  const statements = scriptParts(model, inventory);
  const schemas = documentSchemas(set);
  return { info: model.effectiveSchema, model, inventory, catalog, schemas, statements, impact: null, ods: mapping };
}

/** The artifacts of one dialect, compared with those of earlier documents if given. */
function compared(dialect: SqlDialect, documents: readonly Document[], before?: readonly Document[]): ShownArtifacts {
  const after = compiled(dialect, documents);
  return before === undefined ? after : { ...after, impact: schemaImpact(compiled(dialect, before), after) };
}

/** The artifacts of both dialects, compared with those of earlier documents if given. */
export function artifactsOf(documents: readonly Document[], before?: readonly Document[]): ShownArtifacts[] {
  return dialects.map((dialect) => compared(dialect, documents, before));
}

/** The definitions of the documents. */
export const schemasOf = (documents: readonly Document[]) => documentSchemas(schemaSetOf('v1', documents));

export function explored(dialect: SqlDialect, documents: readonly Document[], before?: readonly Document[]) {
  return exploredSet(compared(dialect, documents, before));
}

const compiledV2 = (
  dialect: SqlDialect,
  documents: readonly Document[],
  mappingVersion: MappingVersion = 'v2',
): CompiledDialect => compiledModel(modelV2(documents, dialect, { strict: true, mappingVersion }), documents);

/** The artifacts of both dialects of the second generation of the mapping. */
export const artifactsOfV2 = (documents: readonly Document[]): ShownArtifacts[] =>
  dialects.map((dialect) => compiledV2(dialect, documents));

export const exploredV2 = (...given: Parameters<typeof compiledV2>) => exploredSet(compiledV2(...given));

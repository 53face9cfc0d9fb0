import { type CompiledSet, schemaImpact } from '@dms/catalog';
import { emitDdl, scriptParts } from '@dms/ddl';
import { deriveInventory } from '@dms/inventory';
import { dialects, type SqlDialect } from '@dms/sql';
import { type Document, derive } from '@dms/testing';
import { type ArtifactsOfDialect, exploredSet } from '../src/model-page.ts';

const known = new WeakMap<readonly Document[], Map<SqlDialect, CompiledSet & ArtifactsOfDialect>>();

/** All that `emit` makes of the documents for one dialect, as far as the page reads it; made once. */
export function compiled(dialect: SqlDialect, documents: readonly Document[]): CompiledSet & ArtifactsOfDialect {
  const sets = known.get(documents) ?? new Map<SqlDialect, CompiledSet & ArtifactsOfDialect>();
  known.set(documents, sets);
  const made = sets.get(dialect) ?? compile(dialect, documents);
  sets.set(dialect, made);
  return made;
}

function compile(dialect: SqlDialect, documents: readonly Document[]): CompiledSet & ArtifactsOfDialect {
  const model = derive(dialect, documents);
  const inventory = deriveInventory(model);
  const { catalog } = emitDdl(model, inventory);
  return { model, inventory, catalog, statements: scriptParts(model, inventory), impact: null };
}

/** The artifacts of one dialect, compared with those of earlier documents where these are given. */
function compared(dialect: SqlDialect, documents: readonly Document[], before?: readonly Document[]): ArtifactsOfDialect {
  const after = compiled(dialect, documents);
  return before === undefined ? after : { ...after, impact: schemaImpact(compiled(dialect, before), after) };
}

/** The same of both dialects. */
export function artifactsOf(documents: readonly Document[], before?: readonly Document[]): ArtifactsOfDialect[] {
  return dialects.map((dialect) => compared(dialect, documents, before));
}

export function explored(dialect: SqlDialect, documents: readonly Document[], before?: readonly Document[]) {
  return exploredSet(compared(dialect, documents, before));
}

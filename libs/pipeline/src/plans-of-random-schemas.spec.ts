import { full, minimal, SampleConflict, some } from '@dms/documents';
import { type build, databaseEngines, propertyRuns, propertyTimeout, random, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledSchemas, compileSchemas, PlanDatabase, type SchemaDocument } from '../test/plan-database.ts';
import type { Session } from '../test/plan-executor.ts';

// The two schema files of this repository cannot hold every shape that a schema may have: these do.

const record = (value: build.Json | undefined): build.JsonRecord => (value ?? {}) as build.JsonRecord;
const list = (value: build.Json | undefined): readonly build.Json[] => (value ?? []) as readonly build.Json[];

/** A mapping without its requirement, unless it is part of the identity; the names of the objects that lose theirs are noted. */
function relaxedMapping(schema: build.JsonRecord, relaxed: Set<string>): build.JsonRecord {
  return Object.fromEntries(
    Object.entries(record(schema.documentPathsMapping)).map(([name, entry]) => {
      const paths = list(record(entry).referenceJsonPaths).map((pair) => String(record(pair).referenceJsonPath));
      const [first] = paths;
      if (first === undefined || paths.some((path) => list(schema.identityJsonPaths).includes(path))) return [name, entry];
      relaxed.add(first.split('.').at(-2) ?? '');
      return [name, { ...record(entry), isRequired: false }];
    }),
  );
}

function relaxedNode(node: build.JsonRecord, relaxed: ReadonlySet<string>): build.JsonRecord {
  const properties = Object.entries(record(node.properties)).map(([name, property]) => [
    name,
    relaxedNode(record(property), relaxed),
  ]);
  return {
    ...node,
    ...(node.required ? { required: list(node.required).filter((name) => !relaxed.has(String(name))) } : {}),
    ...(node.properties ? { properties: Object.fromEntries(properties) } : {}),
    ...(node.items ? { items: relaxedNode(record(node.items), relaxed) } : {}),
  };
}

/** The same schema with only those references required that are part of an identity: no document requires itself. */
function withoutCircles(document: build.JsonRecord): SchemaDocument {
  const schema = record(document.projectSchema);
  const resources = Object.entries(record(schema.resourceSchemas)).map(([endpoint, entry]) => {
    const relaxed = new Set<string>();
    const documentPathsMapping = relaxedMapping(record(entry), relaxed);
    const jsonSchemaForInsert = relaxedNode(record(record(entry).jsonSchemaForInsert), relaxed);
    return [endpoint, { ...record(entry), documentPathsMapping, jsonSchemaForInsert }];
  });
  const changed = { ...document, projectSchema: { ...schema, resourceSchemas: Object.fromEntries(resources) } };
  return changed as unknown as SchemaDocument;
}

/** Writes, reads and replaces a document of every resource; returns for how many that went through. */
async function roundTrips(compiled: CompiledSchemas, session: Session, seed: number): Promise<number> {
  const next = random(seed);
  const half = some(next);
  const database = new PlanDatabase(compiled, session, next);
  let count = 0;
  for (const label of compiled.mappingSet.writePlansByResource.keys()) {
    try {
      const sample = database.world.create(label, full);
      await database.writeNew();
      for (const fill of [half, minimal, half, full]) {
        expect((await database.read([sample])).get(sample), label).toEqual(sample.document);
        await database.replace(sample, database.world.vary(sample, fill));
      }
      expect((await database.read([sample])).get(sample), label).toEqual(sample.document);
      count += 1;
    } catch (error) {
      // a document that cannot be: its identity has too few values
      if (!(error instanceof SampleConflict)) throw error;
    }
  }
  return count;
}

describe.each(databaseEngines)('plans of random schema sets on $name', ({ open }) => {
  it('what is written is what is read', { timeout: propertyTimeout(600_000) }, async () => {
    let [done, all] = [0, 0];
    for (const [seed, documents] of fc.sample(schemaSets(), { numRuns: propertyRuns(3), seed: 7 }).entries()) {
      const compiled = compileSchemas(documents.map(withoutCircles));
      const connection = await open();
      try {
        await connection.exec(compiled.script);
        done += await roundTrips(compiled, connection, seed);
        all += compiled.mappingSet.writePlansByResource.size;
      } finally {
        await connection.close();
      }
    }
    // most resources have documents
    expect(done).toBeGreaterThan(all / 2);
  });
});

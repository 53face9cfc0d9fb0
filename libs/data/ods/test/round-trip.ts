import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  buildEffectiveSchema,
  coreFirst,
  documentSchemas,
  type EffectiveSchemaSet,
  loadApiSchemaFiles,
  type MappingVersion,
} from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, sampleDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { loadDocuments } from '@dms/loading';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { serverEngine } from '@dms/testing';
import { type JsonObject, type JsonValue, jsonText, toJsonValue } from '@dms/values';
import {
  applyViews,
  deriveMapping,
  documentFitting,
  type ReportingOptions,
  reportingScript,
  type TableCopy,
  usualOptions,
} from '../src/index.ts';
import { copyViews } from './copy-views.ts';

/** A schema set, compiled for databases. */
export type CompiledOds = ReturnType<typeof compiledSet>;

export async function compiledFiles(mappingVersion: MappingVersion, ...files: readonly string[]): Promise<CompiledOds> {
  const documents = coreFirst(await loadApiSchemaFiles(files.map((file) => ({ file }))));
  return compiledSet(buildEffectiveSchema(documents, { mappingVersion }));
}

export function compiledSet(set: EffectiveSchemaSet, options: Partial<ReportingOptions> = {}) {
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  const { mapping } = deriveMapping(set);
  return {
    model,
    mapping,
    schemas: documentSchemas(set),
    plans: documentPlans(compileMappingSet(model), inventory),
    script: emitDdl(model, inventory).script,
    reporting: reportingScript(mapping, model, { ...usualOptions, ...options }),
  };
}

export interface WrittenDocument {
  readonly resource: string;
  readonly document: JsonObject;
}

/** Interchanges have no school years. An API has them from the beginning. */
export const publishedSchoolYears: readonly WrittenDocument[] = Array.from({ length: 42 }, (_, index) => {
  const year = 1990 + index;
  const document = { schoolYear: year, currentSchoolYear: year === 2022, schoolYearDescription: String(year) };
  return { resource: 'Ed-Fi:SchoolYearType', document: toJsonValue(document) as ReadonlyMap<string, JsonValue> };
});

/** Generated documents, without the parts that an ODS cannot hold. */
export function fittedSamples(
  { model, mapping, schemas }: CompiledOds,
  documents: number,
  seed = 1,
): WrittenDocument[] {
  const fitting = documentFitting(mapping);
  return [...sampleDocuments(model, { documents, seed, schemas })].flatMap(({ resource, document }) => {
    const fitted = fitting.fitted(resource, document);
    return fitted === undefined ? [] : [{ resource, document: fitted }];
  });
}

/** Counts of a round trip. */
export interface Copied {
  readonly documents: number;
  /** Documents that the loader refused: a document that they refer to was left out. */
  readonly rejected: number;
  readonly rows: number;
  /** Tables with rows. */
  readonly filled: number;
  readonly tables: number;
  readonly foreignKeys: number;
  /** Each key, value or foreign key that the rows violate. */
  readonly violations: readonly string[];
}

async function copiedInto(
  connection: Connection,
  tables: readonly TableCopy[],
): Promise<Omit<Copied, 'documents' | 'rejected'>> {
  await connection.execute(givenScript('CREATE SCHEMA ods'));
  const refused = await copyViews(connection, tables);
  const violations = refused.map(({ statement, reason }) => `${statement}: ${reason}`);
  await connection.execute(givenScript('ANALYZE'));
  const [counts] = await connection.query<{ rows: number; filled: number; tables: number; keys: number }>(
    trusted(`SELECT sum(greatest(c.reltuples, 0))::int4 AS rows, count(*) FILTER (WHERE c.reltuples > 0)::int4 AS filled, count(*)::int4 AS tables,
  (SELECT count(*)::int4 FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'ods'::regnamespace) AS keys
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'ods'::regnamespace`),
  );
  const { rows = 0, filled = 0, tables: made = 0, keys: added = 0 } = counts ?? {};
  return { rows, filled, tables: made, foreignKeys: added, violations };
}

/**
 * Loads documents into a database of the server, gives it views, and copies all of them into tables of an ODS, in the
 * schema `ods`.
 */
export async function roundTrip(
  { plans, script, reporting }: CompiledOds,
  documents: readonly WrittenDocument[],
  files: readonly string[],
  tables: readonly TableCopy[],
): Promise<Copied> {
  const { connection, open, close } = await serverEngine.open(script);
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-round-trip-'));
  try {
    const file = path.join(folder, 'documents.jsonl');
    writeFileSync(
      file,
      documents
        .map(({ resource, document }) => `{"resource":"${resource}","document":${jsonText(document)}}\n`)
        .join(''),
    );
    const { total } = await loadDocuments([connection], plans, [file, ...files], {
      isContinued: true,
      bulk: await open({ forCopies: true }),
    });
    await applyViews(connection, reporting);
    return { documents: total.inserted, rejected: total.rejected, ...(await copiedInto(connection, tables)) };
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
}

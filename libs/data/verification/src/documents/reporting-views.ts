import { type Connection, createDatabase, dropDatabase, inDatabase, type Limits, openDatabase } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import {
  applyViews,
  copiedTables,
  copyViews,
  documentFitting,
  dropViews,
  type OdsMapping,
  reportingScript,
  usualOptions,
  viewsDatabaseOf,
} from '@dms/ods';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { ScratchDatabase, ScratchOptions } from '../scratch-database.ts';
import type { VerificationInput } from '../verification-input.ts';
import { writeFittedDocuments } from './document-round-trips.ts';

/** In front of the schemas with the tables of an ODS. */
const prefix = 'dms_copy_';

/** Copies all views into tables with all keys, and removes these again. */
async function findCopies(connection: Connection, mapping: OdsMapping, limits: Limits): Promise<string[]> {
  const { quote } = dialectRules[connection.dialect];
  const schemas = [...new Set(mapping.tables.map(({ schema }) => `${prefix}${schema}`))].map(quote);
  await connection.execute(schemas.map((schema) => `CREATE SCHEMA ${schema}`).join(';\n'), limits);
  const tables = copiedTables(mapping, (schema) => `${prefix}${schema}`);
  const refused = await copyViews(connection, tables, limits);
  await connection.execute(`DROP SCHEMA ${schemas.join(', ')} CASCADE`, limits);
  return refused.map(({ statement, reason }) => `${statement}: ${reason}`);
}

/** Where the views are: beside the tables, or in a database of their own that is removed again. */
async function inPlaceOfViews<Result>(
  { target, connection }: ScratchDatabase,
  { open = openDatabase, maintenanceDatabase, ...options }: ScratchOptions,
  work: (place: Connection, sourceDatabase: string) => Promise<Result>,
): Promise<Result> {
  const database = target.kind === 'server' ? target.database : '';
  const own = viewsDatabaseOf(target.dialect, database);
  if (own === null || target.kind !== 'server') return work(connection, database);
  const place = inDatabase(target, own);
  await createDatabase(place, open, { ...options, maintenanceDatabase });
  try {
    const session = await open(place, options);
    try {
      return await work(session, database);
    } finally {
      await session.close();
    }
  } finally {
    await dropDatabase(place, { ...options, open, maintenanceDatabase, signal: undefined });
  }
}

/**
 * Proves the reporting views of a schema set (design 19 §9): writes documents of every resource, applies the views,
 * reads each, copies all into tables of an ODS with all keys where one database can hold both, and removes the views.
 * Returns what is wrong. The documents stay.
 */
export async function checkReportingViews(
  scratch: ScratchDatabase,
  { model, inventory, mapping }: VerificationInput & { readonly mapping: OdsMapping },
  limits: Limits,
  options: ScratchOptions,
): Promise<readonly string[]> {
  const fitting = documentFitting(mapping);
  const refused = await writeFittedDocuments(scratch.connection, model, inventory, (resource, document) =>
    fitting.fitted(resource, document),
  );
  const script = reportingScript(mapping, model, usualOptions);
  return inPlaceOfViews(scratch, options, async (place, sourceDatabase) => {
    const findings = [...refused];
    await applyViews(place, script, { sourceDatabase, signal: limits.signal });
    if (place === scratch.connection) findings.push(...(await findCopies(place, mapping, limits)));
    else
      for (const name of script.names)
        await place.query(`SELECT * FROM ${qualifiedName(dialectRules[place.dialect], name)}`, [], limits);
    const { views: dropped } = await dropViews(place, { signal: limits.signal });
    if (dropped !== script.names.length) findings.push(`removed ${dropped} of ${counted(script.names.length, 'view')}`);
    return findings;
  });
}

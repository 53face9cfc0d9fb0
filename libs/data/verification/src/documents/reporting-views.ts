import { type Connection, createDatabase, dropDatabase, inDatabase, type Limits, openDatabase } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import {
  applyViews,
  checkCopies,
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
 * reads each, asks whether the keys of an ODS hold for copies of all where one database can hold both, and removes the views.
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
    if (place === scratch.connection) findings.push(...(await checkCopies(place, mapping, limits)));
    else
      for (const name of script.names)
        await place.query(`SELECT * FROM ${qualifiedName(dialectRules[place.dialect], name)}`, [], limits);
    const { views: dropped } = await dropViews(place, { signal: limits.signal });
    if (dropped !== script.names.length) findings.push(`removed ${dropped} of ${counted(script.names.length, 'view')}`);
    return findings;
  });
}

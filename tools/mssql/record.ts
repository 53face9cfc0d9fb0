import { writeFileSync } from 'node:fs';
import { type Connection, serverVersion } from '@dms/databases';
import { DmsError, formatDiagnostic } from '@dms/diagnostics';
import {
  catalogRecordingText,
  documentedCatalog,
  mainGenerations,
  openMssqlDatabase,
  recordCatalog,
  recordingFiles,
  recordSystemViews,
  systemViewRecordingText,
} from '@dms/testing';

/*
 * Records the results of SQL Server for the queries that read its catalog, and the columns of its system views, for the
 * tests: fixtures/mssql-recordings (design 09a §1.4).
 *
 *   npx tsx tools/mssql/record.ts 'mssql://sa:…@localhost/master'   on that server, in a database that it then drops
 *   npx tsx tools/mssql/record.ts                                   the results according to the documentation
 */

/** Calls `action` with a session of a new database, and the product and version of its server. */
async function inDatabase<Result>(
  text: string,
  action: (connection: Connection, recordedFrom: string) => Promise<Result>,
): Promise<Result> {
  const connection = await openMssqlDatabase(text);
  try {
    const { product, version } = await serverVersion(connection);
    return await action(connection, `${product} ${version}`);
  } finally {
    await connection.close();
  }
}

async function record(text: string): Promise<void> {
  const views = await inDatabase(text, recordSystemViews);
  const catalogs: (readonly [file: string, text: string])[] = [];
  for (const version of mainGenerations) {
    const catalog = await inDatabase(text, (connection, recordedFrom) =>
      recordCatalog(connection, recordedFrom, version),
    );
    catalogs.push([recordingFiles.catalog(version), catalogRecordingText(catalog)]);
  }
  writeFileSync(recordingFiles.systemViews, systemViewRecordingText(views));
  for (const [file, catalog] of catalogs) writeFileSync(file, catalog);
  console.log(
    `Recorded the system views and the catalogs of ${views.recordedFrom}. Run: npx vitest run libs/data/databases libs/product/operations/src/sent-texts.long.spec.ts`,
  );
}

async function main([text]: readonly string[]): Promise<void> {
  if (text !== undefined) return record(text);
  for (const version of mainGenerations)
    writeFileSync(recordingFiles.catalog(version), catalogRecordingText(documentedCatalog(version)));
  console.log('Wrote the catalogs as the documentation has them. Name a connection to record a server.');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof DmsError)) throw error;
  for (const each of error.diagnostics) console.error(formatDiagnostic(each));
  process.exitCode = 1;
});

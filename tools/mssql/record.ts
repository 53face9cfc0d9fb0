import { writeFileSync } from 'node:fs';
import { serverVersion } from '@dms/databases';
import { DmsError, formatDiagnostic } from '@dms/diagnostics';
import {
  catalogRecordingText,
  documentedCatalog,
  openMssqlDatabase,
  recordCatalog,
  recordingFiles,
  recordSystemViews,
  systemViewRecordingText,
} from '@dms/testing';

/* Records the results of a SQL Server; see tools/record-mssql.mjs. */

async function record(text: string): Promise<void> {
  const connection = await openMssqlDatabase(text);
  try {
    const { product, version } = await serverVersion(connection);
    const recordedFrom = `${product} ${version}`;
    const views = await recordSystemViews(connection, recordedFrom);
    const catalog = await recordCatalog(connection, recordedFrom);
    writeFileSync(recordingFiles.systemViews, systemViewRecordingText(views));
    writeFileSync(recordingFiles.catalog, catalogRecordingText(catalog));
    console.log(
      `Recorded the system views and the catalog of ${recordedFrom}. Run: npx vitest run libs/databases libs/pipeline/src/sent-texts.spec.ts`,
    );
  } finally {
    await connection.close();
  }
}

async function main([text]: readonly string[]): Promise<void> {
  if (text !== undefined) return record(text);
  writeFileSync(recordingFiles.catalog, catalogRecordingText(documentedCatalog()));
  console.log('Wrote the catalog according to the documentation. Name a connection to record a server.');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof DmsError)) throw error;
  for (const each of error.diagnostics) console.error(formatDiagnostic(each));
  process.exitCode = 1;
});

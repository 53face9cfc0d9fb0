import { resourceLabel } from '@dms/api-schema';
import {
  type Connection,
  createDatabase,
  dropDatabase,
  inDatabase,
  inSession,
  type Limits,
  openDatabase,
  rowsOf,
} from '@dms/databases';
import { counted } from '@dms/diagnostics';
import {
  applyViews,
  checkCopies,
  documentFitting,
  documentRows,
  dropViews,
  type ExpectedViewRows,
  type OdsMapping,
  type OdsTable,
  type ReportingScript,
  reportingScript,
  tableLabel,
  usualOptions,
  viewsDatabaseOf,
} from '@dms/ods';
import { dialectOf, join } from '@dms/sql';
import type { JsonObject } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { ScratchDatabase, ScratchOptions } from '../scratch-database.ts';
import type { VerificationInput } from '../verification-input.ts';
import { writeFittedDocuments } from './document-round-trips.ts';

/**
 * Proves the reporting views of some resources (design 19 §9): writes documents of each, in which each optional part is
 * absent in turn, applies the views, counts the rows of each, which must be those of the documents, checks the
 * keys of an ODS on copies of all views if one database can hold both, and removes the views. Returns the errors. The
 * documents stay, but an embedded database is closed.
 */
export async function checkReportingViews(
  scratch: ScratchDatabase,
  { model, inventory, mapping: whole }: VerificationInput & { readonly mapping: OdsMapping },
  tried: ReadonlySet<string>,
  limits: Limits,
  options: ScratchOptions,
): Promise<readonly string[]> {
  if (tried.size === 0) return [];
  const isTried = ({ sources }: OdsTable) =>
    sources.length === 0 || sources.some(({ resource }) => tried.has(resourceLabel(resource)));
  const mapping = { ...whole, tables: whole.tables.filter((table) => table.kind === 'descriptor' || isTried(table)) };
  const fitting = documentFitting(mapping);
  const fitted = (resource: string, document: JsonObject) => fitting.fitted(resource, document);
  const { refused, written } = await writeFittedDocuments(scratch.connection, model, inventory, fitted, tried);
  const rows = documentRows(mapping);
  for (const { resource, document } of written) rows.add(resource, document);
  const script = reportingScript(mapping, model, usualOptions);
  return inPlaceOfViews(scratch, options, async ({ place, sourceDatabase, isBesideTables }) => {
    const findings = [...refused];
    await applyViews(place, script, { sourceDatabase, signal: limits.signal });
    if (isBesideTables) findings.push(...(await checkCopies(place, mapping, limits)));
    else
      for (const name of script.names) await rowsOf(place, dialectOf[place.dialect].sql`SELECT * FROM ${name}`, limits);
    findings.push(...(await miscountedRows(place, mapping, script, rows, limits)));
    const { views: dropped } = await dropViews(place, { signal: limits.signal });
    if (dropped !== script.names.length) findings.push(`removed ${dropped} of ${counted(script.names.length, 'view')}`);
    return findings;
  });
}

/** The number of views that are counted in one query. */
const together = 60;

/** The findings of views whose rows are not as many as those of the documents. */
async function miscountedRows(
  place: Connection,
  { tables }: OdsMapping,
  { names }: ReportingScript,
  rows: ExpectedViewRows,
  limits: Limits,
): Promise<readonly string[]> {
  const { sql, literal } = dialectOf[place.dialect];
  const countable = tables.flatMap((table, index) => {
    const wanted = rows.countOf(table);
    const name = names[index];
    return wanted === null || name === undefined ? [] : [{ table, wanted, name }];
  });
  const findings: string[] = [];
  for (const some of chunk(countable, together)) {
    const arms = some.map(({ name }, index) => sql`SELECT ${literal(index)} AS n, COUNT(*) AS found FROM ${name}`);
    const counts = join(arms, '\nUNION ALL\n');
    const answers = await rowsOf<{ n: number; found: number | string }>(place, counts, limits);
    const found = new Map(answers.map((answer) => [Number(answer.n), Number(answer.found)]));
    some.forEach(({ table, wanted }, index) => {
      const shown = found.get(index) ?? 0;
      if (shown !== wanted)
        findings.push(`${tableLabel(table)}: ${counted(shown, 'row')}, but the documents have ${wanted}`);
    });
  }
  return findings;
}

/** The database of the views, and the database with the tables. */
interface PlaceOfViews {
  readonly place: Connection;
  readonly sourceDatabase: string;
  /** Whether the views are in the database of the tables. */
  readonly isBesideTables: boolean;
}

/**
 * Runs `work` in the database of the views: the database of the tables, or one of their own that is removed again. In
 * the database of the tables it uses a new session: a session that has tried every key keeps a plan for each, and every
 * new view would look through them.
 */
async function inPlaceOfViews<Result>(
  { target, connection, place: data }: ScratchDatabase,
  { open = openDatabase, maintenanceDatabase, ...options }: ScratchOptions,
  work: (place: PlaceOfViews) => Promise<Result>,
): Promise<Result> {
  if (target.kind === 'embedded') {
    // the data stay in their folder
    await connection.close();
    const { signal, load } = options;
    return inSession(open(target, { signal, load, place: data }), (place) =>
      work({ place, sourceDatabase: '', isBesideTables: true }),
    );
  }
  const sourceDatabase = target.database;
  const own = viewsDatabaseOf(target.dialect, sourceDatabase);
  if (own === null)
    return inSession(open(target, options), (place) => work({ place, sourceDatabase, isBesideTables: true }));
  const place = inDatabase(target, own);
  await createDatabase(place, open, { ...options, maintenanceDatabase });
  try {
    return await inSession(open(place, options), (session) =>
      work({ place: session, sourceDatabase, isBesideTables: false }),
    );
  } finally {
    await dropDatabase(place, { ...options, open, maintenanceDatabase, signal: undefined });
  }
}

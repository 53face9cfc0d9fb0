/**
 * Times typical queries of analysts on reporting views, and on the same rows in tables of an ODS with their keys and
 * indexes (design 19 §9). The documents are those of a district; both sides are warm and asked in turn, on a PostgreSQL
 * server from npm.
 *
 *   npm run bench -- reporting                          the second generation, 60,000 documents
 *   npm run bench -- reporting --mapping-version v1     the first generation
 *   npm run bench -- reporting --documents 12000        a smaller district
 *   npm run bench -- reporting --runs 51                runs of each query, of which the median counts
 *   npm run bench -- reporting core.json                the core of the data standard 5.2 from another place
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import {
  applyReporting,
  dropReporting,
  emit,
  emitReporting,
  load,
  optionValues,
  provision,
  runOnDatabase,
} from '@dms/operations';
import { coreOf, versionOf } from './data-standard.ts';
import { districtDocuments } from './district-documents.ts';
import { fillOdsTables } from './ods-tables.ts';
import { runsOf } from './runs.ts';

const natural = (names: string, left: string, right: string) =>
  names
    .split(' ')
    .map((name) => `${left}.${name} = ${right}.${name}`)
    .join(' AND ');

const section = (left: string, right: string) =>
  natural('LocalCourseCode SchoolId SchoolYear SectionIdentifier SessionName', left, right);

type Kind = 'single table' | 'by id' | 'natural key' | 'base view' | 'other join';

interface Query {
  readonly kind: Kind;
  readonly name: string;
  readonly text: string;
}

const student = `(SELECT StudentUSI FROM edfi.Student WHERE StudentUniqueId = 's77')`;

/** Queries as they are written for an ODS: of one table, with aggregates by an id, with joins. */
const texts: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  'single table': {
    'students by name': `SELECT FirstName, LastSurname FROM edfi.Student WHERE LastSurname LIKE 'Last 12%'`,
    'roll of a school': `SELECT StudentUSI, EntryDate, EntryGradeLevelDescriptorId FROM edfi.StudentSchoolAssociation WHERE SchoolId = 255003`,
    'grades of a student': `SELECT LocalCourseCode, LetterGradeEarned FROM edfi.Grade WHERE StudentUSI = ${student}`,
    'events of a student': `SELECT EventDate, AttendanceEventCategoryDescriptorId FROM edfi.StudentSchoolAttendanceEvent WHERE StudentUSI = ${student}`,
  },
  'by id': {
    'enrolment by school': `SELECT SchoolId, count(*) FROM edfi.StudentSchoolAssociation GROUP BY SchoolId`,
    'enrolment in sections by school': `SELECT SchoolId, count(*) FROM edfi.StudentSectionAssociation GROUP BY SchoolId`,
    'events by category': `SELECT AttendanceEventCategoryDescriptorId, count(*) FROM edfi.StudentSchoolAttendanceEvent GROUP BY AttendanceEventCategoryDescriptorId`,
    'events of a week by category': `SELECT AttendanceEventCategoryDescriptorId, count(*) FROM edfi.StudentSchoolAttendanceEvent WHERE EventDate BETWEEN '2025-08-15' AND '2025-08-20' GROUP BY AttendanceEventCategoryDescriptorId`,
    'events of a school by student': `SELECT StudentUSI, count(*) FROM edfi.StudentSchoolAttendanceEvent WHERE SchoolId = 255003 GROUP BY StudentUSI`,
    'grades by school': `SELECT SchoolId, count(*), avg(NumericGradeEarned) FROM edfi.Grade WHERE SchoolYear = 2026 GROUP BY SchoolId`,
  },
  'natural key': {
    'students by section': `SELECT x.SectionIdentifier, count(*) FROM edfi.StudentSectionAssociation a JOIN edfi.Section x ON ${section('x', 'a')} GROUP BY x.SectionIdentifier`,
    'grades of a school by section': `SELECT x.SectionIdentifier, avg(g.NumericGradeEarned) FROM edfi.Grade g JOIN edfi.Section x ON ${section('x', 'g')} WHERE g.SchoolId = 255003 GROUP BY x.SectionIdentifier`,
    'grades by course': `SELECT x.LocalCourseCode, avg(g.NumericGradeEarned) FROM edfi.Grade g JOIN edfi.Section x ON ${section('x', 'g')} GROUP BY x.LocalCourseCode`,
    'grades by enrolment in a section': `SELECT a.SectionIdentifier, avg(g.NumericGradeEarned) FROM edfi.Grade g JOIN edfi.StudentSectionAssociation a ON ${section('a', 'g')} AND ${natural('BeginDate StudentUSI', 'a', 'g')} GROUP BY a.SectionIdentifier`,
  },
  'base view': {
    'schools with names': `SELECT o.NameOfInstitution, count(*) FROM edfi.EducationOrganization o JOIN edfi.StudentSchoolAssociation a ON a.SchoolId = o.EducationOrganizationId GROUP BY o.NameOfInstitution`,
    'students by program': `SELECT ProgramName, count(DISTINCT StudentUSI) FROM edfi.GeneralStudentProgramAssociation GROUP BY ProgramName`,
  },
  'other join': {
    'roster of a school': `SELECT s.StudentUniqueId, s.LastSurname, a.EntryDate FROM edfi.StudentSchoolAssociation a JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI WHERE a.SchoolId = 255003`,
    'grades with students': `SELECT s.LastSurname, g.NumericGradeEarned FROM edfi.Grade g JOIN edfi.Student s ON s.StudentUSI = g.StudentUSI WHERE g.SchoolId = 255003`,
    'events by category, by name': `SELECT d.CodeValue, count(*) FROM edfi.StudentSchoolAttendanceEvent e JOIN edfi.Descriptor d ON d.DescriptorId = e.AttendanceEventCategoryDescriptorId GROUP BY d.CodeValue`,
    'races of a district': `SELECT d.CodeValue, count(*) FROM edfi.StudentEducationOrganizationAssociationRace r JOIN edfi.Descriptor d ON d.DescriptorId = r.RaceDescriptorId WHERE r.EducationOrganizationId = 255 GROUP BY d.CodeValue`,
    'changed enrolments': `SELECT Id, LastModifiedDate FROM edfi.StudentSchoolAssociation WHERE SchoolId = 255003`,
  },
};

const queries: readonly Query[] = Object.entries(texts).flatMap(([kind, named]) =>
  Object.entries(named).map(([name, text]) => ({ kind: kind as Kind, name, text })),
);

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

interface Timed {
  /** Milliseconds. */
  readonly planning: number;
  readonly execution: number;
}

async function explained(connection: Connection, text: string): Promise<Timed> {
  const [row] = await connection.query<{ 'QUERY PLAN': readonly Record<string, number>[] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
  );
  const [plan] = row?.['QUERY PLAN'] ?? [];
  return { planning: plan?.['Planning Time'] ?? 0, execution: plan?.['Execution Time'] ?? 0 };
}

/** The rows of a query as a text, to compare both sides. */
async function rowsOf(connection: Connection, text: string): Promise<string> {
  const rows = await connection.query(text);
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

const tablesOf = (text: string) => text.replaceAll('edfi.', 'ods.');

const seconds = async <Result>(work: () => Promise<Result>): Promise<readonly [number, Result]> => {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
};

interface Ratio {
  readonly kind: Kind;
  readonly executed: number;
  readonly whole: number;
}

function printLine(name: string, kind: string, figures: readonly string[]): void {
  console.log(name.padEnd(34) + kind.padEnd(13) + figures.map((figure) => figure.padStart(9)).join(''));
}

/** Times one query over the tables and over the views, and prints both. Throws if they have different rows. */
async function compareQuery(connection: Connection, { kind, name, text }: Query, runs: number): Promise<Ratio> {
  if ((await rowsOf(connection, text)) !== (await rowsOf(connection, tablesOf(text))))
    throw new Error(`${name}: other rows`);
  const found: { readonly tables: Timed[]; readonly views: Timed[] } = { tables: [], views: [] };
  for (let run = 0; run < runs; run += 1) {
    found.tables.push(await explained(connection, tablesOf(text)));
    found.views.push(await explained(connection, text));
  }
  const executed = (side: readonly Timed[]) => median(side.map(({ execution }) => execution));
  const planned = (side: readonly Timed[]) => median(side.map(({ planning, execution }) => planning + execution));
  const tables = executed(found.tables);
  const onViews = executed(found.views);
  const ratio = { kind, executed: onViews / tables, whole: planned(found.views) / planned(found.tables) };
  printLine(
    name,
    kind,
    [tables, onViews, ratio.executed, ratio.whole].map((figure) => figure.toFixed(2)),
  );
  return ratio;
}

function printMedian(name: string, ratios: readonly Ratio[]): void {
  const executed = median(ratios.map((each) => each.executed));
  const whole = median(ratios.map((each) => each.whole));
  printLine(name, '', ['', '', executed.toFixed(2), whole.toFixed(2)]);
}

async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      documents: { type: 'string', default: '60000' },
      runs: { type: 'string', default: '21' },
      'mapping-version': { type: 'string', default: 'v2' },
    },
    allowPositionals: true,
  });
  const mappingVersion = versionOf(values['mapping-version']);
  const schema = coreOf(positionals[0], mappingVersion, 'reporting');
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
  const server = await startPostgresServer({
    isInMemory: true,
    settings: { shared_buffers: '512MB', max_locks_per_transaction: '256' },
  });
  try {
    await emit({ schemas: [schema], mappingVersion, dialects: ['pgsql'], outputDirectory: folder });
    const source = { kind: 'schemas', files: [schema], mappingVersion } as const;
    await emitReporting.run({ source, dialects: ['pgsql'], options: { output: folder } }, {});
    const place = { sources: { connection: server.url }, environment: {}, folder };
    const dialect = 'pgsql';
    const artifacts = { kind: 'artifacts', folder } as const;
    const provisioning = { dialect, source: artifacts, options: optionValues(provision, { verify: false }) } as const;
    await runOnDatabase(provision, provisioning, place, {});
    const documents = districtDocuments(Number(values.documents));
    const input = path.join(folder, 'district.jsonl');
    writeFileSync(input, `${documents.map((document) => JSON.stringify(document)).join('\n')}\n`);
    const { total } = await runOnDatabase(
      load,
      { dialect, source: artifacts, options: { paths: [input], bulk: true }, placeOf: () => place },
      place,
      {},
    );
    const [applied, { views }] = await seconds(() =>
      runOnDatabase(applyReporting, { dialect, source: artifacts, options: {} }, place, {}),
    );
    const { target } = parseTarget(server.url, 'pgsql');
    if (target.kind === 'static') throw new Error(`${server.url} is not a database`);
    const connection = await openDatabase(target);
    try {
      const rows = await fillOdsTables(connection, folder, () => 'ods');
      console.log(
        `${total.inserted} documents, ${rows} rows in tables of an ODS, ${views} views applied in ${applied.toFixed(1)} s (${mappingVersion})`,
      );
      printLine('query', 'kind', ['tables', 'views', 'ratio', 'planned']);
      const ratios: Ratio[] = [];
      for (const query of queries) ratios.push(await compareQuery(connection, query, runsOf(values.runs)));
      for (const kind of Object.keys(texts))
        printMedian(
          `median of ${kind}`,
          ratios.filter((each) => each.kind === kind),
        );
      printMedian('median of all', ratios);
    } finally {
      await connection.close();
    }
    const [dropped] = await seconds(() =>
      runOnDatabase(dropReporting, { dialect, source: undefined, options: {} }, place, {}),
    );
    console.log(`dropped in ${dropped.toFixed(1)} s`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await measure();

/**
 * Times queries written for 5.2 on a database of 6.1, and on one of 5.2 with the same documents (design 21 §5): queries
 * of the reporting bench, of values that moved into one document, and of values that moved into several. Both databases
 * are on one server, from npm, and are queried in turn. A tenth of the documents is measured too.
 *
 *   npm run bench -- earlier-views                          the second generation, 24,000 documents
 *   npm run bench -- earlier-views --mapping-version v1     the first generation
 *   npm run bench -- earlier-views --documents 6000         a smaller district
 *   npm run bench -- earlier-views --runs 11                runs of each query; the fastest counts
 */

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { MappingVersion } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { Benchmark, buildCommand, withConnection } from './benchmark.ts';
import { published52, standard61, versionOf } from './data-standard.ts';
import { type DistrictDocument, districtDocuments } from './district-documents.ts';
import { explained } from './explained.ts';
import { reportQueries } from './report-queries.ts';
import { median, runsOf } from './runs.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '24000' },
    runs: { type: 'string', default: '11' },
    'mapping-version': { type: 'string', default: 'v2' },
  },
});
/** The minimum number of documents: a smaller district has no sections. */
const fewest = 600;
const sizes = new Set([Math.max(fewest, Math.round(Number(values.documents) / 10)), Number(values.documents)]);
const runs = runsOf(values.runs);
const mappingVersion: MappingVersion = versionOf(values['mapping-version']);
const earlier = published52[mappingVersion];
const missing = [...earlier, standard61.stripped].find((file) => !existsSync(file));
if (missing !== undefined) {
  console.error(`${missing} does not exist; this benchmark needs the data standards 5.2 with TPDM and 6.1.`);
  process.exit(1);
}

const uri = (descriptor: string, code: string) => `uri://ed-fi.org/${descriptor}#${code}`;

const codes = {
  AddressTypeDescriptor: ['Home', 'Mailing'],
  StateAbbreviationDescriptor: ['TX'],
  VisaDescriptor: ['F1', 'J1'],
  ElectronicMailTypeDescriptor: ['Work'],
  SexDescriptor: ['Female', 'Male'],
  EmploymentStatusDescriptor: ['Contractual'],
} as const;

const address = (type: string, number: number) => ({
  addressTypeDescriptor: uri('AddressTypeDescriptor', type),
  city: 'Austin',
  postalCode: '78701',
  stateAbbreviationDescriptor: uri('StateAbbreviationDescriptor', 'TX'),
  streetNumberName: `${number} Main Street`,
});

const visas = (number: number) => [{ visaDescriptor: uri('VisaDescriptor', number % 2 === 0 ? 'F1' : 'J1') }];

/** A district whose students and staff have values that 6.1 stores in separate documents. */
function documentsOf(count: number): readonly DistrictDocument[] {
  const of = (resource: string, document: DistrictDocument['document']) => ({
    resource: `Ed-Fi:${resource}`,
    document,
  });
  const added: Readonly<Record<string, (index: number) => object>> = {
    'Ed-Fi:Student': (index) => (index % 4 === 0 ? { visas: visas(index) } : {}),
    'Ed-Fi:StudentEducationOrganizationAssociation': (index) => ({
      sexDescriptor: uri('SexDescriptor', index % 2 === 0 ? 'Female' : 'Male'),
      addresses: [address('Home', index), address('Mailing', index)],
    }),
  };
  const staff = Array.from({ length: Math.floor(count / 20) }, (_, index) => index);
  const employment = (index: number, organization: number) =>
    of('StaffEducationOrganizationEmploymentAssociation', {
      staffReference: { staffUniqueId: `t${index}` },
      educationOrganizationReference: { educationOrganizationId: organization },
      employmentStatusDescriptor: uri('EmploymentStatusDescriptor', 'Contractual'),
      hireDate: '2020-08-01',
    });
  const counts = new Map<string, number>();
  return [
    ...Object.entries(codes).flatMap(([name, all]) =>
      all.map((code) => of(name, { namespace: `uri://ed-fi.org/${name}`, codeValue: code, shortDescription: code })),
    ),
    ...districtDocuments(count).map(({ resource, document }) => {
      const index = counts.get(resource) ?? 0;
      counts.set(resource, index + 1);
      return { resource, document: { ...document, ...added[resource]?.(index) } };
    }),
    ...staff.map((index) =>
      of('Staff', {
        staffUniqueId: `t${index}`,
        firstName: `First ${index % 97}`,
        lastSurname: `Last ${index % 997}`,
        addresses: [address('Home', index), address('Mailing', index)],
        electronicMails: [
          {
            electronicMailAddress: `t${index}@example.org`,
            electronicMailTypeDescriptor: uri('ElectronicMailTypeDescriptor', 'Work'),
          },
        ],
        visas: visas(index),
      }),
    ),
    // every fifth works in two schools, so 6.1 has these documents twice
    ...staff.flatMap((index) => [
      employment(index, 255_001 + (index % 20)),
      ...(index % 5 === 0 ? [employment(index, 255_001 + ((index + 1) % 20))] : []),
    ]),
  ];
}

const groups = ['reports', 'one document', 'several documents'] as const;

interface EarlierQuery {
  readonly group: (typeof groups)[number];
  readonly name: string;
  readonly text: string;
}

const whole = (group: EarlierQuery['group'], table: string): EarlierQuery => ({
  group,
  name: table,
  text: `SELECT * FROM edfi.${table}`,
});

const queries: readonly EarlierQuery[] = [
  ...reportQueries.map(({ name, text }) => ({ group: 'reports' as const, name, text })),
  whole('one document', 'StudentEducationOrganizationAssociationRace'),
  whole('one document', 'StudentEducationOrganizationAssociationAddress'),
  {
    group: 'one document',
    name: 'sex of students',
    text: 'SELECT StudentUSI, SexDescriptorId FROM edfi.StudentEducationOrganizationAssociation',
  },
  whole('several documents', 'StaffAddress'),
  whole('several documents', 'StaffElectronicMail'),
  whole('several documents', 'StaffVisa'),
  whole('several documents', 'StudentVisa'),
];

const ofOnePerson = ['StaffAddress', 'StaffElectronicMail', 'StaffVisa'].map(
  (table) =>
    `SELECT * FROM edfi.${table} WHERE StaffUSI = (SELECT StaffUSI FROM edfi.Staff WHERE StaffUniqueId = 't7')`,
);

/** PostgreSQL reads a table of up to this many rows completely, even for one row, because it has few pages. */
const fewRows = 1000;

/** The tables with many rows that a plan reads completely. */
function readWhole(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) return plan.flatMap(readWhole);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  const isRead =
    node['Node Type'] === 'Seq Scan' &&
    Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0) > fewRows;
  return [...(isRead ? [String(node['Relation Name'])] : []), ...Object.values(node).flatMap(readWhole)];
}

interface MeasuredSides {
  readonly before: Connection;
  readonly after: Connection;
}

/** The shortest time of a query on both sides, in milliseconds; both are queried in turn. */
async function timesOf({ before, after }: MeasuredSides, text: string): Promise<readonly [number, number]> {
  let least: readonly [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < runs; run += 1) {
    const [own, later] = [await explained(before, text), await explained(after, text)];
    least = [Math.min(least[0], own.execution), Math.min(least[1], later.execution)];
  }
  return least;
}

async function expectSameCount({ before, after }: MeasuredSides, { name, text }: EarlierQuery): Promise<number> {
  const counts = await Promise.all([before, after].map(async (each) => (await each.query(trusted(text))).length));
  if (counts[0] !== counts[1]) throw new Error(`${name}: ${counts.join(' and ')} rows`);
  return counts[0] ?? 0;
}

const line = (name: string, group: string, figures: readonly string[]) =>
  console.log(name.padEnd(48) + group.padEnd(19) + figures.map((figure) => figure.padStart(10)).join(''));

/** Prints the times of all queries, and returns those on 6.1 by name. */
async function compare(sides: MeasuredSides): Promise<ReadonlyMap<string, number>> {
  const ratios = new Map<string, number[]>();
  const later = new Map<string, number>();
  line('query', 'what', ['on 5.2', 'on 6.1', 'ratio', 'rows']);
  for (const query of queries) {
    const rows = await expectSameCount(sides, query);
    const [own, moved] = await timesOf(sides, query.text);
    ratios.set(query.group, [...(ratios.get(query.group) ?? []), moved / own]);
    later.set(query.name, moved);
    line(query.name, query.group, [own.toFixed(2), moved.toFixed(2), (moved / own).toFixed(2), String(rows)]);
  }
  for (const group of groups) {
    const of = ratios.get(group) ?? [];
    line(`${group}: median, most`, '', ['', '', median(of).toFixed(2), Math.max(...of).toFixed(2)]);
  }
  return later;
}

await Benchmark.run(buildCommand(), async (bench) => {
  const place = (name: string) => path.join(bench.folder, name);
  const schemas = (files: readonly string[]) => files.flatMap((file) => ['--schema', file]);
  const emit = ['emit', '--dialect', 'pgsql', '--mapping-version', mappingVersion, '--output'];
  bench.command([...emit, place('before'), ...schemas(earlier)]);
  const move = ['--earlier', place('before'), '--earlier-translation', 'ed-fi-5.2-to-6.1'];
  bench.command([...emit, place('after'), ...schemas([standard61.stripped]), ...move]);
  const found: ReadonlyMap<string, number>[] = [];
  for (const count of sizes) {
    const documents = documentsOf(count);
    const file = place('district.jsonl');
    writeFileSync(file, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
    await bench.create('earlier');
    await bench.create('later');
    const on = (set: string) => ['--artifacts', place(set), '--dialect', 'pgsql', '--connection-env', 'BENCH_URL'];
    bench.command(['provision', ...on('before')], 'earlier');
    bench.command(['load', file, '--bulk', ...on('before')], 'earlier');
    bench.command(['reporting', 'apply', ...on('before')], 'earlier');
    bench.command(['provision', ...on('after')], 'later');
    const source = ['--from-database', bench.urlOf('earlier'), '--before', place('before')];
    bench.command(['load', ...source, '--translation', 'ed-fi-5.2-to-6.1', '--bulk', ...on('after')], 'later');
    // the views of 5.2 get the names that the queries use
    bench.command(['reporting', 'apply', ...on('after'), '--schema-suffix', '_61'], 'later');
    bench.command(['reporting', 'apply', ...on('after'), '--earlier', '--earlier-suffix', ''], 'later');
    await withConnection(bench.urlOf('earlier'), (before) =>
      withConnection(bench.urlOf('later'), async (after) => {
        for (const side of [before, after]) await side.execute(givenScript('VACUUM ANALYZE'));
        console.log(`\n${documents.length} documents (${mappingVersion})`);
        found.push(await compare({ before, after }));
        for (const text of ofOnePerson) {
          const [row] = await after.query<{ 'QUERY PLAN': unknown }>(trusted(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`));
          const read = readWhole(row?.['QUERY PLAN']);
          console.log(
            `${text}: ${read.length === 0 ? `reads no table of more than ${fewRows} rows whole` : `reads ${read.join(', ')} whole`}`,
          );
        }
      }),
    );
  }
  const [small, large = small] = found;
  console.log('\nTen times the documents, as a multiple of the time');
  for (const { name } of queries.filter(({ group }) => group === 'several documents'))
    line(name, '', [((large?.get(name) ?? 0) / (small?.get(name) ?? 1)).toFixed(1)]);
});

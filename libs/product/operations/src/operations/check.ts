import { type CatalogDiff, differenceCounts, originNames } from '@dms/catalog';
import { changing, connected, withKept } from '@dms/databases';
import { counted, diagnostic } from '@dms/diagnostics';
import { writeOutput } from '@dms/files';
import { mustExist } from '@dms/model';
import {
  compareDatabase,
  type DataFinding,
  dataLines,
  driftLines,
  driftMembers,
  driftText,
  fleetFindingLines,
  fleetFindings,
  repaired,
} from '@dms/verification';
import { camelMembers, databaseOperation } from '../operation/operation.ts';
import { flag, flagOf, output } from '../operation/option.ts';
import { rightsOptions } from '../operation/shared-options.ts';
import { setInDatabases } from '../operation/subject.ts';
import { databaseDesign, documentDesign } from '../sources/source.ts';

/** The announcement of a repair, before it starts. */
const announced = (found: readonly DataFinding[]) =>
  diagnostic('CHECK_REPAIR', ['These rows are recomputed, in one transaction:', ...dataLines(found)].join('\n'));

/**
 * Compares a database with what it should be, and changes nothing: its catalog, the rows of its fingerprint, and
 * whether the gate lets a server use it (design 09 §7.5). Throws the codes of `databaseDesign`, `DB_*` and `OUTPUT_*`.
 */
export const check = databaseOperation({
  name: 'check',
  group: 'first',
  summary: 'compare a database with its schema set',
  description:
    'Compares a database with what its schema set creates, and changes nothing: every object, the rows of its fingerprint, and ' +
    'whether a server of this schema set may use it. Fails when there is a difference that matters.',
  examples: [
    'check --artifacts out --dialect pgsql --connection-env CAMPUS_DB',
    'check --artifacts out --fleet fleet.json --only year=2026',
  ],
  worksOn: setInDatabases('output', 'repair'),
  options: {
    ...rightsOptions,
    deep: flag('compare the rows of the fingerprint even if its hash says that they are equal'),
    data: flag('recompute derived rows; name the documents whose rows differ, or that break rules of the schema set'),
    repair: flag('with --data: rewrite the derived rows that differ, in one transaction'),
    strict: flag('warnings count as errors'),
    all: flag('print every difference instead of at most 200 lines', { group: 'output' }),
    output: output('<file>', 'write the report as JSON to a file instead of printing it'),
  },
  task: {
    name: 'check-db',
    title: 'Check database',
    description: 'Compares the databases that dms.json or an option names with their mapping set.',
    examples: [
      {
        command: 'npx nx run schools:check-db --dialect=pgsql',
        description: 'Compare the database of pgsql that dms.json names',
      },
      {
        command: 'npx nx run schools:check-db:single',
        description: 'Compare the database that dms.json names beside the fleet',
      },
      {
        command: 'npx nx run-many -t check-fleet --parallel=4',
        description: 'Compare all databases of all fleets, four at a time',
      },
    ],
  },
  check({ options: { repair, data } }, misuse) {
    if (repair && !data) misuse(`${flagOf('repair')} needs ${flagOf('data')}`, 'OPTION_MISSING');
  },
  async prepare({ source, dialect: named, options }, { onProgress }) {
    const dialect = mustExist(named, 'the dialect');
    const design = await databaseDesign(source, dialect, onProgress);
    if (!options.data) return { design, rows: undefined };
    const { model, inventory, schemas } = await documentDesign(source, dialect, onProgress, true);
    return { design, rows: { model, inventory, schemas: mustExist(schemas, 'the schemas of documents') } };
  },
  async run({ target, prepared: { design, rows } }, { options }, context) {
    const { repair, output: file, deep, strict, purpose, role } = options;
    let isRepaired = false;
    const onRepair = (found: readonly DataFinding[]) => {
      isRepaired = true;
      context.onWarning?.(announced(found));
    };
    const { signal, onProgress, onWarning } = context;
    const told = { signal, onProgress, onWarning, onRepair: repair ? onRepair : undefined };
    const comparison = { ...told, rows, deep, strict, purpose, role };
    const compare = () => connected(target, context, (connection) => compareDatabase(connection, design, comparison));
    const drift = await (repair ? changing(compare) : compare());
    if (file !== undefined)
      await writeOutput('check', file, driftText(drift), context.signal).catch((error: unknown) => {
        throw isRepaired ? withKept(error, repaired) : error;
      });
    return drift;
  },
  lines(drift, { options: { all, output: file } }) {
    const lines = driftLines(drift, { all });
    return file === undefined ? lines : [...lines.slice(-2), `Report written to ${file}`];
  },
  value: (drift, { options: { output: file } }) => ({
    ...(file === undefined ? {} : { output: file }),
    ...(camelMembers(driftMembers(drift)) as object),
  }),
  entry(drift) {
    const { maker, diff, gate, data, failures } = drift;
    const { differences, renames, leftovers, reporting, preparation } = driftMembers(drift);
    const wrongRows = data ?? [];
    const isDrifted = failures.some(({ code }) => code === 'VERIFY_CATALOG_DIFFERS' || code === 'CHECK_MAKERS_MIXED');
    return {
      outcome:
        failures.length === 0 ? 'passed' : isDrifted ? 'drifted' : wrongRows.length > 0 ? 'rows differ' : 'refused',
      detail: [
        ...(maker.kind === 'dms-ddl' ? [] : [`made by ${originNames[maker.kind]}`]),
        ...(diff.differences.length > 0 ? [differenceCounts(diff.differences)] : []),
        ...(gate === 'ok' ? [] : [gate]),
        ...(preparation === undefined
          ? []
          : [`prepared for an upgrade (${counted(preparation.objects.length, 'object')})`]),
        ...dataLines(wrongRows),
      ].join('; '),
      value: {
        gate,
        maker: maker.kind,
        leftovers,
        differences,
        renames,
        ...(reporting === undefined ? {} : { reporting: camelMembers(reporting) }),
        ...(preparation === undefined ? {} : { preparation: camelMembers(preparation) }),
        ...(data === null ? {} : { data }),
      },
      kept: diff as CatalogDiff,
    };
  },
  findings(done, { all }) {
    const findings = fleetFindings(
      done.map(({ name, labels, kept }) => ({ name, labels, differences: kept.differences })),
    );
    return { lines: fleetFindingLines(findings, { all: all ?? false }), value: { findings } };
  },
});

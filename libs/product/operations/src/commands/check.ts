import { type CatalogDiff, differenceCounts, originNames, warningLines } from '@dms/catalog';
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
} from '@dms/checking';
import { changing, connected, lockWaits, withKept } from '@dms/databases';
import { counted, diagnostic } from '@dms/diagnostics';
import { writeOutput } from '@dms/files';
import { repairLines, repairValue } from '@dms/upgrade';
import { camelMembers, databaseOperation } from '../declaring/operation.ts';
import { flag, milliseconds, output, seconds } from '../declaring/option.ts';
import { rightsOptions } from '../declaring/shared-options.ts';
import { setInDatabases } from '../declaring/subject.ts';
import { type CheckedDatabase, doneRepair, plannedRepair, toldRepair, withCatalogWork } from './check/catalog-work.ts';
import { setOfCatalog, setWithRows } from './check/check-design.ts';

/** The announcement of a repair, before it starts. */
const announced = (found: readonly DataFinding[]) =>
  diagnostic('CHECK_REPAIR', ['These rows are recomputed, in one transaction:', ...dataLines(found)].join('\n'));

/** The codes of differences between the objects of a database and its schema set. */
const isDrift: ReadonlySet<string> = new Set(['VERIFY_CATALOG_DIFFERS', 'CHECK_MAKERS_MIXED', 'CHECK_SHAPE_MIXED']);

/**
 * Compares a database with its schema set, and changes nothing: its catalog, the rows of its fingerprint, and whether
 * the gate lets a server use it (design 09b §2.5). Throws the codes of `databaseDesign`, `DB_*` and `OUTPUT_*`.
 */
export const check = databaseOperation({
  name: 'check',
  group: 'first',
  summary: 'compare a database with its schema set',
  description:
    'Compares a database with what its schema set creates: every object, and the rows of its fingerprint. Says whether a server of this ' +
    'schema set may use it. Changes nothing. Fails when there is a difference that matters.',
  examples: [
    'check --artifacts out --connection-env CAMPUS_DB',
    'check --artifacts out --fleet fleet.json --only year=2026',
  ],
  worksOn: setInDatabases('output', 'repair', 'repairCatalog'),
  options: {
    ...rightsOptions,
    deep: flag('compare the rows of the fingerprint even if its hash says that they are equal'),
    data: flag('recompute derived rows; name the documents whose rows differ, or that break rules of the schema set'),
    repair: flag('rewrite the derived rows that differ, in one transaction', { needs: [['data']] }),
    repairCatalog: flag(
      'drop and create the indexes, triggers, functions, views and rights that differ, in one transaction; no row is touched',
    ),
    dryRun: flag('print the statements of the repair, and run none', { needs: [['repairCatalog']] }),
    lockTimeout: seconds(
      '<seconds>',
      `how long a statement of the repair waits for its locks (default: ${lockWaits.change / 1000})`,
      { needs: [['repairCatalog']] },
    ),
    strict: flag('warnings count as errors'),
    all: flag('print every difference instead of at most 200 lines', { group: 'output' }),
    output: output('<file>', 'write the report as JSON to a file instead of printing it'),
  },
  task: {
    name: 'check-db',
    title: 'Check database',
    description: 'Compares the databases that dms.json or an option names with their mapping set.',
    examples: {
      'npx nx run schools:check-db --dialect=pgsql': 'Compare the database of pgsql that dms.json names',
      'npx nx run schools:check-db:single': 'Compare the database that dms.json names beside the fleet',
      'npx nx run-many -t check-fleet --parallel=4': 'Compare all databases of all fleets, four at a time',
    },
  },
  prepare: (input, context) => (input.options.data ? setWithRows : setOfCatalog)(input, context),
  async run({ target, prepared: { design, repairedSet, rows } }, { options }, context): Promise<CheckedDatabase> {
    const { repair = false, repairCatalog = false, dryRun, output: file, deep, strict, purpose, role } = options;
    const { signal, onProgress, onWarning } = context;
    const catalogWork = !repairCatalog ? toldRepair : dryRun ? plannedRepair : doneRepair;
    // what an error says after a change of the database
    let kept: string | undefined;
    const onRepair = (found: readonly DataFinding[]) => {
      kept = repaired;
      onWarning?.(announced(found));
    };
    const told = { signal, onProgress, onWarning, onRepair: repair ? onRepair : undefined };
    const checked = () =>
      connected(target, context, async (connection) => {
        const compare = () => compareDatabase(connection, design, { ...told, rows, deep, strict, purpose, role });
        const found = { connection, drift: await compare(), compare, repairedSet, context };
        const onRepaired = () => {
          kept = 'The catalog is repaired.';
        };
        const lock = milliseconds(options.lockTimeout);
        return withCatalogWork({ ...found, onRepaired, service: design.service, lock }, catalogWork);
      });
    const drift = await (repair || catalogWork.isAsked ? changing(checked) : checked());
    if (file !== undefined)
      await writeOutput('check', file, driftText(drift), signal).catch((error: unknown) => {
        throw kept === undefined ? error : withKept(error, kept);
      });
    return drift;
  },
  lines(drift, { options: { all, output: file } }) {
    const { repair } = drift;
    const told = driftLines(drift, { all });
    const done = repair === null ? [] : repairLines(repair.plan, repair.state, { all });
    const lines = [...told.slice(0, -2), ...done, ...told.slice(-2)];
    if (file === undefined) return lines;
    return [...warningLines(drift.diff.differences), ...lines.slice(-2), `Report written to ${file}`];
  },
  value: (drift, { options: { output: file } }) => ({
    ...(file === undefined ? {} : { output: file }),
    ...(camelMembers(driftMembers(drift)) as object),
    ...(drift.repair === null ? {} : { repair: repairValue(drift.repair.plan, drift.repair.state) }),
  }),
  entry(drift) {
    const { maker, diff, gate, data, documents, failures } = drift;
    const { differences, renames, leftovers, reporting, earlier_reporting, preparation } = driftMembers(drift);
    const wrongRows = data ?? [];
    const isDrifted = failures.some(({ code }) => isDrift.has(code));
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
        ...(documents === 0 ? ['no documents'] : []),
        ...dataLines(wrongRows),
      ].join('; '),
      value: {
        gate,
        maker: maker.kind,
        leftovers,
        differences,
        renames,
        ...(reporting === undefined ? {} : { reporting: camelMembers(reporting) }),
        ...(earlier_reporting === undefined ? {} : { earlierReporting: camelMembers(earlier_reporting) }),
        ...(preparation === undefined ? {} : { preparation: camelMembers(preparation) }),
        ...(data === null ? {} : { data, documents }),
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

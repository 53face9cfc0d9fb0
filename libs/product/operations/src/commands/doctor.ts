import { type DatabaseFinding, databaseLines, dialectOfSources, examineDatabase } from '@dms/databases';
import { fail, severityOf } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { fileOperation, notSpecified, type PrintedOutcome, printedAsGiven } from '../declaring/operation.ts';
import { text } from '../declaring/option.ts';
import { rightsOptions } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { databaseDesign } from '../sources/source.ts';
import { printedGrants } from './doctor/grants-of-set.ts';
import { type MachineFindings, machineFindings, machineLines } from './doctor/machine-findings.ts';

/**
 * Reports the installed tools, the usable engines, and the rights in the named databases (design 09c §5). Changes
 * nothing. Throws the codes of reading the source, and `DB_NO_TARGET` for a right in no database; the problems of a
 * database are in its finding.
 */
export const doctor = fileOperation({
  name: 'doctor',
  group: 'machine',
  summary: 'say what this machine and a database allow',
  description:
    'Says which versions and optional packages are installed and which engines can be used. With a connection, or beside a dms.json that ' +
    'names databases, it also says whether the database can be reached, which rights and settings the role has, and what provision or ' +
    'upgrade would do there. Changes nothing. Fails when a database cannot be used, or when the role lacks rights for the named purpose or for ' +
    'what the database needs next. With --grants it prints the statements that give a role its rights, and asks no database.',
  examples: [
    'doctor',
    'doctor --artifacts out --connection-env CAMPUS_DB',
    'doctor --artifacts out --dialect pgsql --grants campus_service --purpose write',
  ],
  worksOn: { source: 'possibleSet', config: 'usual', dialect: dialectUses.ofSet, connection: 'possible' },
  options: {
    ...rightsOptions,
    grants: text(
      '<role>',
      'print the GRANT statements for this role: those of --purpose, or of each purpose under a heading, reporting views too',
      { conflicts: ['role'] },
    ),
  },
  missing: ({ source, options }) =>
    options.grants !== undefined && source === undefined ? [notSpecified('--schema or --artifacts')] : [],
  async run({ source, set, dialect, isDatabaseNamed, placeOf, version = '', options }, { signal, onProgress }) {
    const place = (each?: SqlDialect) => mustExist(placeOf?.(each), 'a place');
    // a connection may show its dialect
    const one = () => dialect ?? dialectOfSources(place()) ?? 'pgsql';
    const { grants: grantee, purpose, role } = options;
    if (grantee !== undefined && source !== undefined) {
      const request = { source, dialect: one(), role: grantee, purpose, reporting: set?.reporting ?? {} };
      return printedGrants(request, onProgress);
    }
    const named = isDatabaseNamed ? [one()] : dialects.filter((each) => set?.databases[each] !== undefined);
    // nothing would be checked
    if (named.length === 0 && (purpose ?? role) !== undefined) {
      const text =
        'No database is named whose rights could be checked. Name one with --connection-env or --connection-file, or in a dms.json.';
      fail('DB_NO_TARGET', text, {}, { dialect: one() });
    }
    const machine = await machineFindings(version, place().environment);
    const databases: DatabaseFinding[] = [];
    for (const each of named) {
      const design = source && (await databaseDesign(source, each, onProgress));
      databases.push(await examineDatabase({ ...place(each), dialect: each, signal, onProgress }, design, options));
    }
    return printedExamination(machine, databases);
  },
  resultKind: () => 'answer',
  ...printedAsGiven,
});

/** What this machine and the named databases allow. */
function printedExamination(machine: MachineFindings, databases: readonly DatabaseFinding[]): PrintedOutcome {
  const found = databases.flatMap(({ diagnostics }) => diagnostics);
  const ofDatabases =
    databases.length === 0
      ? ['  none is named; use --connection-env, --connection-file or a dms.json']
      : databases.flatMap(databaseLines);
  return {
    diagnostics: found.filter((entry) => severityOf(entry) !== 'error'),
    failures: found.filter((entry) => severityOf(entry) === 'error'),
    lines: () => [...machineLines(machine), 'Databases', ...ofDatabases],
    value: () => ({ ...machine, databases }),
  };
}

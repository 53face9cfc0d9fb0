import { type DatabaseFinding, databaseLines, examineDatabase } from '@dms/databases';
import { severityOf } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { fileOperation } from '../operation/operation.ts';
import { rightsOptions } from '../operation/shared-options.ts';
import { dialectUses } from '../operation/subject.ts';
import { databaseDesign } from '../sources/source.ts';
import { machineFindings, machineLines } from './machine-findings.ts';

/**
 * Which tools are installed, which engines can be used, and what the named databases allow (design 09 §9). Changes
 * nothing. Throws the codes of reading the source; what is wrong with a database is in its finding.
 */
export const doctor = fileOperation({
  name: 'doctor',
  group: 'machine',
  summary: 'say what this machine and a database allow',
  description:
    'Says which versions and optional packages are installed and which engines can be used. With a connection, or beside a dms.json that ' +
    'names databases, it also says whether the database can be reached, which rights and settings the role has, and what provision or ' +
    'upgrade would do there. Changes nothing. Fails when a database cannot be used, or when the role lacks rights for the named purpose or for ' +
    'what the database needs next.',
  examples: ['doctor', 'doctor --artifacts out --connection-env CAMPUS_DB'],
  worksOn: { source: 'possibleSet', config: true, dialect: dialectUses.ofSet, connection: 'possible' },
  arguments: {},
  options: rightsOptions,
  async run({ source, set, dialect, isDatabaseNamed, placeOf, version = '', options }, { signal, onProgress }) {
    const place = (each?: SqlDialect) => mustExist(placeOf?.(each), 'a place');
    const named = isDatabaseNamed
      ? [mustExist(dialect, 'the dialect')]
      : dialects.filter((each) => set?.databases[each] !== undefined);
    const machine = await machineFindings(version, place().environment);
    const databases: DatabaseFinding[] = [];
    for (const each of named) {
      const design = source && (await databaseDesign({ source, dialect: each, onProgress }));
      databases.push(await examineDatabase({ ...place(each), dialect: each, signal, onProgress }, design, options));
    }
    const found = databases.flatMap(({ diagnostics }) => diagnostics);
    return {
      ...machine,
      databases,
      diagnostics: found.filter((entry) => severityOf(entry) !== 'error'),
      failures: found.filter((entry) => severityOf(entry) === 'error'),
    };
  },
  resultKind: () => 'answer',
  lines: ({ databases, ...machine }) => [
    ...machineLines(machine),
    'Databases',
    ...(databases.length === 0
      ? ['  none is named; use --connection-env, --connection-file or a dms.json']
      : databases.flatMap(databaseLines)),
  ],
  value: ({ tools, engines, databases }) => ({ tools, engines, databases }),
});

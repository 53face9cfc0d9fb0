import { severityOf } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { diagnose, type Findings, findingsLines } from '../databases/doctor.ts';
import { fileOperation, type Outcome } from '../operation/operation.ts';
import { rightsOptions } from '../operation/shared-options.ts';
import { dialectUses } from '../operation/subject.ts';

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
  async run(input, { signal, onProgress }): Promise<Findings & Outcome> {
    const { source, set, dialect, isDatabaseNamed, placeOf, version = '', options } = input;
    const place = (each?: (typeof dialects)[number]) => mustExist(placeOf?.(each), 'a place');
    const named = isDatabaseNamed
      ? [mustExist(dialect, 'the dialect')]
      : dialects.filter((each) => set?.databases[each] !== undefined);
    const { environment, folder, projectFile } = place();
    const findings = await diagnose({
      environment,
      folder,
      projectFile,
      source,
      version,
      ...options,
      signal,
      onProgress,
      connections: named.map((each) => ({ dialect: each, sources: place(each).sources })),
    });
    const found = findings.databases.flatMap(({ diagnostics }) => diagnostics);
    return {
      ...findings,
      diagnostics: found.filter((entry) => severityOf(entry) !== 'error'),
      failures: found.filter((entry) => severityOf(entry) === 'error'),
    };
  },
  resultKind: () => 'answer',
  lines: (findings) => findingsLines(findings),
  value: ({ tools, engines, databases }) => ({ tools, engines, databases }),
});

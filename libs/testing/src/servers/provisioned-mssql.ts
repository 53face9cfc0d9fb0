import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { mssqlQueries } from '@dms/databases';
import { mssqlRows } from './mssql-rows.ts';
import { type Answer, RecordedMssql } from './recorded-mssql.ts';

/** A database after a script. */
export interface MssqlSet {
  readonly info: EffectiveSchemaInfo;
  readonly catalog: Catalog;
  readonly script: string;
}

/** The answers of a database with the objects and seeds of a script; it is empty while `isThere` returns false. */
export function provisionedAnswers({ info, catalog, script }: MssqlSet, isThere: () => boolean = () => true): Answer {
  const rows = mssqlRows(catalog, script);
  const {
    effectiveSchemaHash: hash,
    resourceKeyCount: count,
    resourceKeySeedHash,
    schemaComponents,
    resourceKeys,
  } = info;
  const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
  const formatVersion = info.apiSchemaFormatVersion;
  const coreObjects = catalog.tables.flatMap(({ schema, name }) =>
    schema === 'dms' ? [{ kind: 'table', table: name, name }] : [],
  );
  const answers: Readonly<Record<string, (isMade: boolean) => readonly (readonly object[])[]>> = {
    sp_getapplock: () => [[{ r: 0 }]],
    '@@TRANCOUNT': () => [[{ t: 1, x: 1 }]],
    '@@SPID AS id': () => [[{ id: 51 }]],
    'FROM sys.schemas s WHERE': (isMade) =>
      Object.keys(mssqlQueries).map((name) => (isMade ? rows[name as keyof typeof rows] : [])),
    "WHERE s.name = N'dms'": (isMade) => [isMade ? coreObjects : []],
    'CAST([EffectiveSchemaSingletonId]': () => [[{ id: 1, formatVersion, hash, count, seedHash }]],
    'SELECT CAST([ResourceKeyId]': () => [resourceKeys.map(({ isAbstract: _, ...row }) => row)],
    'SELECT CAST([EffectiveSchemaHash]': () => [schemaComponents.map((row) => ({ hash, ...row }))],
    'GROUP BY d.[ResourceKeyId]': () => [[]],
    'SELECT COUNT(*) AS n FROM': () => [[{ n: 0 }]],
    'SELECT COUNT_BIG(*) AS n': () => [[{ n: 0, documents: 0 }]],
  };
  return (text) => Object.entries(answers).find(([part]) => text.includes(part))?.[1](isThere());
}

/**
 * A recorded server whose database has the objects and seeds of a script, and no documents; sent texts do not change
 * it. `own` answers first. The database is empty while `isThere` returns false for the sent texts.
 */
export function provisionedMssql(
  set: MssqlSet,
  own: Answer = () => undefined,
  isThere: (sent: readonly string[]) => boolean = () => true,
): RecordedMssql {
  const answers = provisionedAnswers(set, () => isThere(recorded.sent));
  const recorded: RecordedMssql = new RecordedMssql(
    (text, parameters) => own(text, parameters) ?? answers(text, parameters),
  );
  return recorded;
}

import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { mssqlQueries } from '@dms/databases';
import { mssqlRows } from './mssql-rows.ts';
import { type Answer, RecordedMssql } from './recorded-mssql.ts';

/** What a script has made of a database. */
export interface ProvisionedSet {
  readonly info: EffectiveSchemaInfo;
  readonly catalog: Catalog;
  readonly script: string;
}

/**
 * A recorded server whose database has the objects and seeds of a script, and no documents; nothing that it is sent changes it. `own`
 * answers first.
 */
export function provisionedMssql({ info, catalog, script }: ProvisionedSet, own: Answer = () => undefined): RecordedMssql {
  const rows = mssqlRows(catalog, script);
  const { effectiveSchemaHash: hash, resourceKeyCount: count, resourceKeySeedHash, schemaComponents, resourceKeys } = info;
  const seedHash = Buffer.from(resourceKeySeedHash).toString('hex');
  const answers: Readonly<Record<string, () => readonly (readonly object[])[]>> = {
    sp_getapplock: () => [[{ r: 0 }]],
    '@@TRANCOUNT': () => [[{ t: 1, x: 1 }]],
    '@@SPID AS id': () => [[{ id: 51 }]],
    'FROM sys.schemas s WHERE': () => Object.keys(mssqlQueries).map((name) => rows[name as keyof typeof rows]),
    "OBJECT_ID(N'dms.EffectiveSchema', N'U') IS NULL THEN 0": () => [
      [{ EffectiveSchema: 1, ResourceKey: 1, SchemaComponent: 1 }],
    ],
    'CAST([EffectiveSchemaSingletonId]': () => [[{ id: 1, formatVersion: '1.0.0', hash, count, seedHash }]],
    'SELECT CAST([ResourceKeyId]': () => [resourceKeys.map(({ isAbstract: _, ...row }) => row)],
    'SELECT CAST([EffectiveSchemaHash]': () => [schemaComponents.map((row) => ({ hash, ...row }))],
    'GROUP BY d.[ResourceKeyId]': () => [[]],
  };
  return new RecordedMssql(
    (text, parameters) => own(text, parameters) ?? Object.entries(answers).find(([part]) => text.includes(part))?.[1](),
  );
}

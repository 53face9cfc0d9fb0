import type { EffectiveSchemaSet } from '@dms/api-schema';
import { trusted } from '@dms/sql';
import { hasSharedData, inTurn, mainGenerations, serverEngine, sharedFile, someOf } from '@dms/testing';
import { groupBy } from '@dms/values';
import { describe, expect, it } from 'vitest';
import {
  core52,
  core61,
  type PublishedScript,
  publishedTables,
  setOf51,
  setOfVersion,
} from '../../test/published-ods.ts';
import { compiledSet } from '../../test/round-trip.ts';
import { applyViews } from '../index.ts';

/*
 * The views of published schemas with --exact-types have the columns and types of the published scripts, in PostgreSQL
 * itself.
 */

const typeNames: Readonly<Record<string, string>> = {
  INT: 'integer',
  TIME: 'time without time zone',
  TIMESTAMP: 'timestamp without time zone',
};

/** A column of a published script as PostgreSQL prints it. */
function columnText(column: string): string {
  const [, name = '', type = ''] = /^(\S+) (.*?)(?: null)?$/.exec(column) ?? [];
  const printed = type.replace(/^VARCHAR/, 'character varying').replace(/^DECIMAL\((\d+), (\d+)\)/, 'numeric($1,$2)');
  return `${name.toLowerCase()} ${typeNames[type] ?? printed.toLowerCase()}`;
}

const viewColumns = `SELECT n.nspname || '.' || c.relname AS view, a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS "column"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind = 'v' AND c.relname = lower(c.relname) AND n.nspname IN ('edfi', 'tpdm')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum`;

async function columnsOfViews(set: EffectiveSchemaSet): Promise<ReadonlyMap<string, readonly string[]>> {
  const { script, reporting } = compiledSet(set, { exactTypes: true });
  const { connection, close } = await serverEngine.open(script);
  try {
    await applyViews(connection, reporting);
    const rows = await connection.query<{ view: string; column: string }>(trusted(viewColumns));
    return new Map(
      [...groupBy(rows, ({ view }) => view)].map(([view, own]) => [view, own.map(({ column }) => column)]),
    );
  } finally {
    await close();
  }
}

const publishedColumns = (scripts: readonly PublishedScript[]) =>
  scripts.flatMap((script) =>
    [...publishedTables(script)].map(([name, { columns }]) => [name.toLowerCase(), columns.map(columnText)] as const),
  );

const tpdm = () => sharedFile('inputs', 'tpdm-1.1-extension.json');

/** Two of the schemas are tried in one generation each; all in both if DMS_PROPERTY_RUNS is above 1. */
const generations = mainGenerations;

describe.runIf(hasSharedData).each(generations)(
  'views of published schemas in %s (need the shared conformance data)',
  (version) => {
    const published: readonly [
      what: string,
      tables: number,
      scripts: readonly PublishedScript[],
      set: () => Promise<EffectiveSchemaSet>,
    ][] = [
      ['the core 5.1', 595, ['ods-5.1'], () => setOf51(version)],
      [
        'the core 5.2 with TPDM',
        677,
        ['ods-5.2', 'ods-tpdm-1.1'],
        () => setOfVersion(version, core52[version](), tpdm()),
      ],
      ['the core 6.1', 829, ['ods-6.1'], () => setOfVersion(version, core61())],
    ];

    it.each(inTurn(generations, version, someOf(published, 2)))(
      'have the names, columns and types of %s',
      async (_, tables, scripts, set) => {
        const views = await columnsOfViews(await set());
        const published = publishedColumns(scripts);
        expect(published).toHaveLength(tables);
        expect([...views.keys()].sort()).toEqual(published.map(([name]) => name).sort());
        for (const [name, columns] of published) expect([name, ...(views.get(name) ?? [])]).toEqual([name, ...columns]);
      },
    );
  },
);

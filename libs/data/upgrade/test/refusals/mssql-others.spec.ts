import { openDatabase, parseTarget } from '@dms/databases';
import { qualified } from '@dms/model';
import { textOf } from '@dms/sql';
import {
  type Answer,
  errorOf,
  provisionedMssql,
  recordedSystemViews,
  sentTextFindings,
  sentTextScope,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade } from '../../src/index.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';

/*
 * An upgrade of a SQL Server database that others have built on, or to whose objects they have given something that it
 * could not give back, is refused before its first change (design 12 §7.3, 12a §3). The server is recorded.
 */

function planned(name: string) {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  const [before, after] = evolutionPair(evolution, 'v1', 'mssql');
  return { before, after, plan: planUpgrade(before, after, { allowLoss: ['all'] }) };
}

const renamed = planned('other names for columns and a table');
const widened = planned('a wider integer that others copy');

async function refused(own: Answer, { before, after, plan } = renamed) {
  const recorded = provisionedMssql({ ...before, info: before.model.effectiveSchema }, own);
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const connection = await openDatabase(target, { load: recorded.load });
  const error = await errorOf(() => applyUpgrade(connection, before, after, { allowLoss: ['all'] }));
  const first = plan.statements.flatMap(({ sql }) => textOf(sql).split('\nGO\n'));
  expect(recorded.batches.filter((text) => first.includes(text))).toEqual([]);
  // also the queries that only such a database is asked
  const scope = sentTextScope(before.catalog, recordedSystemViews());
  expect(recorded.queries.flatMap((sent) => sentTextFindings(sent, scope))).toEqual([]);
  return error.diagnostics;
}

/** The objects of the question, with their numbers. */
const asked = (text: string) =>
  JSON.parse(text) as readonly { number: number; how: string; kind: string; table: string }[];

describe('an upgrade of a SQL Server database is refused', () => {
  it('for a bound view on a table that it renames, with the statements that make the view again', async () => {
    const view = { type: 'view', identity: 'dash.Daily', kind: 'relation', schema: 'dash', table: 'Daily', name: null };
    const [finding] = await refused((text, { p1 }) => {
      if (text.includes("SELECT N'depends'")) {
        const renamed = asked(String(p1)).find(({ how, kind }) => how === 'rename' && kind === 'relation');
        return [renamed === undefined ? [] : [{ ...view, finding: 'depends', number: renamed.number }]];
      }
      if (!text.includes('[has_more]')) return undefined;
      expect(JSON.parse(String(p1))).toEqual([{ schema: 'dash', name: 'Daily' }]);
      const rights = JSON.stringify([
        { state: 'G', privilege: 'SELECT', role: 'reader' },
        { state: 'W', privilege: 'SELECT', role: 'clerk' },
        { state: 'D', privilege: 'SELECT', role: 'guest' },
      ]);
      const definition = 'CREATE VIEW dash.Daily WITH SCHEMABINDING AS SELECT 1 AS a';
      return [[{ schema: 'dash', name: 'Daily', definition, rights, has_more: 1 }]];
    });
    expect(finding).toMatchObject({ code: 'UPGRADE_VIEWS_OBJECT' });
    expect(finding?.details).toMatchObject({
      drop: ['DROP VIEW [dash].[Daily];'],
      create: [
        'GO\nCREATE VIEW dash.Daily WITH SCHEMABINDING AS SELECT 1 AS a\nGO',
        'GRANT SELECT ON [dash].[Daily] TO [reader];',
        'GRANT SELECT ON [dash].[Daily] TO [clerk] WITH GRANT OPTION;',
        'DENY SELECT ON [dash].[Daily] TO [guest];',
      ],
    });
    expect(finding?.message).toContain('These statements lack');
  });

  it('for statistics of others on a column that it changes, and own parts do not count', async () => {
    const [table] = renamed.before.catalog.tables;
    const own = { schema: table?.schema, table: table?.name, name: table?.primaryKey?.name, kind: 'index' };
    const findings = await refused((text) =>
      text.includes("SELECT N'depends'")
        ? [
            [
              { finding: 'depends', number: 0, type: 'index', identity: 'own', ...own },
              {
                finding: 'depends',
                number: 0,
                type: 'statistics',
                identity: 'Mine on edfi.A',
                ...own,
                name: 'Mine',
                kind: null,
              },
            ],
          ]
        : undefined,
    );
    expect(findings.map(({ code }) => code)).toEqual(['UPGRADE_VIEWS_OBJECT']);
    expect(findings[0]?.message).toContain('statistics Mine on edfi.A');
    expect(findings[0]?.message).not.toContain('index own');
  });

  it('for an index of others with a name that it needs', async () => {
    const findings = await refused((text, { p1 }) => {
      if (!text.includes("SELECT N'holds'")) return undefined;
      const names = JSON.parse(String(p1)) as readonly Record<
        'number' | 'space' | 'schema' | 'table' | 'name',
        string
      >[];
      const asked = names.filter(({ space }) => space === 'index');
      const [index] = asked;
      // the name of an index is unique in its table, which has its earlier name until the upgrade
      const { before, after } = renamed;
      const there = new Set(before.catalog.tables.map(qualified));
      for (const { schema, table } of asked) expect(there).toContain(qualified({ schema, name: table }));
      const keys = after.catalog.tables.flatMap(({ primaryKey }) => primaryKey?.name ?? []);
      expect(asked.some(({ name }) => keys.includes(name))).toBe(true);
      const held = { number: index?.number, type: 'index', identity: 'IX on edfi.A', kind: 'index', schema: 'edfi' };
      return [[{ finding: 'holds', ...held, table: 'A', name: 'IX' }]];
    });
    expect(findings.map(({ code }) => code)).toEqual(['UPGRADE_NAME_TAKEN']);
  });

  it('for the filegroup of an index that it makes again', async () => {
    const { after, plan } = widened;
    const keys = after.catalog.tables.flatMap((table) =>
      table.uniques.map(({ name }) => JSON.stringify([table.schema, table.name, name])),
    );
    const again = plan.objects.touched.find(
      ({ how, kind, schema, table, name }) =>
        how === 'drop' && kind === 'constraint' && keys.includes(JSON.stringify([schema, table, name])),
    );
    if (again === undefined) throw new Error('the plan makes no key again');
    const { schema, table, name } = again;
    const object = { kind: 'relation', schema, name: table, signature: '', part_kind: null, part: null };
    const findings = await refused(
      (text) =>
        text.includes('[rights] AS (')
          ? [
              [
                { ...object, setting: 'object', value: '{"word":"TABLE","owner":"dbo","follows":true}' },
                { ...object, part_kind: 'index', part: name, setting: 'data space', value: '"ARCHIVE"' },
              ],
            ]
          : undefined,
      widened,
    );
    expect(findings.map(({ code }) => code)).toEqual(['UPGRADE_CANNOT_KEEP']);
    expect(findings[0]?.message).toContain(`the filegroup ARCHIVE of index ${name} of ${schema}.${table}`);
  });
});

it('a view is replaced in place, so that it keeps what others gave it', () => {
  const texts = widened.plan.statements.map(({ sql }) => textOf(sql));
  expect(texts.filter((sql) => sql.startsWith('DROP VIEW'))).toEqual([]);
  expect(texts.filter((sql) => sql.startsWith('CREATE OR ALTER VIEW'))).toHaveLength(1);
});

import { DmsError } from '@dms/diagnostics';
import { readScript, tsqlFindings } from '@dms/script-checks';
import { dialects } from '@dms/sql';
import { build, diagnosticOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { organizations, quote, scriptOf } from '../widgets.ts';

const { integer } = build;

describe.each(dialects)('emission for %s', (dialect) => {
  const viewBody = (script: string) => /CREATE OR (?:REPLACE|ALTER) VIEW [^\n]+ AS\n([\s\S]*?);\n/.exec(script)?.[1];

  it('cases 14 and 15: arms in the order of the model, casts only where the type differs', () => {
    const narrow = organizations(dialect);
    const [view] = narrow.model.abstractUnionViews;
    const reversed = { ...narrow.model, abstractUnionViews: [{ ...view!, unionArms: [...view!.unionArms].reverse() }] };
    const order = (body: string | undefined) => [...(body ?? '').matchAll(/'Ed-Fi:(\w+)'/g)].map(([, name]) => name);
    expect(order(viewBody(narrow.script))).toEqual(
      view?.unionArms.map(({ concreteMember }) => concreteMember.resourceName),
    );
    expect(order(viewBody(scriptOf(reversed, narrow.inventory)))).toEqual(order(viewBody(narrow.script)).reverse());
    expect(viewBody(narrow.script)).toBe(
      dialect === 'pgsql'
        ? `SELECT "DocumentId" AS "DocumentId", "AgencyId" AS "OrganizationId", 'Ed-Fi:Agency'::varchar(256) AS "Discriminator"
FROM "edfi"."Agency"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "SchoolId" AS "OrganizationId", 'Ed-Fi:School'::varchar(256) AS "Discriminator"
FROM "edfi"."School"`
        : `SELECT [DocumentId] AS [DocumentId], [AgencyId] AS [OrganizationId], CAST(N'Ed-Fi:Agency' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[Agency]
UNION ALL
SELECT [DocumentId] AS [DocumentId], [SchoolId] AS [OrganizationId], CAST(N'Ed-Fi:School' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[School]`,
    );
    const wide = viewBody(organizations(dialect, integer('int64')).script);
    expect(wide).toContain(
      dialect === 'pgsql' ? '"SchoolId"::bigint AS "OrganizationId"' : 'CAST([SchoolId] AS bigint) AS [OrganizationId]',
    );
    expect(wide).toContain(`, ${quote(dialect, 'AgencyId')} AS ${quote(dialect, 'OrganizationId')}`);
  });

  it('case 16: a view without arms; an arm with one expression too few', () => {
    const { model, inventory } = organizations(dialect);
    const [view] = model.abstractUnionViews;
    const empty = diagnosticOf(() =>
      emitDdl({ ...model, abstractUnionViews: [{ ...view!, unionArms: [] }] }, inventory),
    );
    expect(empty.code).toBe('DDL_VIEW_EMPTY');
    expect(empty.message).toContain('edfi.Organization_View');
    const [first, ...others] = view!.unionArms;
    const short = diagnosticOf(() =>
      emitDdl(
        {
          ...model,
          abstractUnionViews: [
            { ...view!, unionArms: [{ ...first!, projections: first!.projections.slice(1) }, ...others] },
          ],
        },
        inventory,
      ),
    );
    expect(short.code).toBe('DDL_VIEW_ARM_MISMATCH');
    for (const part of ['edfi.Organization_View', 'edfi.Agency', '2', '3']) expect(short.message).toContain(part);
  });

  it('case 24: two views and no trigger, each view in its own batch', () => {
    const { model, inventory } = organizations(dialect);
    const [view] = model.abstractUnionViews;
    const second = { ...view!, view: { schema: 'edfi', name: 'Another_View' } };
    const script = scriptOf({ ...model, abstractUnionViews: [view!, second] }, { ...inventory, triggers: [] });
    if (dialect === 'mssql') {
      const read = readScript(script);
      expect(tsqlFindings(read)).toEqual([]);
      expect(read.modules.filter(({ kind }) => kind === 'VIEW').map(({ name }) => name)).toEqual([
        'edfi.Another_View',
        'edfi.Organization_View',
      ]);
      expect(read.modules.filter(({ kind }) => kind === 'TRIGGER').map(({ name }) => name)).toEqual([
        'dms.TR_Document_Journal',
      ]);
      expect(script).toMatch(/FROM \[edfi\]\.\[School\];\n\nGO\nIF @@ERROR .+\nGO\n\n-- =+\n-- Phase 16: Seed Data/);
    } else expect(script.match(/CREATE OR REPLACE VIEW/g)).toHaveLength(2);
  });

  it('emits nothing when anything is wrong', () => {
    const { model, inventory } = organizations(dialect);
    const [view] = model.abstractUnionViews;
    expect(() => emitDdl({ ...model, abstractUnionViews: [view!, { ...view!, unionArms: [] }] }, inventory)).toThrow(
      DmsError,
    );
  });
});

import type { SqlDialect } from '@dms/sql';
import { modelV2, withResource } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { probeSet } from '../../test/probe-set.ts';
import { coreStatements } from '../description/core-statements.ts';
import { generationV2 } from '../v2/generation.ts';
import { compileProbes } from './compile-probes.ts';
import { compileProbeStatements } from './probe-sql.ts';

function statementsOf(dialect: SqlDialect) {
  const model = modelV2([probeSet], dialect);
  const all = compileProbeStatements(model, compileProbes(model));
  return (label: string) => all.get(label) ?? { target: null, own: null };
}

// written by hand; the resource keys are 1 Booking, 2 KindDescriptor, 3 Organization, 4 Report, 5 Room, 6 School, 7 Visit
describe('the statements of probes', () => {
  it('in PostgreSQL', () => {
    const of = statementsOf('pgsql');
    expect(of('Ed-Fi:Visit').target?.findSql).toBe(
      `SELECT k.o AS "Ordinal", t."DocumentId"
FROM unnest(@ordinals::integer[], @k0::varchar[], @k1::integer[], @k2::varchar[]) AS k(o, k0, k1, k2)
INNER JOIN "dms"."Descriptor" d0 ON lower(d0."Uri" COLLATE "pg_c_utf8") = lower(k.k0 COLLATE "pg_c_utf8") AND d0."ResourceKeyId" = 2
INNER JOIN "edfi"."Visit" t ON t."KindDescriptor_DescriptorId" = d0."DocumentId" AND t."Organization_OrganizationId" = k.k1 AND t."VisitName" = k.k2;`,
    );
    expect(of('Ed-Fi:Organization').target?.findSql).toBe(
      `SELECT k.o AS "Ordinal", t."DocumentId", t."ResourceKeyId"
FROM unnest(@ordinals::integer[], @k0::integer[]) AS k(o, k0)
INNER JOIN "edfi"."OrganizationIdentity" t ON t."OrganizationId" = k.k0;`,
    );
    const visit = of('Ed-Fi:Visit').own;
    const found = `SELECT k.o AS "Ordinal", d."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion"
FROM unnest(@ordinals::integer[], @k0::bigint[], @k1::bigint[], @k2::varchar[]) AS k(o, k0, k1, k2)
INNER JOIN "edfi"."Visit" r ON r."KindDescriptor_DescriptorId" = k.k0 AND r."Organization_DocumentId" = k.k1 AND r."VisitName" = k.k2
INNER JOIN "dms"."Document" d ON d."DocumentId" = r."DocumentId" AND d."ResourceKeyId" = 7`;
    expect(visit?.findSql).toBe(`${found};`);
    expect(visit?.lockSql).toBe(`${found}\nORDER BY d."DocumentId"\nFOR NO KEY UPDATE OF d;`);
    const report = of('Ed-Fi:Report').own;
    expect(report?.captureSql).toBe(
      `SELECT d."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion"
FROM "dms"."Document" d
WHERE d."DocumentId" = (SELECT r."DocumentId" FROM "edfi"."Report" r WHERE r."ReportCode" = @k0::varchar AND r."Visit_DocumentId" = (SELECT t."DocumentId" FROM "edfi"."Visit" t WHERE t."KindDescriptor_DescriptorId" = (SELECT x."DocumentId" FROM "dms"."Descriptor" x WHERE lower(x."Uri" COLLATE "pg_c_utf8") = lower(@k1::varchar COLLATE "pg_c_utf8") AND x."ResourceKeyId" = 2) AND t."Organization_OrganizationId" = @k2::integer AND t."VisitName" = @k3::varchar)) AND d."ResourceKeyId" = 4;`,
    );
    expect(report?.captureParameters.map(({ name, paths }) => [name, ...paths])).toEqual([
      ['k0', '$.reportCode'],
      ['k1', '$.visitReference.kindDescriptor'],
      ['k2', '$.visitReference.organizationId'],
      ['k3', '$.visitReference.visitName'],
    ]);
  });

  it('in SQL Server', () => {
    const of = statementsOf('mssql');
    const text = 'SQL_Latin1_General_CP1_CI_AS';
    expect(of('Ed-Fi:Visit').target?.findSql).toBe(
      `SELECT k.[o] AS [Ordinal], t.[DocumentId]
FROM OPENJSON(@keys) WITH ([o] int '$.o', [k0] nvarchar(306) '$.k0', [k1] int '$.k1', [k2] nvarchar(30) '$.k2') AS k
INNER JOIN [dms].[Descriptor] AS d0 ON d0.[UriLowered] = LOWER(k.[k0] COLLATE ${text}) AND d0.[ResourceKeyId] = 2
INNER JOIN [edfi].[Visit] AS t ON t.[KindDescriptor_DescriptorId] = d0.[DocumentId] AND t.[Organization_OrganizationId] = k.[k1] AND t.[VisitName] = k.[k2] COLLATE ${text}
OPTION (FORCE ORDER);`,
    );
    expect(of('Ed-Fi:Room').own?.lockSql).toBe(
      `SELECT k.[o] AS [Ordinal], d.[DocumentId], LOWER(CONVERT(nvarchar(36), d.[DocumentUuid])) AS [DocumentUuid], d.[ResourceKeyId], d.[ContentVersion]
FROM OPENJSON(@keys) WITH ([o] int '$.o', [k0] nvarchar(20) '$.k0', [k1] bigint '$.k1') AS k
INNER JOIN [edfi].[Room] AS r ON r.[RoomCode] = k.[k0] COLLATE ${text} AND r.[School_DocumentId] = k.[k1]
INNER JOIN [dms].[Document] AS d WITH (UPDLOCK, ROWLOCK) ON d.[DocumentId] = r.[DocumentId] AND d.[ResourceKeyId] = 5
OPTION (FORCE ORDER);`,
    );
    expect(of('Ed-Fi:Report').own?.captureSql).toBe(
      `SELECT d.[DocumentId], LOWER(CONVERT(nvarchar(36), d.[DocumentUuid])) AS [DocumentUuid], d.[ResourceKeyId], d.[ContentVersion]
FROM [dms].[Document] AS d
WHERE d.[DocumentId] = (SELECT r.[DocumentId] FROM [edfi].[Report] AS r WHERE r.[ReportCode] = @k0 COLLATE ${text} AND r.[Visit_DocumentId] = (SELECT t.[DocumentId] FROM [edfi].[Visit] AS t WHERE t.[KindDescriptor_DescriptorId] = (SELECT x.[DocumentId] FROM [dms].[Descriptor] AS x WHERE x.[UriLowered] = LOWER(@k1 COLLATE ${text}) AND x.[ResourceKeyId] = 2) AND t.[Organization_OrganizationId] = @k2 AND t.[VisitName] = @k3 COLLATE ${text})) AND d.[ResourceKeyId] = 4;`,
    );
  });

  it('need a value of a reference for each key column of its target', () => {
    const model = modelV2([probeSet]);
    const without = withResource(model, 'Ed-Fi:Report', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((each) => ({ ...each, identityBindings: [] })),
    }));
    expect(() => compileProbeStatements(without, compileProbes(model))).toThrow('KindDescriptor_DescriptorId');
  });

  it('ask for the values of each reference separately', () => {
    const { own } = statementsOf('pgsql')('Ed-Fi:Booking');
    expect(own?.captureParameters.map(({ paths }) => paths)).toEqual([
      ['$.bookingDate'],
      ['$.roomReference.roomCode'],
      ['$.roomReference.schoolId'],
      ['$.schoolReference.schoolId'],
    ]);
  });
});

describe('the core statements without referential ids', () => {
  const natural = (dialect: SqlDialect) =>
    new Map(
      coreStatements(dialect, { ...generationV2.core, storesReferentialIds: false }).map((each) => [each.name, each]),
    );

  it('find and lock descriptors by their folded URI', () => {
    const statements = natural('pgsql');
    expect(statements.get('findDescriptors')).toEqual({
      name: 'findDescriptors',
      sql: `SELECT k.o AS "Ordinal", d0."DocumentId", d0."ResourceKeyId" FROM unnest(@ordinals::integer[], @k0::varchar[], @k1::smallint[]) AS k(o, k0, k1) INNER JOIN "dms"."Descriptor" d0 ON lower(d0."Uri" COLLATE "pg_c_utf8") = lower(k.k0 COLLATE "pg_c_utf8") AND d0."ResourceKeyId" = k.k1;`,
      parameters: ['ordinals', 'k0', 'k1'],
      columns: ['Ordinal', 'DocumentId', 'ResourceKeyId'],
    });
    expect(statements.get('lockDescriptor')).toMatchObject({
      sql: `SELECT d."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion" FROM "dms"."Document" d INNER JOIN "dms"."Descriptor" x ON x."DocumentId" = d."DocumentId" WHERE lower(x."Uri" COLLATE "pg_c_utf8") = lower(@uri::varchar COLLATE "pg_c_utf8") AND x."ResourceKeyId" = @resourceKeyId FOR NO KEY UPDATE OF d;`,
      parameters: ['uri', 'resourceKeyId'],
    });
    expect(natural('mssql').get('findDescriptors')).toMatchObject({
      sql: "SELECT k.[o] AS [Ordinal], d0.[DocumentId], d0.[ResourceKeyId] FROM OPENJSON(@keys) WITH ([o] int '$.o', [k0] nvarchar(306) '$.k0', [k1] smallint '$.k1') AS k INNER JOIN [dms].[Descriptor] AS d0 ON d0.[UriLowered] = LOWER(k.[k0] COLLATE SQL_Latin1_General_CP1_CI_AS) AND d0.[ResourceKeyId] = k.[k1] OPTION (FORCE ORDER);",
      parameters: ['keys'],
    });
  });

  it('have no referential id, and an update keeps the text of a descriptor', () => {
    const statements = natural('pgsql');
    expect([...statements.keys()].filter((name) => name.includes('Identity'))).toEqual([]);
    expect(statements.get('updateDescriptor')?.sql).toBe(
      'UPDATE "dms"."Descriptor" SET "ShortDescription" = @shortDescription, "Description" = @description, "EffectiveBeginDate" = @effectiveBeginDate, "EffectiveEndDate" = @effectiveEndDate WHERE "DocumentId" = @documentId;',
    );
  });
});

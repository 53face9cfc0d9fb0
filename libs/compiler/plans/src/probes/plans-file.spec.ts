import { deriveModel } from '@dms/derivation';
import type { SqlDialect } from '@dms/sql';
import { codesOf, failureOf, modelV2, schemaSetOf, withResource } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { probeSet } from '../../test/probe-set.ts';
import { describeMappingSet } from '../description/describe-mapping-set.ts';
import { compileMappingSet, plansText } from '../index.ts';
import { generationV2 } from '../v2/generation.ts';

/** The rules of a generation that finds documents by natural keys. */
const natural = {
  documents: { ...generationV2.documents, textEquality: { pgsql: 'exact', mssql: 'ignoreCase' } },
  core: { ...generationV2.core, storesReferentialIds: false },
} as const;

function fileOf(dialect: SqlDialect) {
  const mappingSet = compileMappingSet(modelV2([probeSet], dialect));
  const file = (set: typeof mappingSet) => JSON.parse(plansText(set));
  return {
    byHash: file(mappingSet),
    byKey: file({ ...mappingSet, description: describeMappingSet(mappingSet, natural) }),
  };
}

it('reports a missing key when plans are compiled', () => {
  const { model } = deriveModel(schemaSetOf('v2-natural', [probeSet]), 'pgsql', { strict: false });
  const anonymous = withResource(model, 'Ed-Fi:Report', () => ({ identityElements: [] }));
  expect(codesOf(failureOf(() => compileMappingSet(anonymous)))).toEqual(['PLAN_PROBE_EMPTY']);
});

describe('plans of a generation that finds documents by natural keys', () => {
  const { byHash, byKey } = fileOf('pgsql');
  const named = (list: readonly { readonly resource: { readonly resourceName: string } }[], name: string) =>
    list.find(({ resource }) => resource.resourceName === name);

  it('say how keys are compared, and have no namespace of hashes', () => {
    expect(byKey.naturalKeys).toEqual({
      descriptorProbe: {
        table: { schema: 'dms', name: 'Descriptor' },
        uriColumn: 'Uri',
        uriLoweredColumn: null,
        resourceKeyIdColumn: 'ResourceKeyId',
        documentIdColumn: 'DocumentId',
      },
      textEquality: 'exact',
      collation: null,
      fold: 'pg_c_utf8',
    });
    expect(byKey.identities).toBeUndefined();
    expect(fileOf('mssql').byKey.naturalKeys).toMatchObject({
      descriptorProbe: { uriLoweredColumn: 'UriLowered' },
      textEquality: 'ignoreCase',
      collation: 'SQL_Latin1_General_CP1_CI_AS',
      fold: 'SQL_Latin1_General_CP1_CI_AS',
    });
  });

  it('have the probes of each resource and of each abstract resource', () => {
    expect(named(byKey.resources, 'Room')).toMatchObject({
      naturalKey: {
        target: {
          probe: {
            kind: 'concrete',
            table: { schema: 'edfi', name: 'Room' },
            keyColumns: [
              { column: 'RoomCode', identityJsonPaths: ['$.roomCode'], binding: { kind: 'scalar' } },
              { column: 'School_SchoolId', identityJsonPaths: ['$.schoolReference.schoolId'] },
            ],
            documentIdColumn: 'DocumentId',
            resourceKeyIdColumn: null,
          },
          findSql: expect.stringContaining('"edfi"."Room" t ON'),
        },
        own: {
          probe: { keyColumns: [{}, { binding: { kind: 'documentReference', bindingIndex: 0 } }] },
          findSql: expect.stringContaining('"edfi"."Room" r ON'),
          lockSql: expect.stringContaining('FOR NO KEY UPDATE OF d;'),
          captureSql: expect.stringContaining('WHERE d."DocumentId" = ('),
          captureParameters: [
            { name: 'k0', paths: ['$.roomCode'] },
            { name: 'k1', paths: ['$.schoolReference.schoolId'] },
          ],
        },
      },
    });
    expect(named(byKey.resources, 'KindDescriptor')).toMatchObject({ naturalKey: null });
    expect(named(byKey.abstractResources, 'Organization')).toMatchObject({
      naturalKey: { target: { probe: { kind: 'abstract', resourceKeyIdColumn: 'ResourceKeyId' } }, own: null },
    });
  });

  it('have another format number, and otherwise the members of plans with hashes', () => {
    expect([byHash.plansFormat, byKey.plansFormat]).toEqual([3, 4]);
    const members = (file: object) =>
      Object.keys(file).filter((name) => name !== 'naturalKeys' && name !== 'identities');
    expect(members(byKey)).toEqual(members(byHash));
    const withoutProbes = ({ resources }: { readonly resources: readonly { readonly naturalKey?: unknown }[] }) =>
      resources.map(({ naturalKey, ...resource }) => resource);
    expect(withoutProbes(byKey)).toEqual(withoutProbes(byHash));
  });
});

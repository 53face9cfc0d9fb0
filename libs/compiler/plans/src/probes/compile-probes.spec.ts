import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet, TableConstraint } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  codesOf,
  failureOf,
  hasSharedData,
  modelV2,
  ownSchemaFile,
  ownSchemasV2,
  sharedSet,
  withResource,
  withTable,
} from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeSet } from '../../test/probe-set.ts';
import { expectVectorProbes } from '../../test/probe-vectors.ts';
import { compileProbes, descriptorProbe } from './compile-probes.ts';
import type { ProbeKeyColumn } from './probe.ts';

/** A key column as `column = what it is compared with < its paths`. */
function shown({ column, identityJsonPaths, binding }: ProbeKeyColumn): string {
  const paths = identityJsonPaths.map(({ canonical }) => canonical).join(' ');
  switch (binding.kind) {
    case 'scalar':
      return `${column} = ${binding.scalarType.kind} < ${paths}`;
    case 'descriptor':
      return `${column} = ${binding.descriptorResource.resourceName} < ${paths}`;
    case 'documentReference':
      return `${column} = reference ${binding.bindingIndex} < ${paths}`;
  }
}

/** A model without some constraints of a table. */
const without = (model: RelationalModelSet, table: string, isDropped: (constraint: TableConstraint) => boolean) =>
  withTable(model, table, ({ constraints }) => ({ constraints: constraints.filter((each) => !isDropped(each)) }));

const isUniqueOf = (count: number) => (constraint: TableConstraint) =>
  constraint.kind === 'Unique' && constraint.columns.length === count;

describe('compiled probes', () => {
  let model: RelationalModelSet;

  beforeAll(() => {
    model = modelV2([probeSet]);
  });

  // written from the paths of the set
  it('find a target by its stored columns, and a document by the columns of its natural key', () => {
    const probes = [...compileProbes(model)].map(([label, { target, own }]) => ({
      label,
      target: target?.keyColumns.map(shown),
      own: own?.keyColumns.map(shown),
    }));
    expect(probes).toEqual([
      {
        label: 'Ed-Fi:Booking',
        target: [
          'BookingDate = Date < $.bookingDate',
          'Room_RoomCode = String < $.roomReference.roomCode',
          'SchoolId_Unified = Int32 < $.roomReference.schoolId $.schoolReference.schoolId',
        ],
        own: [
          'BookingDate = Date < $.bookingDate',
          'Room_DocumentId = reference 0 < $.roomReference.roomCode $.roomReference.schoolId',
          'School_DocumentId = reference 1 < $.schoolReference.schoolId',
        ],
      },
      {
        label: 'Ed-Fi:Report',
        target: undefined,
        own: [
          'ReportCode = String < $.reportCode',
          'Visit_DocumentId = reference 0 < $.visitReference.kindDescriptor $.visitReference.organizationId $.visitReference.visitName',
        ],
      },
      {
        label: 'Ed-Fi:Room',
        target: ['RoomCode = String < $.roomCode', 'School_SchoolId = Int32 < $.schoolReference.schoolId'],
        own: ['RoomCode = String < $.roomCode', 'School_DocumentId = reference 0 < $.schoolReference.schoolId'],
      },
      {
        label: 'Ed-Fi:School',
        target: ['SchoolId = Int32 < $.schoolId'],
        own: ['SchoolId = Int32 < $.schoolId'],
      },
      {
        label: 'Ed-Fi:Visit',
        target: [
          'KindDescriptor_DescriptorId = KindDescriptor < $.kindDescriptor',
          'Organization_OrganizationId = Int32 < $.organizationReference.organizationId',
          'VisitName = String < $.visitName',
        ],
        own: [
          'KindDescriptor_DescriptorId = KindDescriptor < $.kindDescriptor',
          'Organization_DocumentId = reference 1 < $.organizationReference.organizationId',
          'VisitName = String < $.visitName',
        ],
      },
      { label: 'Ed-Fi:Organization', target: ['OrganizationId = Int32 < $.organizationId'], own: undefined },
    ]);
  });

  it('know the resource of a row only in the table of an abstract resource', () => {
    const probes = compileProbes(model);
    expect(probes.get('Ed-Fi:School')?.target).toMatchObject({
      kind: 'concrete',
      table: { schema: 'edfi', name: 'School' },
      documentIdColumn: 'DocumentId',
      resourceKeyIdColumn: null,
    });
    expect(probes.get('Ed-Fi:Organization')?.target).toMatchObject({
      kind: 'abstract',
      table: { schema: 'edfi', name: 'OrganizationIdentity' },
      documentIdColumn: 'DocumentId',
      resourceKeyIdColumn: 'ResourceKeyId',
    });
  });

  it('find descriptors in one table, which has a folded URI in SQL Server', () => {
    expect(dialects.map((dialect) => descriptorProbe(dialect).uriLoweredColumn)).toEqual([null, 'UriLowered']);
  });

  it('reports keys that are missing, for all resources together', () => {
    const noKey = without(model, 'edfi.Room', isUniqueOf(3));
    const noKeys = without(without(noKey, 'edfi.Report', isUniqueOf(2)), 'edfi.OrganizationIdentity', isUniqueOf(2));
    const failure = failureOf(() => compileProbes(noKeys));
    expect(failure.diagnostics.map(({ code, where }) => `${code} ${where?.resource}`)).toEqual([
      'PLAN_PROBE_OWN Ed-Fi:Report',
      'PLAN_PROBE_TARGET Ed-Fi:Room',
      'PLAN_PROBE_TARGET Ed-Fi:Organization',
    ]);
    expect(failure.diagnostics[1]?.message).toBe(
      'Ed-Fi:Room: RoomCode, School_SchoolId, DocumentId are not the columns of a unique key of edfi.Room.',
    );
  });

  it('reports a resource without an identity', () => {
    const anonymous = withResource(model, 'Ed-Fi:Report', () => ({ identityElements: [] }));
    expect(codesOf(failureOf(() => compileProbes(anonymous)))).toEqual(['PLAN_PROBE_EMPTY']);
  });

  it.runIf(hasSharedData).each(dialects)(
    'equal the vectors of small sets in %s (needs the shared conformance data)',
    async (dialect) => {
      const own = await loadApiSchemaFiles(ownSchemasV2.map((name) => ({ file: ownSchemaFile(name) })));
      const modelOf = (set: Parameters<typeof deriveModel>[0]) => deriveModel(set, dialect).model;
      expectVectorProbes('polymorphic', modelOf(await sharedSet('v2', 'fixtures-v2', 'polymorphic')));
      expectVectorProbes('district-transport', modelOf(buildEffectiveSchema(own, { mappingVersion: 'v2' })));
    },
  );
});

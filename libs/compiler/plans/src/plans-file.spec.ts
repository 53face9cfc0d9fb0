import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildEffectiveSchema, mappingVersions } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { parseJson, type toJsonValue } from '@dms/files';
import { dialects } from '@dms/sql';
import { handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { elements, rootOf } from '../test/second-generation-tables.ts';
import { compileMappingSet, type MappingSet, plansText } from './index.ts';

const { descriptorResource, modelSet, resource, rootTable, scalar } = handMade;

const document = (name: string) => {
  const file = resolve(import.meta.dirname, '../../../../fixtures/schemas', name, 'ApiSchema.json');
  return { file, root: parseJson(readFileSync(file, 'utf8'), file) as ReturnType<typeof toJsonValue> };
};

interface PlansFile {
  readonly plansFormat: number;
  readonly mappingSetKey: unknown;
  readonly resources: readonly {
    readonly resource: Record<string, string>;
    readonly writePlan: unknown;
    readonly readPlan: unknown;
    readonly queryCapability?: unknown;
    readonly descriptorQueryCapability?: unknown;
  }[];
}

/** Members of plan objects that refer to the model, and what stands for them. */
const names: Readonly<Record<string, { readonly member: string; readonly name: (value: never) => unknown }>> = {
  tableModel: { member: 'table', name: ({ table }: { table: unknown }) => table },
  column: { member: 'column', name: ({ name }: { name: string }) => name },
};

/**
 * Members of plan objects that follow from the model, and in format 1 those that the first generation does not have.
 */
const unwritten = ['model', 'selectListColumnsInOrder', 'orderByColumnsInOrder'];
const laterMembers = [
  'collectionMergePlan',
  'collectionKeyPreallocationPlan',
  'selectBySingleDocumentSql',
  'documentReferenceLookup',
];

const formats = {
  v1: { format: 1, isWritten: (member: string) => !unwritten.includes(member) && !laterMembers.includes(member) },
  v2: { format: 2, isWritten: (member: string) => !unwritten.includes(member) },
} as const;

type Format = (typeof formats)[keyof typeof formats];

/** A plan object as the file has it: without the model, references to parts of it by name. */
function asWritten(value: unknown, format: Format): unknown {
  if (Array.isArray(value)) return value.map((item) => asWritten(item, format));
  if (typeof value !== 'object' || value === null) return value;
  if ('canonical' in value && 'segments' in value) return value.canonical;
  const isUntypedField = 'columnOrdinal' in value && format.format === 1;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => format.isWritten(member) && !(isUntypedField && member === 'scalarType'))
      .map(([member, part]) => {
        const reference = names[member];
        // a plan for the ids of rows names its column itself
        const isModelObject = reference !== undefined && typeof part === 'object';
        return isModelObject ? [reference.member, reference.name(part as never)] : [member, asWritten(part, format)];
      }),
  );
}

/** Every member that is undefined, by its path. */
function undefinedMembers(value: unknown, at = '$', seen = new Set<unknown>()): string[] {
  if (value === undefined) return [at];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([member, part]) => undefinedMembers(part, `${at}.${member}`, seen));
}

describe.each(mappingVersions)(
  'plans.<dialect>.json of mapping version %s (design 08 §11.5, 17 §6)',
  (mappingVersion) => {
    const format = formats[mappingVersion];
    const sets = dialects.map((dialect): [string, MappingSet] => {
      const set = buildEffectiveSchema([document('campus'), document('athletics')], { mappingVersion });
      const { model } = deriveModel(set, dialect, { strict: false });
      return [dialect, compileMappingSet(model)];
    });

    it.each(sets)('holds every plan of %s in full, model objects by name', (_, mappingSet) => {
      const file: PlansFile = JSON.parse(plansText(mappingSet));
      const labels = file.resources.map(
        ({ resource: { projectName, resourceName } }) => `${projectName}:${resourceName}`,
      );
      expect(labels).toEqual([...labels].sort());
      expect(labels).toHaveLength(mappingSet.model.resources.length);
      expect(file.plansFormat).toBe(format.format);
      expect(file.mappingSetKey).toEqual(mappingSet.key);
      for (const [index, entry] of file.resources.entries()) {
        const label = labels[index] as string;
        expect(entry.writePlan, label).toEqual(asWritten(mappingSet.writePlansByResource.get(label) ?? null, format));
        expect(entry.readPlan, label).toEqual(asWritten(mappingSet.readPlansByResource.get(label) ?? null, format));
        expect(entry.queryCapability, label).toEqual(asWritten(mappingSet.queryCapabilities.get(label), format));
        expect(entry.descriptorQueryCapability, label).toEqual(
          mappingVersion === 'v1' ? undefined : (mappingSet.descriptorQueryCapabilities.get(label) ?? null),
        );
      }
    });

    it.each(sets)('the plans of %s have no undefined member', (_, { writePlansByResource, readPlansByResource }) => {
      expect(undefinedMembers([...writePlansByResource.values()])).toEqual([]);
      expect(undefinedMembers([...readPlansByResource.values()])).toEqual([]);
    });
  },
);

describe('the text of plans.<dialect>.json', () => {
  it('has one resource per line, members in their order, one LF at its end', () => {
    const school = resource('Ed-Fi:School', [rootTable('edfi.School', [scalar('Name', '$.name')])], { id: 2 });
    const text = plansText(compileMappingSet(modelSet([school, descriptorResource('Ed-Fi:KindDescriptor', 1)])));
    const insert =
      'INSERT INTO \\"edfi\\".\\"School\\"\\n(\\n    \\"DocumentId\\",\\n    \\"Name\\"\\n)\\nVALUES\\n(\\n    @documentId,\\n    @name\\n)\\n;\\n';
    const update =
      'UPDATE \\"edfi\\".\\"School\\"\\nSET\\n    \\"Name\\" = @name\\nWHERE\\n    (\\"DocumentId\\" = @documentId)\\n;\\n';
    const select =
      'SELECT\\n    r.\\"DocumentId\\",\\n    r.\\"Name\\"\\nFROM \\"edfi\\".\\"School\\" r\\nINNER JOIN \\"page\\" k ON r.\\"DocumentId\\" = k.\\"DocumentId\\"\\nORDER BY\\n    r.\\"DocumentId\\" ASC\\n;\\n';
    expect(text).toBe(
      [
        '{',
        '"plansFormat": 1,',
        `"mappingSetKey": {"effectiveSchemaHash":"${'a'.repeat(64)}","dialect":"pgsql","relationalMappingVersion":"v1"},`,
        '"resources": [',
        '{"resource":{"projectName":"Ed-Fi","resourceName":"KindDescriptor"},"writePlan":null,"readPlan":null},',
        [
          '{"resource":{"projectName":"Ed-Fi","resourceName":"School"},',
          '"writePlan":{"tablePlansInDependencyOrder":[{"table":{"schema":"edfi","name":"School"},',
          `"insertSql":"${insert}","updateSql":"${update}","deleteByParentSql":null,`,
          '"bulkInsertBatching":{"maxRowsPerBatch":1000,"parametersPerRow":2,"maxParametersPerCommand":65535},',
          '"columnBindings":[{"column":"DocumentId","source":{"kind":"document_id"},"parameterName":"documentId"},',
          '{"column":"Name","source":{"kind":"scalar","relativePath":"$.name",',
          '"scalarType":{"kind":"String","maxLength":60,"decimal":null}},"parameterName":"name"}],',
          '"keyUnificationPlans":[]}]},',
          '"readPlan":{"keysetTable":{"tempTableName":"page","documentIdColumnName":"DocumentId"},',
          `"tablePlansInDependencyOrder":[{"table":{"schema":"edfi","name":"School"},"selectByKeysetSql":"${select}"}],`,
          '"referenceIdentityProjectionPlansInDependencyOrder":[],"descriptorProjectionPlansInOrder":[]}}',
        ].join(''),
        ']',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('of the second generation has the merge plans, texts for one document, and what can be asked for', () => {
    const school = resource(
      'Ed-Fi:School',
      [
        rootOf('edfi.School'),
        elements(
          'edfi.SchoolAddress',
          '$.addresses[*]',
          { document: 'School_DocumentId', identity: [['$.city', 'City']] },
          [scalar('City', '$.addresses[*].city')],
        ),
      ],
      { id: 2 },
    );
    const set = modelSet([
      { ...school, queryFieldMapping: [{ field: 'id', paths: [{ path: path('$.id'), type: 'string' }] }] },
    ]);
    const model = { ...set, effectiveSchema: { ...set.effectiveSchema, relationalMappingVersion: 'v2' as const } };
    const entry = plansText(compileMappingSet(model)).split('\n')[4];
    const sql = (...lines: readonly string[]) => JSON.stringify(`${lines.join('\n')}\n;\n`);
    const address = '"edfi"."SchoolAddress"';
    const select = (where: string) =>
      sql(
        'SELECT',
        '    t."CollectionItemId",',
        '    t."Ordinal",',
        '    t."School_DocumentId",',
        '    t."City"',
        `FROM ${address} t`,
        where,
        'ORDER BY',
        '    t."School_DocumentId" ASC,',
        '    t."Ordinal" ASC',
      );
    expect(entry).toContain(
      [
        '"updateSql":null,"deleteByParentSql":null,',
        '"collectionMergePlan":{"semanticIdentityBindings":[{"relativePath":"$.city","bindingIndex":3}],',
        '"stableRowIdentityBindingIndex":0,"ordinalBindingIndex":1,"updateByStableRowIdentitySql":',
        sql(
          `UPDATE ${address}`,
          'SET',
          '    "Ordinal" = @ordinal,',
          '    "City" = @city',
          'WHERE',
          '    ("CollectionItemId" = @collectionItemId)',
        ),
        ',"deleteByStableRowIdentitySql":',
        sql(`DELETE FROM ${address}`, 'WHERE', '    ("CollectionItemId" = @collectionItemId)'),
        ',"compareBindingIndexesInOrder":[1,3]},',
        '"bulkInsertBatching":{"maxRowsPerBatch":1000,"parametersPerRow":4,"maxParametersPerCommand":65535},"columnBindings":[',
      ].join(''),
    );
    expect(entry).toContain(
      '"collectionKeyPreallocationPlan":{"column":"CollectionItemId","bindingIndex":0},"keyUnificationPlans":[]}',
    );
    expect(entry).toContain(
      `{"table":{"schema":"edfi","name":"SchoolAddress"},"selectByKeysetSql":${select(
        'INNER JOIN "page" k ON t."School_DocumentId" = k."DocumentId"',
      )},"selectBySingleDocumentSql":${select('WHERE t."School_DocumentId" = @DocumentId')}}`,
    );
    expect(entry).toMatch(
      /"documentReferenceLookup":null\},"queryCapability":\{"support":\{"kind":"supported"\},"supportedFields":\[\{"field":"id","path":"\$\.id","type":"string","target":\{"kind":"document_uuid"\}\}\],"unsupportedFields":\[\]\},"descriptorQueryCapability":null\}$/,
    );
  });
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildEffectiveSchema } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { dialects } from '@dms/sql';
import { handMade, mainGenerations, path } from '@dms/testing';
import { parseJson, type toJsonValue } from '@dms/values';
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

/** Members of plan objects that refer to the model, and the names that replace them in the file. */
const names: Readonly<Record<string, { readonly member: string; readonly name: (value: never) => unknown }>> = {
  tableModel: { member: 'table', name: ({ table }: { table: unknown }) => table },
  column: { member: 'column', name: ({ name }: { name: string }) => name },
};

/** Members of plan objects that follow from the model, and members that the first generation lacks. */
const unwritten = ['model', 'selectListColumnsInOrder', 'orderByColumnsInOrder'];
const laterMembers = [
  'collectionMergePlan',
  'collectionKeyPreallocationPlan',
  'selectBySingleDocumentSql',
  'documentReferenceLookup',
];

const formats = {
  v1: { isTyped: false, isWritten: (member: string) => !unwritten.includes(member) && !laterMembers.includes(member) },
  v2: { isTyped: true, isWritten: (member: string) => !unwritten.includes(member) },
} as const;

type Format = (typeof formats)[keyof typeof formats];

/** A plan object in the form of the file: without the model, and with names instead of parts of it. */
function asWritten(value: unknown, format: Format): unknown {
  if (Array.isArray(value)) return value.map((item) => asWritten(item, format));
  if (typeof value !== 'object' || value === null) return value;
  if ('canonical' in value && 'segments' in value) return value.canonical;
  const isUntypedField = 'columnOrdinal' in value && !format.isTyped;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => format.isWritten(member) && !(isUntypedField && member === 'scalarType'))
      .map(([member, part]) => {
        const reference = names[member];
        // the plan for row ids has the name of its column itself
        const isModelObject = reference !== undefined && typeof part === 'object';
        return isModelObject ? [reference.member, reference.name(part as never)] : [member, asWritten(part, format)];
      }),
  );
}

/**
 * Members of the file that describe a table of a write plan or the columns of a read plan, besides the plan (design 08
 * §11.5).
 */
const described = new Set([
  ...['jsonScope', 'tableKind', 'rowIdentity', 'parentLocator', 'parentTable', 'constraints', 'columns'],
]);

/** A part of the file without its descriptive members, including the types of values from references. */
function plansAlone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plansAlone);
  if (typeof value !== 'object' || value === null) return value;
  const isDerived = 'kind' in value && value.kind === 'reference_derived';
  const isTable = 'insertSql' in value || 'selectByKeysetSql' in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isTable && described.has(name)))
      .filter(([name]) => !(isDerived && (name === 'scalarType' || name === 'descriptorResource')))
      .map(([name, member]) => [name, plansAlone(member)]),
  );
}

interface TableOfPlan {
  readonly table: { readonly schema: string; readonly name: string };
}

const byName = (plan: unknown): unknown => {
  if (typeof plan !== 'object' || plan === null) return plan;
  const { tablePlansInDependencyOrder } = plan as { readonly tablePlansInDependencyOrder: readonly TableOfPlan[] };
  const nameOf = ({ table }: TableOfPlan) => `${table.schema}.${table.name}`;
  return {
    ...plan,
    tablePlansInDependencyOrder: tablePlansInDependencyOrder.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  };
};

/** The paths of all undefined members. */
function undefinedMembers(value: unknown, at = '$', seen = new Set<unknown>()): string[] {
  if (value === undefined) return [at];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([member, part]) => undefinedMembers(part, `${at}.${member}`, seen));
}

describe.each(mainGenerations)(
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
      expect(file.plansFormat).toBe(3);
      expect(file.mappingSetKey).toEqual(mappingSet.key);
      for (const [index, entry] of file.resources.entries()) {
        const label = labels[index] as string;
        const writePlan = asWritten(mappingSet.writePlansByResource.get(label) ?? null, format);
        expect(byName(plansAlone(entry.writePlan)), label).toEqual(byName(writePlan));
        expect(plansAlone(entry.readPlan), label).toEqual(
          asWritten(mappingSet.readPlansByResource.get(label) ?? null, format),
        );
        expect(entry.queryCapability, label).toEqual(asWritten(mappingSet.queryCapabilities.get(label), format));
        expect(entry.descriptorQueryCapability, label).toEqual(
          mappingVersion === 'v1' ? undefined : (mappingSet.descriptorQueryCapabilities.get(label) ?? null),
        );
      }
    });

    it.each(sets)('has the tables of %s in an order of their foreign keys', (_, mappingSet) => {
      const file: PlansFile = JSON.parse(plansText(mappingSet));
      const models = mappingSet.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
      const tables = new Map(models.map((each) => [`${each.table.schema}.${each.table.name}`, each]));
      for (const { writePlan } of file.resources) {
        const plan = writePlan as { readonly tablePlansInDependencyOrder: readonly TableOfPlan[] } | null;
        const names = (plan?.tablePlansInDependencyOrder ?? []).map(({ table }) => `${table.schema}.${table.name}`);
        for (const [index, name] of names.entries())
          for (const constraint of tables.get(name)?.constraints ?? []) {
            if (constraint.kind !== 'ForeignKey') continue;
            const target = names.indexOf(`${constraint.targetTable.schema}.${constraint.targetTable.name}`);
            expect(
              target === -1 || target < index || target === names.indexOf(name),
              `${name} ${constraint.name}`,
            ).toBe(true);
          }
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
    const lines = text.split('\n');
    expect(lines.filter((line) => !/^"(effectiveSchema|rules|coreStatements|pageTemplate)": /.test(line))).toEqual([
      '{',
      '"plansFormat": 3,',
      `"mappingSetKey": {"effectiveSchemaHash":"${'a'.repeat(64)}","dialect":"pgsql","relationalMappingVersion":"v1"},`,
      '"identities": {"namespace":"edf1edf1-3df1-3df1-3df1-3df1edf1edf1","descriptorPath":"$.descriptor"},',
      '"abstractResources": [],',
      '"resources": [',
      [
        '{"resource":{"projectName":"Ed-Fi","resourceName":"KindDescriptor"},"resourceKeyId":1,',
        '"endpointName":"kindDescriptors","identities":[],"references":[],"equalPaths":[],"distinctReferences":[],',
        '"writePlan":null,"readPlan":null,"deleteRootSql":null,"page":null},',
      ].join(''),
      [
        '{"resource":{"projectName":"Ed-Fi","resourceName":"School"},"resourceKeyId":2,"endpointName":"schools",',
        '"identities":[{"resource":{"projectName":"Ed-Fi","resourceName":"School"},"parts":[]}],',
        '"references":[],"equalPaths":[],"distinctReferences":[],',
        '"writePlan":{"tablePlansInDependencyOrder":[{"table":{"schema":"edfi","name":"School"},',
        '"jsonScope":"$","tableKind":"Root","rowIdentity":["DocumentId"],"parentLocator":[],"parentTable":null,',
        `"insertSql":"${insert}","updateSql":"${update}","deleteByParentSql":null,`,
        '"bulkInsertBatching":{"maxRowsPerBatch":1000,"parametersPerRow":2,"maxParametersPerCommand":65535},',
        '"columnBindings":[{"column":"DocumentId","source":{"kind":"document_id"},"parameterName":"documentId"},',
        '{"column":"Name","source":{"kind":"scalar","relativePath":"$.name",',
        '"scalarType":{"kind":"String","maxLength":60,"decimal":null}},"parameterName":"name"}],',
        '"keyUnificationPlans":[],"constraints":[]}]},',
        '"readPlan":{"keysetTable":{"tempTableName":"page","documentIdColumnName":"DocumentId"},',
        '"tablePlansInDependencyOrder":[{"table":{"schema":"edfi","name":"School"},',
        '"columns":[{"name":"DocumentId","kind":"ParentKeyPart"},',
        '{"name":"Name","path":"$.name","scalarType":{"kind":"String","maxLength":60}}],',
        `"selectByKeysetSql":"${select}"}],`,
        '"referenceIdentityProjectionPlansInDependencyOrder":[],"descriptorProjectionPlansInOrder":[]},',
        '"deleteRootSql":null,"page":{"from":"FROM \\"edfi\\".\\"School\\" r\\n","fields":[{"path":"$.name","column":"Name",',
        '"parameterName":"name","predicate":"r.\\"Name\\" = @name"}]}}',
      ].join(''),
      ']',
      '}',
      '',
    ]);
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
    const entry = plansText(compileMappingSet(model))
      .split('\n')
      .find((line) => line.startsWith('{"resource":'));
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
      '"collectionKeyPreallocationPlan":{"column":"CollectionItemId","bindingIndex":0},"keyUnificationPlans":[],"constraints":[]}',
    );
    expect(entry).toContain(
      `"columns":[{"name":"CollectionItemId","kind":"CollectionKey"},{"name":"Ordinal","kind":"Ordinal"},{"name":"School_DocumentId","kind":"ParentKeyPart"},{"name":"City","path":"$.addresses[*].city","scalarType":{"kind":"String","maxLength":60}}],"selectByKeysetSql":${select(
        'INNER JOIN "page" k ON t."School_DocumentId" = k."DocumentId"',
      )},"selectBySingleDocumentSql":${select('WHERE t."School_DocumentId" = @DocumentId')}}`,
    );
    expect(entry).toMatch(
      /"documentReferenceLookup":null\},"deleteRootSql":"DELETE FROM \\"edfi\\"\.\\"School\\" WHERE \\"DocumentId\\" = @documentId;","page":\{"from":"[^}]*","fields":\[\]\},"queryCapability":\{"support":\{"kind":"supported"\},"supportedFields":\[\{"field":"id","path":"\$\.id","type":"string","target":\{"kind":"document_uuid"\}\}\],"unsupportedFields":\[\]\},"descriptorQueryCapability":null\}$/,
    );
  });
});

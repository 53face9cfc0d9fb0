import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildEffectiveSchema } from '@dms/api-schema';
import { parseJson, type toJsonValue } from '@dms/canonical-json';
import { deriveModel } from '@dms/derivation';
import { dialects } from '@dms/sql';
import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileMappingSet, type MappingSet, plansText } from './index.ts';

const { descriptorResource, modelSet, resource, rootTable, scalar } = handMade;

const document = (name: string) => {
  const file = path.resolve(import.meta.dirname, '../../../fixtures/schemas', name, 'ApiSchema.json');
  return { file, root: parseJson(readFileSync(file, 'utf8'), file) as ReturnType<typeof toJsonValue> };
};

interface PlansFile {
  readonly plansFormat: number;
  readonly mappingSetKey: unknown;
  readonly resources: readonly {
    readonly resource: Record<string, string>;
    readonly writePlan: unknown;
    readonly readPlan: unknown;
  }[];
}

/** Members of plan objects that refer to the model, and what stands for them. */
const names: Readonly<Record<string, { readonly member: string; readonly name: (value: never) => unknown }>> = {
  tableModel: { member: 'table', name: ({ table }: { table: unknown }) => table },
  column: { member: 'column', name: ({ name }: { name: string }) => name },
};

/** A plan object as the file has it: without the model, references to parts of it by name. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  if ('canonical' in value && 'segments' in value) return value.canonical;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => member !== 'model')
      .map(([member, part]) => {
        const reference = names[member];
        return reference ? [reference.member, reference.name(part as never)] : [member, asWritten(part)];
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

describe('plans.<dialect>.json (design 08 §11.5)', () => {
  const sets = dialects.map((dialect): [string, MappingSet] => {
    const { model } = deriveModel(buildEffectiveSchema([document('campus'), document('athletics')]), dialect);
    return [dialect, compileMappingSet(model)];
  });

  it.each(sets)('holds every plan of %s in full, model objects by name', (_, mappingSet) => {
    const file: PlansFile = JSON.parse(plansText(mappingSet));
    const labels = file.resources.map(({ resource: { projectName, resourceName } }) => `${projectName}:${resourceName}`);
    expect(labels).toEqual([...labels].sort());
    expect(labels).toHaveLength(mappingSet.model.resources.length);
    expect(file.plansFormat).toBe(1);
    expect(file.mappingSetKey).toEqual(mappingSet.key);
    for (const [index, entry] of file.resources.entries()) {
      const label = labels[index] as string;
      expect(entry.writePlan, label).toEqual(asWritten(mappingSet.writePlansByResource.get(label) ?? null));
      expect(entry.readPlan, label).toEqual(asWritten(mappingSet.readPlansByResource.get(label) ?? null));
    }
  });

  it.each(sets)('the plans of %s have no undefined member', (_, { writePlansByResource, readPlansByResource }) => {
    expect(undefinedMembers([...writePlansByResource.values()])).toEqual([]);
    expect(undefinedMembers([...readPlansByResource.values()])).toEqual([]);
  });

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
});

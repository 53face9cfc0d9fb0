import { buildEffectiveSchema, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { generateDocuments } from '@dms/documents';
import { derive, hasSharedData, ownSchema, readSharedJson, testedGenerations } from '@dms/testing';
import { canonicalText, isJsonArray, isJsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { InterchangeText, type NamingStyle } from '../../test/interchange-text.ts';
import { textFile } from '../../test/text-file.ts';
import { interchangeReader } from './read-interchange.ts';

interface SchemaSetCase {
  readonly name: string;
  readonly isThere: boolean;
  readonly style: NamingStyle;
  readonly mappingVersion: MappingVersion;
  readonly schemas: () => readonly ReturnType<typeof ownSchema>[];
}

const laterCore = ['fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'] as const;

const cores = {
  v1: ['inputs', 'ds-5.2-core.json'],
  v2: laterCore,
  'v2-natural': laterCore,
} as const;

const sets = testedGenerations.flatMap((mappingVersion): readonly SchemaSetCase[] => [
  {
    name: 'the campus and athletics schemas',
    isThere: true,
    style: 'plain',
    mappingVersion,
    schemas: () => [ownSchema('campus'), ownSchema('athletics')],
  },
  {
    name: 'the data standard 5.2 with TPDM (needs the shared conformance data)',
    isThere: hasSharedData,
    style: 'standard',
    mappingVersion,
    schemas: () => [readSharedJson(...cores[mappingVersion]), readSharedJson('inputs', 'tpdm-1.1-extension.json')],
  },
]);

/**
 * Removes empty objects and arrays, which XML cannot express. Arrays that mirror others below `_ext` keep their
 * positions.
 */
function withoutEmpty(value: JsonValue): JsonValue {
  const isNothing = (each: JsonValue) =>
    (isJsonArray(each) && each.length === 0) || (isJsonObject(each) && each.size === 0);
  const isMirror = (each: JsonValue) => isJsonObject(each) && each.size === 1 && each.has('_ext');
  if (isJsonArray(value)) {
    const elements = value.map(withoutEmpty);
    return elements.some(isMirror) ? elements : elements.filter((each) => !isNothing(each));
  }
  if (!isJsonObject(value)) return value;
  return new Map(
    [...value]
      .map(([name, member]) => [name, withoutEmpty(member)] as const)
      .filter(([, member]) => !isNothing(member)),
  );
}

it.each(sets.filter(({ isThere }) => isThere))(
  'documents of $name are equal after writing and reading XML ($mappingVersion)',
  async ({ schemas: read, style, mappingVersion }) => {
    const schemas = read();
    const { documents } = generateDocuments(derive('pgsql', schemas), 7);
    const files = schemas.map((schema, index) => ({ file: `${index}.json`, root: toJsonValue(schema) }));
    const { model } = deriveModel(buildEffectiveSchema(files, { mappingVersion }), 'pgsql', { strict: false });
    const named = documents.map(({ resource, document }) => ({
      resource: resource.slice(resource.indexOf(':') + 1),
      document,
    }));
    const source = textFile(new InterchangeText(schemas, style).file(named));
    const faults: string[] = [];
    const left = [...documents];
    for await (const record of interchangeReader(model).read(source)) {
      const { resource, document } = left.shift()!;
      if (record.kind === 'rejected') faults.push(...record.diagnostics.map(({ message }) => message));
      else if (record.kind !== 'document' || record.resource !== resource) faults.push(`${resource} is something else`);
      else if (canonicalText(record.document) !== canonicalText(withoutEmpty(document)))
        faults.push(`${resource}\n${canonicalText(document)}\n${canonicalText(record.document)}`);
    }
    expect(faults).toEqual([]);
    expect(left).toEqual([]);
    const labels = model.resources.flatMap(({ storageKind, resourceKey }) =>
      storageKind === 'RelationalTables' ? [resourceLabel(resourceKey)] : [],
    );
    for (const shape of ['full', 'minimal', 'random']) {
      const written = documents.filter((each) => each.shape === shape).map(({ resource }) => resource);
      expect([...new Set(written)].sort()).toEqual([...labels].sort());
    }
  },
);

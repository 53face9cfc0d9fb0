import { type EffectiveSchemaInfo, effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { dialects } from '@dms/sql';
import {
  build,
  everything,
  expectNamed,
  failureOf,
  fixtureDocumentsV2,
  hasSharedData,
  isQuick,
  modelOf,
  modelV2,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { RelationalModelSet } from '../model.ts';
import { modelText, readModel } from '../model-file/model-file.ts';

const { descriptor, integer, object, project, resource, string } = build;

const manifestOf = (info: EffectiveSchemaInfo) =>
  readEffectiveSchemaManifest(Buffer.from(effectiveSchemaManifestText(info)), 'effective-schema.manifest.json');

/** A resource with everything that only the second generation reads. */
const secured = [
  project('Ed-Fi', [
    descriptor('KindDescriptor', { securableElements: { Namespace: ['$.namespace'] } }),
    resource('Lamp', {
      identityJsonPaths: ['$.lampId'],
      jsonSchemaForInsert: object({ lampId: integer(), name: string() }, ['lampId']),
      securableElements: {
        EducationOrganization: [{ jsonPath: '$.lampId', metaEdName: 'LampId' }],
        Student: ['$.a.studentUniqueId'],
        Contact: ['$.b'],
        Staff: ['$.c[*].d'],
      },
      queryFieldMapping: { name: [{ path: '$.name', type: 'string' }], lampId: [{ path: '$.lampId', type: 'number' }] },
    }),
  ]),
];

function expectRoundTrip(model: RelationalModelSet): void {
  const text = modelText(model);
  const read = readModel(text, 'model.json', model.dialect, manifestOf(model.effectiveSchema));
  expect(read).toEqual(model);
  expect(modelText(read)).toBe(text);
}

describe('the model file of the second generation (design 15 §11)', () => {
  it.each(
    dialects.flatMap((dialect) => [
      ['tables of every kind', dialect, everything] as const,
      ['members that the first generation does not read', dialect, secured] as const,
    ]),
  )(
    'is read back as the model that was written, and written with the same bytes: %s in %s',
    (_, dialect, documents) => {
      expectRoundTrip(modelV2(documents as build.JsonRecord[], dialect));
    },
  );

  it('begins with its format and has every member of the model', () => {
    const model = modelV2(secured);
    const text = modelText(model);
    expect(text.split('\n').slice(0, 4)).toEqual([
      ...['{', '"modelFormat": 3,', '"mappingVersion": "v2",', '"dialect": "pgsql",'],
    ]);
    const [kind, lamp] = JSON.parse(text).resources;
    expect(Object.keys(lamp).sort()).toEqual(Object.keys(model.resources[1] as object).sort());
    expect(lamp.securableElements).toEqual({
      educationOrganization: [{ jsonPath: '$.lampId', metaEdName: 'LampId' }],
      namespace: [],
      student: ['$.a.studentUniqueId'],
      contact: ['$.b'],
      staff: ['$.c[*].d'],
    });
    expect(lamp.queryFieldMapping).toEqual([
      { field: 'lampId', paths: [{ path: '$.lampId', type: 'number' }] },
      { field: 'name', paths: [{ path: '$.name', type: 'string' }] },
    ]);
    expect([kind.descriptorTexts.codeValue.maxLength, lamp.descriptorTexts]).toEqual([50, null]);
    expect(lamp.tablesInDependencyOrder[0].identity).toEqual({
      tableKind: 'Root',
      rowIdentity: ['DocumentId'],
      rootLocator: ['DocumentId'],
      parentLocator: [],
      semanticIdentity: [],
      semanticIdentitySource: 'Unspecified',
    });
  });

  it('is refused under a manifest of the first generation, and the other way round', () => {
    const first = modelOf(everything, 'pgsql');
    const second = modelV2(everything);
    const read = (text: string, { effectiveSchema }: RelationalModelSet) =>
      failureOf(() => readModel(text, 'model.json', 'pgsql', manifestOf(effectiveSchema))).diagnostics;
    for (const [written, under] of [
      [first, second],
      [second, first],
    ] as const) {
      const [found, ...others] = read(modelText(written), under);
      expect([found?.code, others]).toEqual(['MODEL_FILE_INVALID', []]);
      expectNamed(found, ['model.json', 'mapping version', 'v1', 'v2']);
    }
  });

  it.each([
    ['no identity of a table', /"identity":\{[^}]*\},/],
    ['an unknown kind of table', /"tableKind":"Root"/],
    ['no role of a reference', /"isRoleNamed":(true|false),/],
    ['no securable elements', /"securableElements":/],
    ['no query fields', /"queryFieldMapping":/],
    ['no mark of a descriptor in a view', /"isDescriptorReference":/],
    ['another source of an identity', /"semanticIdentitySource":"Unspecified"/],
  ])('is refused with %s', (_, member) => {
    const model = modelV2(everything);
    const text = modelText(model);
    const changed = text.replace(member, (found) =>
      found.endsWith(',') ? '' : found.replace(/"([^"]+)"(:?)$/, '"x$1"$2'),
    );
    expect(changed).not.toBe(text);
    const [found] = failureOf(() =>
      readModel(changed, 'model.json', 'pgsql', manifestOf(model.effectiveSchema)),
    ).diagnostics;
    expect(found?.code).toBe('MODEL_FILE_INVALID');
  });
});

describe.runIf(hasSharedData)('the model file of fixtures (needs the shared conformance data)', () => {
  it.each(
    [
      'stable-key-extension-child-collections',
      'polymorphic',
      'referential-identity',
      ...(isQuick() ? [] : ['ds-5.2']),
    ].flatMap((fixture) => dialects.map((dialect) => [fixture, dialect] as const)),
  )('%s is read back in %s', (fixture, dialect) => expectRoundTrip(modelV2(fixtureDocumentsV2(fixture), dialect)));
});

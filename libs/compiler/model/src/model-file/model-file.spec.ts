import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, expectNamed, failureOf, modelOf, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { RelationalModelSet } from '../model.ts';
import { modelText, readModel } from './model-file.ts';

const { array, integer, number, object, reference, string, uri } = build;

const kindPath = (path: string) => build.descriptorPath('Ed-Fi:KindDescriptor', path);

/**
 * Small, but with columns of all kinds, a class with a flag, a fallback of decimals, an extension site, and an identity
 * table with its view.
 */
const everyKind = [
  build.project(
    'Ed-Fi',
    [
      build.descriptor('KindDescriptor'),
      build.resource('School', {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'Organization',
        superclassIdentityJsonPath: '$.organizationId',
        identityJsonPaths: ['$.schoolId'],
        documentPathsMapping: { A: kindPath('$.aDescriptor'), B: kindPath('$.bDescriptor') },
        equalityConstraints: [
          { sourceJsonPath: '$.aDescriptor', targetJsonPath: '$.bDescriptor' },
          { sourceJsonPath: '$.one', targetJsonPath: '$.two' },
          { sourceJsonPath: '$.one', targetJsonPath: '$.one' },
          { sourceJsonPath: '$.one', targetJsonPath: '$.rows[*].three' },
          { sourceJsonPath: '$.one', targetJsonPath: '$.gone' },
        ],
        jsonSchemaForInsert: object(
          {
            schoolId: integer(),
            fee: number(),
            one: integer(),
            two: integer(),
            aDescriptor: uri(),
            bDescriptor: uri(),
            rows: array(object({ three: integer() })),
            _ext: build.ext('sample', object({})),
          },
          ['schoolId', 'aDescriptor', 'bDescriptor'],
        ),
      }),
      build.resource('Visit', {
        documentPathsMapping: {
          Host: reference('Ed-Fi:Organization', [['$.organizationId', '$.hostReference.organizationId']], false),
        },
        jsonSchemaForInsert: object({
          hostReference: object({ organizationId: integer() }),
          ['aVeryLongName'.repeat(6)]: string(),
        }),
      }),
    ],
    { abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
  ),
  build.project('Sample', [], { isExtension: true }),
];

const manifestOf = ({ effectiveSchema }: RelationalModelSet) =>
  readEffectiveSchemaManifest(
    Buffer.from(effectiveSchemaManifestText(effectiveSchema)),
    'effective-schema.manifest.json',
  );

const sound = modelOf(everyKind, 'pgsql');
const soundText = modelText(sound);

// design 02 §15.1
describe('the model file', () => {
  it.each(
    dialects.flatMap((dialect) => [
      ['every kind of entry', dialect, everyKind] as const,
      ['the campus and athletics schemas', dialect, [ownSchema('campus'), ownSchema('athletics')]] as const,
    ]),
  )('is read back as the model that was written, for %s in %s', (_, dialect, documents) => {
    const model = modelOf(documents, dialect);
    expect(readModel(modelText(model), 'model.json', dialect, manifestOf(model))).toEqual(model);
  });

  it('begins with its format and has the members of the model but the fingerprint, in their order', () => {
    expect(soundText.split('\n').slice(0, 4)).toEqual([
      ...['{', '"modelFormat": 3,', '"mappingVersion": "v1",', '"dialect": "pgsql",'],
    ]);
    expect(Object.keys(JSON.parse(soundText))).toEqual([
      'modelFormat',
      'mappingVersion',
      'dialect',
      'projects',
      'resources',
      'abstractIdentityTables',
      'abstractUnionViews',
      'propagationFallbacks',
      'shortenedNames',
    ]);
  });

  it('has the members of every nested value in the order of the chapter', () => {
    const found = new Set<string>();
    JSON.parse(soundText, (_name, value: unknown) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) found.add(Object.keys(value).join(' '));
      return value;
    });
    expect([...found].sort()).toEqual([
      'applied redundant ignored ignoredByReason skipped',
      'canonicalColumn memberPathColumns',
      'column identityJsonPath scalarType isDescriptor',
      'columns',
      'columns discriminatorStrategy',
      'concreteMember fromTable projections',
      'constraintName columns',
      'educationOrganization namespace student contact staff',
      'endpointAPath endpointBPath binding',
      'endpointAPath endpointBPath reason endpointABinding endpointBBinding',
      'endpointAPath endpointBPath table endpointAColumn endpointBColumn canonicalColumn',
      'id projectName resourceName resourceVersion isAbstract',
      'identityJsonPath referenceJsonPath column',
      'isIdentityComponent isRequired isRoleNamed descriptorValuePath table fkColumn descriptorResource',
      'isIdentityComponent isRequired isRoleNamed referenceObjectPath table fkColumn targetResource identityBindings',
      'kind',
      'kind canonicalColumn presenceColumn',
      'kind column',
      'kind maxLength decimal',
      'kind name column',
      'kind name columns',
      'kind name columns targetTable targetColumns onDelete onUpdate deferrable',
      'kind name fkColumn dependentColumns',
      'kind schema table name fullName',
      'kind value',
      'modelFormat mappingVersion dialect projects resources abstractIdentityTables abstractUnionViews propagationFallbacks shortenedNames',
      'name kind role',
      'name kind scalarType isNullable sourcePath targetResource storage isWritable',
      'name scalarType sourcePath targetResource isDescriptorReference',
      'namespace codeValue shortDescription description effectiveBeginDate effectiveEndDate discriminator',
      'owningScope extensionPath projectKeys',
      'precision scale',
      'projectEndpointName projectName projectVersion isExtensionProject physicalSchema',
      'projectName resourceName',
      'reason count',
      'resource identityJsonPath',
      'resourceKey physicalSchema storageKind tablesInDependencyOrder naturalKey identityElements superclass documentReferenceBindings descriptorEdgeSources descriptorFkDeduplications decimalPrecisionFallbacks keyUnificationDiagnostics extensionSites descriptorMetadata securableElements queryFieldMapping descriptorTexts',
      'resourceKey table',
      'resourceKey view outputColumns unionArms',
      'schema name',
      'sourcePath reason',
      'sourcePath targetPath unresolvedEndpoint',
      'table column',
      'table jsonScope key identity columns constraints keyUnificationClasses',
      'table storageColumn bindingColumns',
      'tableKind rowIdentity rootLocator parentLocator semanticIdentity semanticIdentitySource',
    ]);
  });

  it('does not change when only the fingerprint does', () => {
    const other = { ...sound.effectiveSchema, effectiveSchemaHash: 'f'.repeat(64) };
    expect(modelText({ ...sound, effectiveSchema: other })).toBe(soundText);
    expect(soundText).not.toContain(sound.effectiveSchema.effectiveSchemaHash);
  });

  it('has one element of each list per line, in UTF-8 text with LF and one at the end', () => {
    const lines = soundText.split('\n');
    const value = JSON.parse(soundText);
    for (const member of ['projects', 'resources', 'abstractIdentityTables', 'abstractUnionViews', 'shortenedNames']) {
      expect(value[member], member).not.toEqual([]);
      const start = lines.findIndex((line) => line.startsWith(`"${member}": [`));
      const written = lines.slice(start + 1, start + 1 + value[member].length);
      expect(
        written.map((line) => JSON.parse(line.replace(/,$/, ''))),
        member,
      ).toEqual(value[member]);
    }
    expect(soundText).not.toContain('\r');
    expect(soundText).toMatch(/[^\n]\n$/);
  });

  it('writes paths as text and every null, and leaves nothing out', () => {
    // the file has the JSON of the value in memory, except for the paths
    const isPath = (value: unknown): value is { canonical: string } =>
      typeof value === 'object' && value !== null && 'canonical' in value && 'segments' in value;
    const plain = (value: unknown): unknown => {
      if (isPath(value)) return value.canonical;
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
    };
    const { effectiveSchema: _, ...members } = sound;
    expect(JSON.parse(soundText)).toEqual({ modelFormat: 3, mappingVersion: 'v1', ...(plain(members) as object) });
    expect(soundText).toContain('"sourcePath":"$.schoolId"');
    expect(soundText).toContain('"sourcePath":null');
    expect(soundText).toContain('"presenceColumn":null');
    expect(soundText).toContain('"descriptorMetadata":null');
  });
});

describe('a text that is not a model file is MODEL_FILE_INVALID:', () => {
  const expectInvalid = (text: string, dialect: SqlDialect, ...names: readonly string[]) => {
    const found = failureOf(() => readModel(text, 'folder/model.json', dialect, manifestOf(sound))).diagnostics;
    expect(found.map(({ code }) => code)).toEqual(['MODEL_FILE_INVALID']);
    expect(found[0]?.where.file).toBe('folder/model.json');
    expectNamed(found[0], ['folder/model.json', ...names]);
  };

  it.each<[string, (text: string) => string]>([
    ['no JSON', (text) => text.slice(0, -3)],
    ['nothing', () => ''],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['another format', (text) => text.replace('"modelFormat": 3', '"modelFormat": 2')],
    ['a format that is a text', (text) => text.replace('"modelFormat": 3', '"modelFormat": "3"')],
    ['no format', (text) => text.replace('"modelFormat": 3,\n', '')],
    ['another generation', (text) => text.replace('"mappingVersion": "v1"', '"mappingVersion": "v2"')],
    ['an inventory', (text) => text.replace('modelFormat', 'inventoryFormat')],
    ['an unknown dialect', (text) => text.replace('"dialect": "pgsql"', '"dialect": "oracle"')],
    ['a member missing', (text) => text.replace('"isNullable":', '"isNull":')],
    ['a null left out', (text) => text.replace('"sourcePath":null,', '')],
    ['a path outside the subset', (text) => text.replace('"sourcePath":"$.schoolId"', '"sourcePath":"schoolId"')],
    ['an unknown kind of column', (text) => text.replace('"kind":"DocumentFk"', '"kind":"Document"')],
    ['an unknown kind of constraint', (text) => text.replace('"kind":"Unique"', '"kind":"Primary"')],
    ['a flag that is a text', (text) => text.replace('"isWritable":true', '"isWritable":"true"')],
  ])('%s', (_, change) => {
    const text = change(soundText);
    expect(text).not.toBe(soundText);
    expectInvalid(text, 'pgsql');
  });

  it.each<[string, string, (text: string) => string]>([
    ['a column that nothing has', '03 §13', (text) => text.replace('"column":"SchoolId"', '"column":"Lost"')],
    ['a key of another kind', '02 §18 5', (text) => text.replace('"kind":"ParentKeyPart"', '"kind":"Scalar"')],
    [
      'a resource too few',
      '02 §18 22',
      (text) => text.replace(/^\{"resourceKey":[^\n]*"resourceName":"Visit"[^\n]*\n/m, '').replace(/,\n\]/g, '\n]'),
    ],
    [
      'a stored column that is not writable',
      '02 §18 §15',
      (text) => text.replace('"isWritable":true', '"isWritable":false'),
    ],
  ])('a model that breaks an invariant: %s', (_, number, change) => {
    const text = change(soundText);
    expect(text).not.toBe(soundText);
    expectInvalid(text, 'pgsql', 'breaks the invariant', number);
  });

  it('one of another schema set: a resource key that the manifest does not have', () => {
    const manifest = manifestOf(sound);
    const [first, ...others] = manifest.resourceKeys;
    const other = { ...manifest, resourceKeys: [{ ...first!, resourceName: 'Renamed' }, ...others] };
    const found = failureOf(() => readModel(soundText, 'model.json', 'pgsql', other)).diagnostics;
    expect(found.map(({ code }) => code)).toEqual(['MODEL_FILE_INVALID']);
    expectNamed(found[0], ['model.json', '02 §18 22', 'Renamed']);
  });

  it('one of an earlier version of dms, with what to do', () => {
    expectInvalid(
      soundText.replace('"modelFormat": 3', '"modelFormat": 1'),
      'pgsql',
      'earlier version',
      'Emit the artifacts again',
    );
  });

  it('one of the other dialect, with both named', () => {
    expectInvalid(soundText, 'mssql', 'mssql', 'pgsql');
  });
});

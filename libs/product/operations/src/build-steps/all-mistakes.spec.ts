import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { scratchFolders, writeJson } from '../../test/scratch-folder.ts';
import { dialects, emitArtifacts, sourcePositions } from '../index.ts';

/* The first run lists every mistake of a schema set, but no consequences of other mistakes. */

const scratchFolder = scratchFolders();
const { array, integer, object, string, uri } = build;

// biome-ignore lint/suspicious/noExplicitAny: the edits break documents in ways that no type allows
type SchemaRoot = any;

const toSchool = (isRequired = true) =>
  build.reference('Ed:School', [['$.schoolId', '$.schoolReference.schoolId']], isRequired);
const schoolReference = object({ schoolId: integer() }, ['schoolId']);

/** A core of five resources, one of them abstract. */
const core = (): SchemaRoot =>
  structuredClone(
    build.project(
      'Ed',
      [
        build.resource('School', {
          isSubclass: true,
          superclassProjectName: 'Ed',
          superclassResourceName: 'Organization',
          superclassIdentityJsonPath: '$.organizationId',
          identityJsonPaths: ['$.schoolId'],
          documentPathsMapping: {
            SchoolId: build.scalarPath('$.schoolId'),
            Kind: build.descriptorPath('Ed:KindDescriptor', '$.kindDescriptor'),
          },
          jsonSchemaForInsert: object({ schoolId: integer(), name: string(), kindDescriptor: uri() }, ['schoolId']),
        }),
        ...['Student', 'Teacher', 'Visitor'].map((name) =>
          build.resource(name, {
            identityJsonPaths: ['$.key', '$.schoolReference.schoolId'],
            documentPathsMapping: { Key: build.scalarPath('$.key'), School: toSchool() },
            arrayUniquenessConstraints: [{ paths: ['$.phones[*].number'] }],
            jsonSchemaForInsert: object(
              {
                key: string(20),
                note: string(),
                city: string(),
                phones: array(object({ number: string(20), use: string() }, ['number'])),
                schoolReference,
              },
              ['key', 'schoolReference'],
            ),
          }),
        ),
        build.descriptor('KindDescriptor'),
      ],
      { abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
    ),
  );

const extension = (): SchemaRoot =>
  structuredClone(
    build.project(
      'Ext',
      [
        build.extensionOf('Student', {
          jsonSchemaForInsert: object({ _ext: build.ext('ext', object({ hobby: string(), wage: integer() })) }),
        }),
        build.resource('Club', {
          identityJsonPaths: ['$.clubId'],
          documentPathsMapping: { ClubId: build.scalarPath('$.clubId'), School: toSchool(false) },
          jsonSchemaForInsert: object({ clubId: integer(), schoolReference }, ['clubId']),
        }),
      ],
      { isExtension: true },
    ),
  );

const resourcesOf = (root: SchemaRoot) => root.projectSchema.resourceSchemas;
const propertiesOf = (root: SchemaRoot, endpoint: string) => resourcesOf(root)[endpoint].jsonSchemaForInsert.properties;

type Expected = readonly [code: string, resource: string | undefined, path?: string];

interface MistakeCase {
  readonly name: string;
  readonly edit: (core: SchemaRoot, extension: SchemaRoot) => void;
  readonly expected: readonly Expected[];
}

const cases: readonly MistakeCase[] = [
  {
    name: 'three strings without a length, a type that does not exist, and a wrong member',
    edit(root) {
      for (const property of ['note', 'city']) delete propertiesOf(root, 'students')[property].maxLength;
      delete propertiesOf(root, 'students').phones.items.properties.use.maxLength;
      propertiesOf(root, 'teachers').note = { type: 'text' };
      resourcesOf(root).visitors.allowIdentityUpdates = 'no';
    },
    expected: [
      ['STRING_MAX_LENGTH_MISSING', 'Ed:Student', '$.city'],
      ['STRING_MAX_LENGTH_MISSING', 'Ed:Student', '$.note'],
      ['STRING_MAX_LENGTH_MISSING', 'Ed:Student', '$.phones[*].use'],
      ['SCALAR_TYPE_UNSUPPORTED', 'Ed:Teacher', '$.note'],
      ['APISCHEMA_INVALID', 'Ed:Visitor', 'allowIdentityUpdates'],
    ],
  },
  {
    name: 'an identity path that the resource does not have, which every referrer would miss',
    edit(root) {
      resourcesOf(root).schools.identityJsonPaths = ['$.schoolIdd'];
      delete propertiesOf(root, 'visitors').city.maxLength;
    },
    expected: [
      ['IDENTITY_PATH_UNMAPPED', 'Ed:School', '$.schoolIdd'],
      ['STRING_MAX_LENGTH_MISSING', 'Ed:Visitor', '$.city'],
    ],
  },
  {
    name: 'references: to nothing, to a project that is missing, to a path that is no identity path, of a path without a schema',
    edit(root, own) {
      resourcesOf(root).students.documentPathsMapping.Coach = build.reference(
        'Ed:Techer',
        [['$.key', '$.coachReference.key']],
        false,
      );
      resourcesOf(root).teachers.documentPathsMapping.Bus = build.reference(
        'Sample:Bus',
        [['$.busId', '$.busReference.busId']],
        false,
      );
      resourcesOf(root).visitors.documentPathsMapping.School = build.reference('Ed:School', [
        ['$.name', '$.schoolReference.schoolId'],
      ]);
      delete resourcesOf(own).clubs.jsonSchemaForInsert.properties.schoolReference;
    },
    expected: [
      ['REFERENCE_TARGET_UNKNOWN', 'Ed:Student', 'Coach'],
      ['REFERENCE_TARGET_UNKNOWN', 'Ed:Teacher', 'Bus'],
      ['REFERENCE_IDENTITY_PATH_UNKNOWN', 'Ed:Visitor', '$.name'],
      ['REFERENCE_PATH_NOT_IN_SCHEMA', 'Ext:Club', '$.schoolReference.schoolId'],
    ],
  },
  {
    name: 'names: unsafe, too long, twice, and a database schema of the system',
    edit(root, own) {
      resourcesOf(root).students.resourceName = '../Student';
      root.projectSchema.projectVersion = '5'.repeat(40);
      resourcesOf(root).more = structuredClone(resourcesOf(root).visitors);
      own.projectSchema.projectEndpointName = 'auth';
      resourcesOf(own).students.resourceName = 'Teacher';
      propertiesOf(own, 'students')._ext = build.ext('auth', object({ hobby: string() }));
    },
    expected: [
      ['INPUT_VALUE_UNSAFE', 'Ed:students', 'resourceName'],
      ['INPUT_VALUE_TOO_LONG', undefined, 'projectSchema.projectVersion'],
      ['RESOURCE_KEY_DUPLICATE', 'Ed:Visitor', 'projectSchema.resourceSchemas["more"]'],
      ['PHYSICAL_SCHEMA_COLLISION', undefined, 'projectSchema.projectEndpointName'],
    ],
  },
  {
    name: 'the shape of both files, and what is wrong inside',
    edit(root, own) {
      delete root.projectSchema.projectVersion;
      root.projectSchema.resourceSchemas.nothing = 3;
      propertiesOf(root, 'students').note.maxLength = 0;
      propertiesOf(root, 'teachers').note = { oneOf: [] };
      own.apiSchemaVersion = '2.0.0';
      propertiesOf(own, 'students')._ext.properties.ext.properties.wage = build.number();
    },
    expected: [
      ['INPUT_PROJECT_MALFORMED', undefined, 'projectSchema.projectVersion'],
      ['INPUT_RESOURCE_MALFORMED', 'Ed:nothing'],
      ['STRING_MAX_LENGTH_INVALID', 'Ed:Student', '$.note'],
      ['INPUT_VERSION_MISMATCH', undefined, 'apiSchemaVersion'],
      ['SCHEMA_KEYWORD_UNSUPPORTED', 'Ed:Teacher', '$.properties.note.oneOf'],
      ['DECIMAL_INFO_MISSING', 'Ext:Student', '$._ext.ext.wage'],
    ],
  },
  {
    name: 'collections, equality constraints and overrides',
    edit(root) {
      const { students, teachers, visitors } = resourcesOf(root);
      students.arrayUniquenessConstraints = [{ paths: ['$.phones[*].nummer'] }, { paths: 3 }];
      students.relational = { nameOverrides: { '$.nothing': 'X', 'no path': 'Y' } };
      teachers.equalityConstraints = [
        { sourceJsonPath: '$.note', targetJsonPath: '$.schoolReference.schoolId' },
        { sourceJsonPath: '$.note' },
      ];
      visitors.relational = { rootTableNameOverride: 'Student' };
    },
    expected: [
      ['ARRAY_UNIQUENESS_INVALID', 'Ed:Student', 'arrayUniquenessConstraints[1]'],
      ['OVERRIDE_PATH_INVALID', 'Ed:Student', 'no path'],
      ['ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', 'Ed:Student', '$.phones[*].nummer'],
      ['KU_CONSTRAINT_PATH_MISSING', 'Ed:Teacher', 'equalityConstraints[1].targetJsonPath'],
      ['KU_SCALAR_TYPE_MISMATCH', 'Ed:Teacher', '$.schoolReference.schoolId'],
      ['NAME_COLLISION', 'Ed:Visitor', '$'],
      ['OVERRIDE_UNUSED', 'Ed:Student', '$.nothing'],
    ],
  },
  {
    name: 'descriptors, subclasses and abstract resources',
    edit(root) {
      const { kindDescriptors, schools, teachers } = resourcesOf(root);
      kindDescriptors.relational = {};
      delete kindDescriptors.jsonSchemaForInsert.properties.codeValue;
      schools.superclassResourceName = 'Organisation';
      teachers.documentPathsMapping.Kind = build.descriptorPath('Ed:KindDescriptor', '$.typeDescriptor');
      root.projectSchema.abstractResources.Person = { identityJsonPaths: ['$.id', '$.id'] };
    },
    expected: [
      ['ABSTRACT_SUPERCLASS_UNKNOWN', 'Ed:School'],
      ['DESCRIPTOR_OVERRIDE_FORBIDDEN', 'Ed:KindDescriptor', 'relational'],
      ['DESCRIPTOR_PATH_NOT_IN_SCHEMA', 'Ed:Teacher', '$.typeDescriptor'],
      ['DESCRIPTOR_CONTRACT_VIOLATION', 'Ed:KindDescriptor', 'jsonSchemaForInsert'],
    ],
  },
  {
    name: 'an extension of nothing, a key under _ext of an unknown project, an array of texts, a name that is no path',
    edit(root, own) {
      resourcesOf(own).students.resourceName = 'Studnet';
      propertiesOf(root, 'teachers')._ext = build.ext('sample', object({}));
      propertiesOf(root, 'visitors').tags = array(string());
      propertiesOf(root, 'visitors')['a.b'] = string();
      delete propertiesOf(own, 'students')._ext.properties.ext.properties.hobby.maxLength;
    },
    expected: [
      ['EXTENSION_KEY_UNRESOLVED', 'Ed:Teacher', '$._ext'],
      ['JSONPATH_INVALID', 'Ed:Visitor', '$.properties.a.b'],
      ['SCHEMA_ARRAY_ITEM_UNSUPPORTED', 'Ed:Visitor', '$.tags'],
      ['EXTENSION_BASE_UNRESOLVED', 'Ext:Studnet'],
    ],
  },
  {
    name: 'one extension that is given twice, and what is wrong in the core',
    edit(root, own) {
      own.projectSchema.projectEndpointName = 'ed';
      own.projectSchema.projectName = 'Ed';
      propertiesOf(root, 'schools').name = { type: ['string', 'null'] };
      resourcesOf(root).teachers.decimalPropertyValidationInfos = [
        { path: '$.x', totalDigits: 3, decimalPlaces: 1 },
        { path: '$.x', totalDigits: 3, decimalPlaces: 1 },
      ];
    },
    expected: [
      ['INPUT_ENDPOINT_COLLISION', undefined, 'projectSchema.projectEndpointName'],
      ['SCHEMA_TYPE_INVALID', 'Ed:School', '$.properties.name'],
      ['DECIMAL_INFO_DUPLICATE', 'Ed:Teacher', '$.x'],
    ],
  },
  {
    name: 'a core without its identity, and columns of one name',
    edit(root) {
      resourcesOf(root).students.identityJsonPaths = ['$.key', '$.key', '$.schoolReference.schoolId'];
      propertiesOf(root, 'teachers').ci_ty = string();
      resourcesOf(root).visitors.jsonSchemaForInsert.required = ['key'];
      propertiesOf(root, 'visitors').note['x-nullable'] = 'yes';
    },
    expected: [
      ['IDENTITY_PATH_DUPLICATE', 'Ed:Student', '$.key'],
      ['SCHEMA_SHAPE_INVALID', 'Ed:Visitor', '$.properties.note'],
      ['NAME_COLLISION', 'Ed:Teacher', '$.city'],
    ],
  },
];

async function findingsOf(
  files: readonly string[],
): Promise<readonly (readonly [Expected, string | undefined, boolean])[]> {
  const { locate } = sourcePositions();
  const error = await emitArtifacts({
    schemas: files,
    dialects,
    outputDirectory: path.join(scratchFolder(), 'out'),
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error.diagnostics.map(locate).map(({ code, where }) => {
    const place =
      where.path === undefined ? ([code, where.resource] as const) : ([code, where.resource, where.path] as const);
    return [place, where.file && path.basename(where.file), where.line !== undefined] as const;
  });
}

describe('ten schema sets with several mistakes each', () => {
  it('have none without them', async () => {
    const folder = scratchFolder();
    const files = [writeJson(folder, 'core.json', core()), writeJson(folder, 'extension.json', extension())];
    await emitArtifacts({ schemas: files, dialects, outputDirectory: path.join(folder, 'out') });
  });

  it.each(cases)(
    'list each of them in the first run, with its line, and nothing else: $name',
    async ({ edit, expected }) => {
      const folder = scratchFolder();
      const root = core();
      const own = extension();
      edit(root, own);
      const files = [writeJson(folder, 'core.json', root), writeJson(folder, 'extension.json', own)];
      const found = await findingsOf(files);
      expect(found.map(([place]) => place)).toEqual(expected);
      expect(found.filter(([, file, hasLine]) => file === undefined || !hasLine)).toEqual([]);
    },
  );
});

describe('a file that cannot be read', () => {
  it('does not hide what is wrong in the others, and what refers to it is not a mistake', async () => {
    const folder = scratchFolder();
    const own = extension();
    delete propertiesOf(own, 'students')._ext.properties.ext.properties.hobby.maxLength;
    resourcesOf(own).clubs.identityJsonPaths = ['$.clubNo'];
    const broken = path.join(folder, 'core.json');
    writeFileSync(broken, '{ "apiSchemaVersion": }');
    const found = await findingsOf([broken, writeJson(folder, 'extension.json', own)]);
    expect(found).toEqual([
      [['INPUT_JSON_INVALID', undefined], 'core.json', true],
      [['IDENTITY_PATH_UNMAPPED', 'Ext:Club', '$.clubNo'], 'extension.json', true],
    ]);
  });
});

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { build, ownSchema, ownSchemaFile, ownSchemas } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { filesIn, scratchFolders, writeJson } from '../../test/scratch-folder.ts';
import { dialects, emitArtifacts, type SqlDialect, sourcePositions } from '../index.ts';
import { compareEmitted } from './emit-artifacts.ts';

const scratchFolder = scratchFolders();

const schemas = ownSchemas.map(ownSchemaFile);

/** The files of a dialect, in the order of design 06 §9. */
const pgsqlFiles = [
  'relational-model.pgsql.json',
  'inventory.pgsql.json',
  'relational-model.pgsql.manifest.json',
  'plans.pgsql.json',
  'pgsql.sql',
  'catalog.pgsql.json',
];
const mssqlFiles = pgsqlFiles.map((name) => name.replace('pgsql', 'mssql'));

async function emitInto(
  outputDirectory: string,
  chosen: readonly SqlDialect[] = dialects,
  files: readonly string[] = schemas,
) {
  return emitArtifacts({ schemas: files, dialects: chosen, outputDirectory });
}

async function codesOf(work: Promise<unknown>): Promise<string[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error.diagnostics.map(({ code }) => code);
}

describe('emit', () => {
  it('writes and lists all artifacts of both dialects in order', async () => {
    const folder = path.join(scratchFolder(), 'new', 'folder');
    const { artifacts, info } = await emitInto(folder);
    const names = artifacts.map(({ file }) => path.relative(folder, file));
    expect(names).toEqual([
      'effective-schema.manifest.json',
      'document-schemas.json',
      'ods-mapping.json',
      ...pgsqlFiles,
      ...mssqlFiles,
      'mappingset.manifest.json',
      'ddl.manifest.json',
    ]);
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
    expect(info.resourceKeyCount).toBe(31);
    for (const { file, bytes } of artifacts) expect(readFileSync(file).length).toBe(bytes);
  });

  it('names the file and line of each mistake that a step after derivation finds', async () => {
    const folder = scratchFolder();
    const insert = { jsonSchemaForInsert: build.object({ line: build.string() }) };
    const core = build.project('Ed', [build.resource('Log', insert), build.resource('Note', insert)]);
    const file = path.join(folder, 'core.json');
    const text = JSON.stringify(core, null, 2);
    writeFileSync(file, text);
    const lineOf = (name: string) => text.slice(0, text.indexOf(`"${name}": {`)).split('\n').length;
    const error = await emitInto(path.join(folder, 'out'), ['pgsql'], [file]).catch((reason: unknown) => reason);
    if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
    const positions = sourcePositions();
    expect(error.diagnostics.map((entry) => positions.locate(entry))).toMatchObject(
      ['Log', 'Note'].map((name) => ({
        code: 'TRG_NO_IDENTITY',
        where: { resource: `Ed:${name}`, file, line: lineOf(`${name.toLowerCase()}s`) },
      })),
    );
  });

  it.each(mappingVersions)(
    'writes no scripting variable of sqlcmd into a script for SQL Server: %s',
    async (mappingVersion) => {
      const folder = scratchFolder();
      const core = build.project(
        'Ed$(A)',
        [
          build.resource('School$(B)', {
            isSubclass: true,
            superclassProjectName: 'Ed$(A)',
            superclassResourceName: 'Organization$(C)',
            identityJsonPaths: ['$.organizationId'],
            documentPathsMapping: { Id: build.scalarPath('$.organizationId') },
            jsonSchemaForInsert: build.object({ organizationId: build.integer() }, ['organizationId']),
          }),
        ],
        { abstractResources: { 'Organization$(C)': { identityJsonPaths: ['$.organizationId'] } }, endpoint: 'ed' },
      );
      const output = path.join(folder, 'out');
      const file = writeJson(folder, 'core.json', core);
      await emitArtifacts({ schemas: [file], mappingVersion, dialects, outputDirectory: output });
      const script = readFileSync(path.join(output, 'mssql.sql'), 'utf8');
      expect(script).not.toContain('$(');
      for (const name of ['A', 'B', 'C']) expect(script).toContain(`$' + N'(${name})`);
      expect(readFileSync(path.join(output, 'pgsql.sql'), 'utf8')).toContain('School$(B)');
    },
  );

  it('of one dialect leaves nothing of the other of an earlier run (case 41)', async () => {
    const folder = scratchFolder();
    await emitInto(folder);
    await emitInto(folder, ['pgsql']);
    const files = filesIn(folder);
    expect(Object.keys(files)).toEqual(
      [
        'effective-schema.manifest.json',
        'document-schemas.json',
        'ods-mapping.json',
        ...pgsqlFiles,
        'mappingset.manifest.json',
        'ddl.manifest.json',
      ].sort(),
    );
    expect(
      JSON.parse(files['ddl.manifest.json'] as string).ddl.map(({ dialect }: { dialect: string }) => dialect),
    ).toEqual(['pgsql']);
  });

  it('writes the same files of a dialect whether alone or not, whatever the order of files and dialects', async () => {
    const both = scratchFolder();
    const alone = scratchFolder();
    const turned = scratchFolder();
    await emitInto(both);
    await emitInto(alone, ['mssql']);
    await emitInto(turned, ['mssql', 'pgsql'], schemas.toReversed());
    const expected = filesIn(both);
    expect(filesIn(turned)).toEqual(expected);
    const files = filesIn(alone);
    for (const name of mssqlFiles) expect(files[name]).toBe(expected[name]);
  });

  it('writes UTF-8 without BOM and with \\n only, ending in a line break', async () => {
    const folder = scratchFolder();
    await emitInto(folder);
    for (const [name, text] of Object.entries(filesIn(folder))) {
      expect(text.startsWith('\ufeff'), name).toBe(false);
      expect(text.includes('\r'), name).toBe(false);
      expect(text.endsWith('\n'), name).toBe(true);
      expect(text.includes(folder), name).toBe(false);
    }
  });

  it('reports its progress', async () => {
    const parts: string[] = [];
    await emitArtifacts({
      schemas,
      dialects: ['pgsql'],
      outputDirectory: scratchFolder(),
      onProgress: (part) => parts.push(part),
    });
    expect(parts).toEqual([
      'load',
      'derive-model pgsql',
      'derive-inventory pgsql',
      'compile-plans pgsql',
      'emit-ddl pgsql',
      'derive-ods-mapping',
      'write',
    ]);
  });

  it('refuses a folder with other files and leaves it untouched (case 42)', async () => {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    writeFileSync(path.join(folder, 'pgsql.sql'), 'old');
    expect(await codesOf(emitInto(folder))).toEqual(['DDL_OUTPUT_NOT_EMPTY']);
    expect(filesIn(folder)).toEqual({ 'notes.txt': 'mine', 'pgsql.sql': 'old' });
  });

  it('names what is wrong with the schemas before what is wrong with the folder', async () => {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    const missing = emitInto(folder, dialects, [path.join(folder, 'none.json')]);
    expect(await codesOf(missing)).toEqual(['INPUT_FILE_NOT_FOUND', 'DDL_OUTPUT_NOT_EMPTY']);
  });

  it('refuses a folder in the place of an artifact', async () => {
    const folder = scratchFolder();
    mkdirSync(path.join(folder, 'pgsql.sql'));
    expect(await codesOf(emitInto(folder))).toEqual(['OUTPUT_FAILED']);
  });

  it('removes what other steps have written about the set that it replaces', async () => {
    const folder = scratchFolder();
    await emitInto(folder);
    const expected = filesIn(folder);
    await emitInto(folder, dialects, [ownSchemaFile('campus')]);
    writeFileSync(path.join(folder, 'verification.pgsql.json'), 'of the old set');
    writeFileSync(path.join(folder, 'impact.mssql.json'), 'of the old set');
    await emitInto(folder);
    expect(filesIn(folder)).toEqual(expected);
  });

  it('does not touch the output folder when a schema file is missing (case 43)', async () => {
    const folder = path.join(scratchFolder(), 'out');
    expect(await codesOf(emitInto(folder, dialects, [path.join(folder, 'none.json')]))).toEqual([
      'INPUT_FILE_NOT_FOUND',
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  it('refuses to run without schema files', async () => {
    expect(await codesOf(emitInto(scratchFolder(), dialects, []))).toEqual(['INPUT_NO_FILES']);
  });
});

describe('bad input keeps the files of an earlier run', () => {
  const student = (members: build.JsonRecord = {}) =>
    build.resource('Student', {
      identityJsonPaths: ['$.studentId'],
      jsonSchemaForInsert: build.object({ studentId: build.string() }, ['studentId']),
      ...members,
    });
  const core = build.project('Ed', [student()]);
  const inputs: [string, readonly unknown[], string[]][] = [
    ['invalid JSON', ['{ "apiSchemaVersion": "1.0.0",\n  "projectSchema": }'], ['INPUT_JSON_INVALID']],
    ['no ApiSchema', [{ openapi: '3.0.0' }], ['INPUT_PROJECT_MISSING']],
    ['two cores', [core, build.project('Other', [], { version: '2.0.0' })], ['INPUT_MULTIPLE_CORE']],
    ['an extension alone', [build.project('Ext', [], { isExtension: true })], ['INPUT_CORE_MISSING']],
    [
      'two projects of one endpoint',
      [core, build.project('Ext', [], { isExtension: true, endpoint: 'ed' })],
      ['INPUT_ENDPOINT_COLLISION'],
    ],
    [
      'a broken path, in the identity and in its mapping',
      [build.project('Ed', [student({ identityJsonPaths: ['$.student..Id'] })])],
      ['JSONPATH_INVALID', 'JSONPATH_INVALID'],
    ],
    [
      'a string without maxLength',
      [
        build.project('Ed', [
          student({ jsonSchemaForInsert: build.object({ studentId: { type: 'string' } }, ['studentId']) }),
        ]),
      ],
      ['STRING_MAX_LENGTH_MISSING'],
    ],
  ];

  it.each(inputs)('%s', async (_, documents, codes) => {
    const folder = scratchFolder();
    const output = path.join(folder, 'out');
    mkdirSync(output);
    writeFileSync(path.join(output, 'pgsql.sql'), 'old');
    const files = documents.map((document, index) => writeJson(folder, `${index}.json`, document));
    expect(await codesOf(emitInto(output, dialects, files))).toEqual(codes);
    expect(filesIn(output)).toEqual({ 'pgsql.sql': 'old' });
  });

  it('names the file of a resource that cannot be derived', async () => {
    const folder = scratchFolder();
    const schema = ownSchema('campus');
    delete schema.projectSchema.resourceSchemas.students.jsonSchemaForInsert.properties.studentUniqueId.maxLength;
    const file = writeJson(folder, 'campus.json', schema);
    const error = await emitInto(path.join(folder, 'out'), ['pgsql'], [file]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DmsError);
    const [first] = (error as DmsError).diagnostics;
    expect(first).toMatchObject({ where: { file, resource: 'Campus:Student', path: '$.studentUniqueId' } });
  });
});

describe('emit of some artifacts', () => {
  const campus = [ownSchemaFile('campus')];
  const options = (outputDirectory: string) => ({ schemas: campus, dialects, outputDirectory });

  it.each([
    { only: ['script'], expected: ['ddl.manifest.json', 'mssql.sql', 'pgsql.sql'] },
    { only: ['ods-mapping'], expected: ['ods-mapping.json'] },
    { only: ['plans'], expected: ['mappingset.manifest.json', 'plans.mssql.json', 'plans.pgsql.json'] },
    {
      only: ['inventory', 'document-schemas'],
      expected: ['document-schemas.json', 'inventory.mssql.json', 'inventory.pgsql.json'],
    },
  ] as const)('writes $only with their manifests, and the same bytes as with all', async ({ only, expected }) => {
    const all = scratchFolder();
    const some = scratchFolder();
    await emitArtifacts(options(all));
    await emitArtifacts({ ...options(some), only });
    const written = filesIn(some);
    expect(Object.keys(written).sort()).toEqual(['effective-schema.manifest.json', ...expected].sort());
    expect(filesIn(all)).toMatchObject(written);
  });
});

describe('files of other commands in the folder of emit', () => {
  const others = ['reporting.pgsql.sql', 'comments.pgsql.sql', 'verification.pgsql.json'];
  const run = (outputDirectory: string, chosen: readonly SqlDialect[], files = [ownSchemaFile('campus')]) =>
    emitArtifacts({ schemas: files, dialects: chosen, outputDirectory });
  const added = async () => {
    const folder = scratchFolder();
    await run(folder, ['pgsql']);
    for (const name of others) writeFileSync(path.join(folder, name), name);
    return folder;
  };
  const left = (folder: string) => others.filter((name) => existsSync(path.join(folder, name)));

  it('stay where nothing else changes', async () => {
    const folder = await added();
    expect((await run(folder, ['pgsql'])).removed).toEqual([]);
    expect(left(folder)).toEqual(others);
  });

  it('go with an earlier set, and are named, also by a comparison', async () => {
    const folder = await added();
    const both = [ownSchemaFile('campus'), ownSchemaFile('athletics')];
    const given = { schemas: both, dialects: ['pgsql'] as const };
    const { changes } = await compareEmitted({ ...given, outputDirectory: folder });
    const gone = changes.filter(({ kind }) => kind === 'removed').map(({ name }) => name);
    expect(gone.sort()).toEqual(others.toSorted());
    expect(left(folder)).toEqual(others);
    const { removed } = await run(folder, ['pgsql'], both);
    expect(removed.toSorted()).toEqual(others.toSorted());
    expect(left(folder)).toEqual([]);
  });
});

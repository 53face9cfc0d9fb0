import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  build,
  damagedBytes,
  damagedMembers,
  memberByMember,
  propertyRuns,
  random,
  seedOfRun,
  seeds,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * All files that the product reads, damaged: whatever they contain, a command ends with a diagnostic or does its work.
 * No command ends as a bug (exit code 70), writes outside of its output folder, or takes long.
 */

const slow = 20_000;

const { array, integer, object, string, uri } = build;

const core = build.project(
  'Ed',
  [
    build.resource('School', {
      isSubclass: true,
      superclassProjectName: 'Ed',
      superclassResourceName: 'Organization',
      superclassIdentityJsonPath: '$.organizationId',
      identityJsonPaths: ['$.schoolId'],
      allowIdentityUpdates: true,
      documentPathsMapping: {
        SchoolId: build.scalarPath('$.schoolId'),
        Kind: build.descriptorPath('Ed:KindDescriptor', '$.kindDescriptor'),
      },
      jsonSchemaForInsert: object({ schoolId: integer(), kindDescriptor: uri() }, ['schoolId']),
    }),
    build.resource('Student', {
      identityJsonPaths: ['$.key', '$.schoolReference.schoolId'],
      documentPathsMapping: {
        Key: build.scalarPath('$.key'),
        School: build.reference('Ed:School', [['$.schoolId', '$.schoolReference.schoolId']]),
      },
      arrayUniquenessConstraints: [{ paths: ['$.phones[*].number'] }],
      equalityConstraints: [{ sourceJsonPath: '$.note', targetJsonPath: '$.key' }],
      decimalPropertyValidationInfos: [{ path: '$.gpa', totalDigits: 4, decimalPlaces: 2 }],
      relational: { nameOverrides: { '$.phones[*]': 'Telephone' } },
      jsonSchemaForInsert: object(
        {
          key: { ...string(20), pattern: '^\\S+$' },
          note: string(20),
          gpa: build.number(),
          phones: array(object({ number: string(20) }, ['number'])),
          schoolReference: object({ schoolId: integer() }, ['schoolId']),
        },
        ['key', 'schoolReference'],
      ),
    }),
    build.descriptor('KindDescriptor'),
  ],
  { abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
);

const extension = build.project(
  'Ext',
  [
    build.extensionOf('Student', {
      jsonSchemaForInsert: object({
        _ext: build.ext('ext', object({ hobby: string(), clubs: array(object({ name: string(9) }, ['name'])) })),
      }),
      arrayUniquenessConstraints: [{ paths: ['$._ext.ext.clubs[*].name'] }],
    }),
  ],
  { isExtension: true },
);

const { projectSchema } = core as { readonly projectSchema: build.JsonRecord };
const legacy = { apiSchemaVersion: '1.0.0', projectNameMapping: { Ed: 'ed' }, projectSchemas: { ed: projectSchema } };
const supplement = {
  students: { decimalPropertyValidationInfos: [{ path: '$.gpa', totalDigits: 4, decimalPlaces: 2 }] },
};

/** A file, and the commands that read it; `out` is the folder for their output. */
interface DamagedTarget {
  readonly file: string;
  readonly commands: readonly (readonly string[])[];
}

const schemas = ['--schema', 'core.json', '--schema', 'extension.json'];
const ofFolder = (folder: string): readonly (readonly string[])[] => [
  ['impact', '--before', 'v1', '--after', folder, '--format', 'json', '--output', 'out'],
  ['upgrade', 'plan', '--before', folder, '--after', folder, '--output', 'out'],
  ['sample', '--artifacts', folder, '--documents', '3', '--output', 'out'],
  ['pack', 'build', '--artifacts', folder, '--output', 'out'],
  ['verify', '--artifacts', folder, '--dialect', 'mssql', '--output', 'out'],
  ['diagram', '--artifacts', folder, 'Ed:Student', '--format', 'mermaid', '--output', 'out/x.md'],
  ['explore', '--artifacts', folder, '--output', 'out/page.html'],
];

const emits = ['v1', 'v2'].map((version) => ['emit', ...schemas, '--mapping-version', version, '--output', 'out']);

const schemaTargets: readonly DamagedTarget[] = [
  { file: 'core.json', commands: [...emits, ['hash', ...schemas]] },
  { file: 'extension.json', commands: emits },
];

const otherTargets: readonly DamagedTarget[] = [
  { file: 'legacy.json', commands: [['convert', 'legacy.json', '--supplement', 'supplement.json', '--output', 'out']] },
  {
    file: 'supplement.json',
    commands: [['convert', 'legacy.json', '--supplement', 'supplement.json', '--output', 'out']],
  },
  {
    file: 'dms.json',
    commands: [
      ['emit', 'dms.json', '--output', 'out'],
      ['hash', 'dms.json'],
    ],
  },
  { file: 'fleet.json', commands: [['check', '--artifacts', 'v1', '--fleet', 'fleet.json']] },
  {
    file: 'moves.json',
    commands: [
      ['upgrade', 'plan', '--before', 'v1', '--after', 'v1', '--translation', 'moves.json', '--output', 'out'],
    ],
  },
  {
    file: 'set.mpack',
    commands: [
      ['pack', 'manifest', 'set.mpack', '--output', 'out'],
      ['pack', 'verify', 'set.mpack', '--artifacts', 'v1'],
    ],
  },
  { file: 'documents.xml', commands: [['translate', '--before', 'v1', '--output', 'out', 'documents.xml']] },
];

const artifactFiles = [
  'effective-schema.manifest.json',
  'document-schemas.json',
  'ddl.manifest.json',
  ...['relational-model', 'inventory', 'catalog'].flatMap((name) => [`${name}.pgsql.json`, `${name}.mssql.json`]),
  'mssql.sql',
];

const artifactTargets: readonly DamagedTarget[] = ['v1', 'v2'].flatMap((folder) =>
  artifactFiles.map((name) => ({ file: `${folder}/${name}`, commands: ofFolder(folder) })),
);

let root: string;
let whole: string;
let before: string;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'dms-damaged-'));
  whole = path.join(root, 'whole');
  mkdirSync(whole);
  before = process.cwd();
  process.chdir(whole);
  const write = (name: string, content: unknown) =>
    writeFileSync(path.join(whole, name), typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  write('core.json', core);
  write('extension.json', extension);
  write('legacy.json', legacy);
  write('supplement.json', supplement);
  write('dms.json', {
    schemas: ['core.json', 'extension.json'],
    dialects: ['pgsql'],
    verify: { strict: true },
    databases: { pgsql: { env: 'X' } },
  });
  write('fleet.json', { databases: [{ name: 'north', labels: { year: '2026' }, env: 'X' }] });
  write('moves.json', { moves: [{ before: 'Ed:Student', after: 'Ed:Pupil' }] });
  write(
    'documents.xml',
    '<InterchangeStudent><School id="s"><SchoolId>1</SchoolId></School><Student><Key>a</Key><SchoolReference ref="s"/></Student></InterchangeStudent>',
  );
  for (const version of ['v1', 'v2']) {
    const { code, err } = await ran(['emit', ...schemas, '--mapping-version', version, '--output', version]);
    expect([code, err]).toEqual([0, '']);
  }
  await ran(['pack', 'build', '--artifacts', 'v1', '--dialect', 'pgsql', '--output', 'packs']);
  const [pack = ''] = readdirSync('packs/pgsql');
  cpSync(path.join('packs/pgsql', pack), 'set.mpack');
  cpSync(whole, path.join(root, 'work'), { recursive: true });
  process.chdir(path.join(root, 'work'));
});

afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true, force: true });
});

/** The names of all files and folders below the folder of all tests, without those of outputs. */
const namesOutside = () =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^work[/\\]out([/\\]|$)/.test(name))
    .sort();

/** Runs a command in a folder with one damaged file. Returns the promises that it broke; empty if it kept all. */
async function brokenPromises(file: string, content: string | Buffer, command: readonly string[]): Promise<string[]> {
  writeFileSync(file, content);
  const names = namesOutside();
  // CPU time, because other processes of the machine stretch the elapsed time
  const start = process.cpuUsage();
  const { code, err } = await ran(command);
  const { user, system } = process.cpuUsage(start);
  const time = (user + system) / 1000;
  const after = namesOutside();
  cpSync(path.join(whole, file), file);
  rmSync('out', { recursive: true, force: true });
  const written = after.filter((name) => !names.includes(name));
  return [
    ...([0, 1, 2].includes(code) ? [] : [`exit code ${code}: ${err.slice(0, 1500)}`]),
    ...(code === 1 && err === '' ? ['refused without a word'] : []),
    ...(written.length > 0 ? [`wrote ${written.join(', ')}`] : []),
    ...(names.every((name) => after.includes(name)) ? [] : ['removed a file']),
    ...(time > slow ? [`took ${Math.round(time)} ms of the processor`] : []),
  ];
}

/** Prints the data to reproduce a failure, and fails. */
function expectKept(
  broken: readonly string[],
  file: string,
  content: string | Buffer,
  command: readonly string[],
  what: string,
): void {
  if (broken.length === 0) return;
  const saved = path.join(tmpdir(), `dms-damaged-${path.basename(file)}`);
  writeFileSync(saved, content);
  expect.fail(`${what}: dms-ddl ${command.join(' ')} with ${file} as in ${saved}: ${broken.join('; ')}`);
}

describe('a damaged file', () => {
  const targets = [
    // schemas more often: most errors are possible in them
    ...Array.from({ length: 10 }, () => schemaTargets).flat(),
    ...otherTargets,
    ...otherTargets,
    ...artifactTargets,
  ];

  it('never ends as a bug, and nothing is written elsewhere', async () => {
    for (const seed of seeds(40)) {
      const next = random(seedOfRun() + seed);
      const { file, commands } = targets[Math.floor(next() * targets.length)] as DamagedTarget;
      const command = commands[Math.floor(next() * commands.length)] as readonly string[];
      const bytes = readFileSync(path.join(whole, file));
      const isJson = file.endsWith('.json');
      const content =
        isJson && next() < 0.75 ? damagedMembers(bytes.toString('utf8'), next) : damagedBytes(bytes, next);
      expectKept(
        await brokenPromises(file, content, command),
        file,
        content,
        command,
        `seed ${seed} of ${seedOfRun()}`,
      );
    }
  });
});

it('a file that Git LFS replaced by a pointer is named, with the command that gets it', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
  const ofV1 = artifactTargets.filter(({ file }) => file.startsWith('v1/'));
  const unseen: string[] = [];
  for (const { file, commands } of [...schemaTargets, ...otherTargets, ...ofV1]) {
    writeFileSync(file, pointer);
    let isNamed = false;
    for (const command of commands) isNamed ||= /: git lfs pull\b/.test((await ran(command)).err);
    if (!isNamed) unseen.push(file);
    cpSync(path.join(whole, file), file);
    rmSync('out', { recursive: true, force: true });
  }
  expect(unseen).toEqual([]);
});

describe('each member of a file by itself', () => {
  /** One command that reads the file; each command on a folder reads nearly all files. */
  const cases = [
    ...[...schemaTargets, ...otherTargets].map(({ file, commands: [command = []] }) => ({ file, command })),
    ...artifactTargets.flatMap(({ file }, index) => {
      const commands = ofFolder(file.split('/')[0] ?? '');
      return [{ file, command: commands[index % commands.length] ?? [] }];
    }),
  ].filter(({ file }) => file.endsWith('.json'));

  it.each(cases)('is removed and replaced without a bug: $file', async ({ file, command }) => {
    const text = readFileSync(path.join(whole, file), 'utf8');
    for (const { what, text: content } of memberByMember(text, propertyRuns(2)))
      expectKept(await brokenPromises(file, content, command), file, content, command, what);
  });
});

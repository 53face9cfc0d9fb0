import { formatDiagnostic } from '@dms/diagnostics';
import { expect, test } from 'vitest';
import { parseMappingSet } from './mapping-set.ts';

const file = 'sets/dms/dms.json';
const parse = (content: unknown) =>
  parseMappingSet(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), file);
const diagnosticsOf = (content: unknown) =>
  parse(content).diagnostics.map(({ member, diagnostic }) => [member, formatDiagnostic(diagnostic)]);
const schemas = ['a'];

test('a mapping set without diagnostics, with the defaults of what it leaves out', () => {
  expect(parse({ schemas: ['b', 'a'] })).toEqual({
    mappingSet: {
      name: null,
      schemas: ['b', 'a'],
      dialects: ['pgsql', 'mssql'],
      mappingVersion: 'v1',
      choosesVersion: false,
      outputDirectory: null,
      golden: null,
      baseline: null,
      upgradeFrom: null,
      translation: [],
      collation: null,
      odsOverrides: null,
      translate: null,
      earlier: null,
      reporting: {},
      emit: { only: undefined },
      verify: { reference: false, strict: false, everyShape: false },
      databases: {},
      fleet: null,
    },
    diagnostics: [],
    places: [],
  });
  const all = {
    $schema: 'x',
    $comment: ['anything'],
    name: '@state/dms',
    schemas,
    dialects: ['mssql', 'pgsql'],
    mappingVersion: 'v2',
    outputDirectory: './build/dms/',
    golden: '../../golden',
    baseline: './released/',
    upgradeFrom: '../released',
    translation: ['ed-fi-5.2-to-6.1', 'moves.json'],
    collation: 'Turkish_100_CS_AS',
    odsOverrides: 'ods.json',
    translate: {
      documents: 'documents/',
      before: '../released',
      translation: ['ed-fi-5.2-to-6.1', './ours.json'],
      continue: true,
    },
    earlier: { artifacts: '../released/', translation: ['ed-fi-5.2-to-6.1', './ours.json'], schemaSuffix: '_old' },
    reporting: { schemaSuffix: '_ods', grants: ['analyst'] },
    emit: { only: ['script'] },
    inventory: {},
    plans: { $comment: 'x' },
    ddl: {},
    verify: { strict: true },
    databases: { pgsql: { env: 'X' } },
  };
  expect(parse(all)).toEqual({
    mappingSet: {
      name: '@state/dms',
      schemas,
      dialects: ['pgsql', 'mssql'],
      mappingVersion: 'v2',
      choosesVersion: true,
      outputDirectory: 'build/dms',
      golden: 'golden',
      baseline: 'sets/dms/released',
      upgradeFrom: 'sets/released',
      translation: ['ed-fi-5.2-to-6.1', 'sets/dms/moves.json'],
      collation: 'Turkish_100_CS_AS',
      odsOverrides: 'sets/dms/ods.json',
      translate: {
        documents: 'sets/dms/documents',
        before: 'sets/released',
        translation: ['ed-fi-5.2-to-6.1', 'sets/dms/ours.json'],
        continue: true,
        keepIds: false,
        ignoreUnknown: false,
        allowEmpty: false,
      },
      earlier: {
        artifacts: 'sets/released',
        translation: ['ed-fi-5.2-to-6.1', 'sets/dms/ours.json'],
        schemaSuffix: '_old',
      },
      reporting: { schemaSuffix: '_ods', grants: ['analyst'] },
      emit: { only: ['script'] },
      verify: { reference: false, strict: true, everyShape: false },
      databases: { pgsql: { env: 'X' } },
      fleet: null,
    },
    diagnostics: [],
    places: [
      { member: 'golden', pointer: '/golden', kind: 'folder', written: '../../golden', place: 'golden' },
      { member: 'baseline', pointer: '/baseline', kind: 'folder', written: './released/', place: 'sets/dms/released' },
      {
        member: 'upgradeFrom',
        pointer: '/upgradeFrom',
        kind: 'folder',
        written: '../released',
        place: 'sets/released',
      },
      {
        member: 'translation',
        pointer: '/translation',
        kind: 'file',
        written: 'moves.json',
        place: 'sets/dms/moves.json',
      },
      {
        member: 'odsOverrides',
        pointer: '/odsOverrides',
        kind: 'file',
        written: 'ods.json',
        place: 'sets/dms/ods.json',
      },
      ...[
        { pointer: '/translate/documents', kind: 'folder', written: 'documents/', place: 'sets/dms/documents' },
        { pointer: '/translate/before', kind: 'folder', written: '../released', place: 'sets/released' },
        { pointer: '/translate/translation/1', kind: 'file', written: './ours.json', place: 'sets/dms/ours.json' },
      ].map((each) => ({ member: 'translate', ...each })),
      ...[
        { pointer: '/earlier/artifacts', kind: 'folder', written: '../released/', place: 'sets/released' },
        { pointer: '/earlier/translation/1', kind: 'file', written: './ours.json', place: 'sets/dms/ours.json' },
      ].map((each) => ({ member: 'earlier', ...each })),
    ],
  });
  expect(parse({ schemas, outputDirectory: null, golden: null, baseline: null }).diagnostics).toEqual([]);
});

test('what is not JSON is reported with line and column', () => {
  expect(diagnosticsOf('{\n  "schemas": [,]\n}')).toEqual([
    [undefined, `error CONFIG_INVALID ${file}:2:15: Invalid JSON at 2:15: expected a JSON value, found ",".`],
  ]);
  expect(diagnosticsOf('{ // comment\n}')[0]?.[1]).toContain('CONFIG_INVALID');
  expect(diagnosticsOf('{"schemas":["a"],"schemas":["b"]}')[0]?.[1]).toMatch(
    /CONFIG_INVALID .*:1:\d+: .*"schemas" occurs twice/,
  );
  expect(diagnosticsOf('')[0]?.[1]).toContain('CONFIG_INVALID');
  expect(parseMappingSet(Uint8Array.of(0xff), file).diagnostics[0]?.diagnostic.code).toBe('CONFIG_INVALID');
  expect(parse('{').mappingSet).toEqual({
    name: null,
    schemas: [],
    dialects: ['pgsql', 'mssql'],
    mappingVersion: 'v1',
    choosesVersion: false,
    outputDirectory: null,
    golden: null,
    baseline: null,
    upgradeFrom: null,
    translation: [],
    collation: null,
    odsOverrides: null,
    translate: null,
    earlier: null,
    reporting: {},
    emit: { only: undefined },
    verify: { reference: false, strict: false, everyShape: false },
    databases: {},
    fleet: null,
  });
});

test.each([[[]], [3], ['"x"'], ['true']])('%j is not a mapping set', (content) => {
  expect(diagnosticsOf(content)).toEqual([
    [undefined, `error CONFIG_INVALID ${file}: A mapping set must be an object with at least the member "schemas".`],
  ]);
});

test.each([
  [{}, 'schemas', '/schemas is missing; expected a list with the name or the folder of at least one schema project.'],
  [
    { schemas: [] },
    'schemas',
    '/schemas must be a list with the name or the folder of at least one schema project; correct it.',
  ],
  [{ schemas: ['a', 3] }, 'schemas', '/schemas/1 must be the name or the folder of a schema project; correct it.'],
  [{ schemas: [''] }, 'schemas', '/schemas/0 must be the name or the folder of a schema project; correct it.'],
  [
    { schemas, dialects: [] },
    'dialects',
    '/dialects must be a list with "pgsql" or "mssql" or both, each once; correct it.',
  ],
  [
    { schemas, dialects: ['pgsql', 'pgsql'] },
    'dialects',
    '/dialects must be a list with "pgsql" or "mssql" or both, each once; correct it.',
  ],
  [
    { schemas, dialects: 'pgsql' },
    'dialects',
    '/dialects must be a list with "pgsql" or "mssql" or both, each once; correct it.',
  ],
  [
    { schemas, mappingVersion: 'v3' },
    'mappingVersion',
    '/mappingVersion must be "v1", "v2" or "v2-natural"; correct it.',
  ],
  [{ schemas, dialects: ['oracle'] }, 'dialects', '/dialects/0 must be "pgsql" or "mssql"; correct it.'],
  [
    { schemas, dialects: null },
    'dialects',
    '/dialects must be a list with "pgsql" or "mssql" or both, each once; correct it.',
  ],
  [
    { schemas, outputDirectory: 3 },
    'outputDirectory',
    '/outputDirectory must be a folder relative to the workspace, or null; correct it.',
  ],
  [
    { schemas, outputDirectory: '' },
    'outputDirectory',
    '/outputDirectory must be a folder relative to the workspace, or null; correct it.',
  ],
  [{ schemas, golden: [] }, 'golden', '/golden must be a folder relative to dms.json, or null; correct it.'],
  [{ schemas, baseline: 5 }, 'baseline', '/baseline must be a folder relative to dms.json, or null; correct it.'],
  [
    { schemas, collation: 'no such; --' },
    'collation',
    '/collation must be the name of a collation, or null; correct it.',
  ],
  [
    { schemas, translation: {} },
    'translation',
    '/translation must be a file relative to dms.json, the name of a translation, or a list of these, or null; correct it.',
  ],
  [
    { schemas, translation: '../../../x.json' },
    'translation',
    '/translation is "../../../x.json"; expected a file inside the workspace.',
  ],
  [
    { schemas, translation: ['ed-fi-5.1-to-5.2', 'a(1).json'] },
    'translation',
    '/translation is "a(1).json"; expected a file without * ? [ ] { } ( ) \\ in its path.',
  ],
  [
    { schemas, baseline: '../../../x' },
    'baseline',
    '/baseline is "../../../x"; expected a folder inside the workspace.',
  ],
  [{ schemas, golden: '../../../x' }, 'golden', '/golden is "../../../x"; expected a folder inside the workspace.'],
  ...['a[b', 'gold (1)', 'a)', 'a\\b'].map((golden): [unknown, string, string] => [
    { schemas, golden },
    'golden',
    `/golden is ${JSON.stringify(golden)}; expected a folder without * ? [ ] { } ( ) \\ in its path.`,
  ]),
  [
    { schemas, outputDirectory: './' },
    'outputDirectory',
    '/outputDirectory is "./"; expected a folder below the workspace, not the workspace itself.',
  ],
  [
    { schemas, outputDirectory: 'a/node_modules/x' },
    'outputDirectory',
    '/outputDirectory is "a/node_modules/x"; expected a folder that is not in node_modules.',
  ],
  [
    { schemas, outputDirectory: '.git' },
    'outputDirectory',
    '/outputDirectory is ".git"; expected a folder that is not in .git.',
  ],
  [
    { schemas, name: 'a:b' },
    'name',
    '/name must be a name of letters, digits, "-", "_", "." and "/", that begins with a letter, a digit or "@"; correct it.',
  ],
  ...['a/*', 'dist/x (y)', 'dist\\x'].map((outputDirectory): [unknown, string, string] => [
    { schemas, outputDirectory },
    'outputDirectory',
    `/outputDirectory is ${JSON.stringify(outputDirectory)}; expected a name without * ? [ ] { } ( ) \\.`,
  ]),
  [{ schemas, $schema: 3 }, '$schema', '/$schema must be a text; correct it.'],
  [{ schemas, plans: [] }, 'plans', '/plans must be an object; correct it.'],
  [{ schemas, earlier: 'out' }, 'earlier', '/earlier must be an object with "artifacts"; correct it.'],
  [
    { schemas, earlier: { artifacts: '../../../x' } },
    'earlier',
    '/earlier/artifacts is "../../../x"; expected a folder inside the workspace.',
  ],
  [
    { schemas, earlier: { artifacts: 'x', translation: ['a', '../../../a.json'] } },
    'earlier',
    '/earlier/translation/1 is "../../../a.json"; expected a file inside the workspace.',
  ],
  [
    { schemas, earlier: { artifacts: 'x', schemaSuffix: 3 } },
    'earlier',
    '/earlier/schemaSuffix must be a text, or null; correct it.',
  ],
  [{ schemas, translate: 'documents' }, 'translate', '/translate must be an object with "documents"; correct it.'],
  [
    { schemas, translate: {} },
    'translate',
    '/translate/documents is missing; expected a folder of documents, relative to dms.json.',
  ],
  [
    { schemas, translate: { documents: '../../../x' } },
    'translate',
    '/translate/documents is "../../../x"; expected a folder inside the workspace.',
  ],
  [
    { schemas, translate: { documents: 'x', before: 'a[b]' } },
    'translate',
    '/translate/before is "a[b]"; expected a folder without * ? [ ] { } ( ) \\ in its path.',
  ],
  [
    { schemas, translate: { documents: 'x', translation: ['ed-fi-5.2-to-6.1', '../../../a.json'] } },
    'translate',
    '/translate/translation/1 is "../../../a.json"; expected a file inside the workspace.',
  ],
  [
    { schemas, translate: { documents: 'x', translation: [3] } },
    'translate',
    '/translate/translation/0 must be the name of a translation of the product, or a .json file relative to dms.json; correct it.',
  ],
  [{ schemas, verify: 3 }, 'verify', '/verify must be an object; correct it.'],
  [{ schemas, databases: null }, 'databases', '/databases must be an object; correct it.'],
  ...[{}, { env: 'A', file: 'b' }, 'postgres://h/d'].map((pgsql): [unknown, string, string] => [
    { schemas, databases: { pgsql } },
    'databases',
    '/databases/pgsql must be an object with one of "env", "file" and "target"; correct it.',
  ]),
  [
    { schemas, databases: { mssql: { env: '' } } },
    'databases',
    '/databases/mssql/env must be a text that is not empty; correct it.',
  ],
])('CONFIG_INVALID: %j', (content, member, message) => {
  expect(diagnosticsOf(content)).toEqual([[member, `error CONFIG_INVALID ${file}: ${message}`]]);
});

test('an unknown member is reported with the nearest known one', () => {
  expect(diagnosticsOf(JSON.stringify({ schemas, renames: 'renames.json' }))).toEqual([
    [
      'renames',
      `error CONFIG_MEMBER_UNKNOWN ${file}: /renames is unknown; it is "translation" now, with another form. Correct it.`,
    ],
  ]);
  expect(diagnosticsOf({ schemas, dialectz: [] })).toEqual([
    [
      'dialectz',
      `error CONFIG_MEMBER_UNKNOWN ${file}: /dialectz is unknown; did you mean "dialects"? Correct or remove it.`,
    ],
  ]);
  expect(diagnosticsOf({ schemas, license: 'MIT' })[0]?.[1]).toMatch(
    /: \/license is unknown; the known members are "\$schema", "\$comment", "name", .*"ddl", … \(22 in all\)\. Remove it\.$/,
  );
  expect(parse({ schemas, 'a/b~c': 1 }).diagnostics[0]?.diagnostic.where.path).toBe('/a~1b~0c');
  expect(diagnosticsOf('{"schemas":["a"],"__proto__":{},"toString":1}').map(([member]) => member)).toEqual([
    '__proto__',
    'toString',
  ]);
});

test('a fleet is read for itself, so that a mistake in it hides nothing of the other databases', () => {
  const databases = { pgsql: { env: 'X' }, fleet: [{ name: 'north', env: 'NORTH' }] };
  const fleet = { dialect: 'pgsql', file, pointer: '/databases/fleet', listPointer: '/databases/fleet' };
  const list = { kind: 'listed', databases: [{ name: 'north', labels: {}, place: { env: 'NORTH' } }] };
  const { mappingSet, diagnostics } = parse({ schemas, databases });
  expect([diagnostics, mappingSet.databases, mappingSet.fleet]).toEqual([
    [],
    { pgsql: { env: 'X' } },
    { kind: 'inline', fleet: { ...fleet, list } },
  ]);
  const wrong = parse({ schemas, databases: { pgsql: { env: 'X' }, fleet: [{ name: 'north' }] } });
  expect([wrong.mappingSet.databases, wrong.mappingSet.fleet]).toEqual([{ pgsql: { env: 'X' } }, null]);
  expect(wrong.diagnostics.map(({ member, diagnostic }) => [member, diagnostic.where.path])).toEqual([
    ['databases', '/databases/fleet/0'],
  ]);
});

test('a member for editors is not meant if another is as near', () => {
  expect(diagnosticsOf({ schema: ['a'] }).map(([, text]) => text)).toContain(
    `error CONFIG_MEMBER_UNKNOWN ${file}: /schema is unknown; did you mean "schemas"? Correct or remove it.`,
  );
});

test('a member inside databases is reported with the nearest known one', () => {
  const unknown = (pointer: string, nearest: string) => [
    'databases',
    `error CONFIG_MEMBER_UNKNOWN ${file}: ${pointer} is unknown; did you mean "${nearest}"? Correct or remove it.`,
  ];
  expect(diagnosticsOf({ schemas, databases: { pgsq: {} } })).toEqual([unknown('/databases/pgsq', 'pgsql')]);
  expect(diagnosticsOf({ schemas, databases: { pgsql: { env: 'A', fil: 'b' } } })).toEqual([
    unknown('/databases/pgsql/fil', 'file'),
  ]);
  expect(diagnosticsOf({ schemas, databases: { $comment: 1, pgsql: { $comment: 1, target: 'pglite:x' } } })).toEqual(
    [],
  );
});

test.each([
  [{ pgsql: { target: 'postgres://u:hidden@h/d' } }, '/databases/pgsql/target'],
  [{ pgsql: { target: 'postgres://h/d?user=u&password=hidden' } }, '/databases/pgsql/target'],
  [{ mssql: { target: 'Server=h;Database=d;User Id=u;Pwd=hidden' } }, '/databases/mssql/target'],
  // not a usable connection, but it contains a password all the same
  [{ pgsql: { target: 'postgres://u:hidden@h' } }, '/databases/pgsql/target'],
  [{ pgsql: { env: 'postgres://u:hidden@h/d' } }, '/databases/pgsql/env'],
  [{ fleet: [{ name: 'north', target: 'postgres://u:hidden@h/d' }] }, '/databases/fleet/0/target'],
  [
    { fleet: { query: { sql: 'SELECT 1', catalog: { target: 'postgres://u:hidden@h/d' } } } },
    '/databases/fleet/query/catalog/target',
  ],
])('a password is refused where it stands: %j', (databases, pointer) => {
  const { diagnostics } = parse({ schemas, databases });
  expect(diagnostics.map(({ member, diagnostic: { code, where } }) => [member, code, where.path])).toEqual([
    ['databases', 'DB_SECRET_IN_PROJECT_FILE', pointer],
  ]);
  expect(diagnostics[0]?.diagnostic.message).toMatch(
    /Put the connection into an environment variable and name it in databases\./,
  );
  expect(JSON.stringify(diagnostics)).not.toContain('hidden');
});

test.each([
  'postgres://u@h/d',
  'postgres://h:5432/d?application_name=a@b',
  'Server=h;Database=d;User Id=u',
  'pglite:data/x',
])('a connection without a password is accepted: %s', (target) =>
  expect(parse({ schemas, databases: { pgsql: { target } } }).diagnostics).toEqual([]),
);

test('a member inside the options of a step is unknown, because none is defined yet', () => {
  expect(diagnosticsOf({ schemas, ddl: { comment: 1 } })).toEqual([
    [
      'ddl',
      `error CONFIG_MEMBER_UNKNOWN ${file}: /ddl/comment is unknown; did you mean "$comment"? Correct or remove it.`,
    ],
  ]);
});

test.each(['../x', '/tmp/x', 'a/../../x', 'C:\\x'])('CONFIG_OUTPUT_OUTSIDE: %s', (outputDirectory) => {
  const { mappingSet, diagnostics } = parse({ schemas, outputDirectory });
  expect(diagnostics.map(({ diagnostic }) => [diagnostic.code, diagnostic.details])).toEqual([
    ['CONFIG_OUTPUT_OUTSIDE', { path: outputDirectory }],
  ]);
  expect(mappingSet.outputDirectory).toBeNull();
});

test('a mistake in one member hides neither the others nor further mistakes', () => {
  const { mappingSet, diagnostics } = parse({ schemas: 3, dialects: ['mssql'], golden: 4, x: 5 });
  expect(mappingSet).toMatchObject({ schemas: [], dialects: ['mssql'] });
  expect(diagnostics.map(({ member }) => member).sort()).toEqual(['golden', 'schemas', 'x']);
});

test.each([
  [['a', '..\\schemas\\campus'], '/schemas/1 is "..\\\\schemas\\\\campus"; expected "../schemas/campus".'],
  [['.\\campus\\'], '/schemas/0 is ".\\\\campus\\\\"; expected "./campus/".'],
  [['C:\\schemas'], '/schemas/0 is "C:\\\\schemas"; expected "C:/schemas".'],
])('an entry with backslashes is refused on every system, with the right spelling: %j', (entries, message) => {
  expect(diagnosticsOf({ schemas: entries })).toEqual([['schemas', `error CONFIG_INVALID ${file}: ${message}`]]);
});

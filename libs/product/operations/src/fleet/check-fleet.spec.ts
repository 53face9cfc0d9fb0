import { formatDiagnostic } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { checkFleetMember, parseFleet } from './check-fleet.ts';

const file = 'fleet.json';
const parse = (content: unknown) =>
  parseFleet(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), file);
const diagnosticsOf = (content: unknown) => parse(content).diagnostics.map((entry) => formatDiagnostic(entry));

describe('a fleet.json', () => {
  it('lists databases, or says by which variables or which query they are found', () => {
    const databases = [
      { name: 'north-2026', labels: { year: '2026' }, env: 'NORTH' },
      { name: 'south', $comment: 'new', file: 'secrets/south', ods: { file: 'secrets/ods', since: '4711' } },
    ];
    expect(parse({ $schema: 'x', $comment: 1, databases })).toEqual({
      fleet: {
        dialect: 'pgsql',
        file,
        pointer: '',
        listPointer: '/databases',
        list: {
          kind: 'listed',
          databases: [
            { name: 'north-2026', labels: { year: '2026' }, place: { env: 'NORTH' } },
            {
              name: 'south',
              labels: {},
              place: { file: 'secrets/south' },
              ods: { place: { file: 'secrets/ods' }, since: '4711' },
            },
          ],
        },
      },
      diagnostics: [],
    });
    expect(parse({ dialect: 'mssql', env: 'DB_{district}_{year}' }).fleet).toEqual({
      dialect: 'mssql',
      file,
      pointer: '',
      listPointer: '/databases',
      list: { kind: 'variables', pattern: 'DB_{district}_{year}', ods: null },
    });
    expect(parse({ query: { sql: 'SELECT name FROM d', catalog: { env: 'CATALOG' } } }).fleet?.list).toEqual({
      kind: 'query',
      sql: 'SELECT name FROM d',
      catalog: { env: 'CATALOG' },
      server: null,
      odsServer: null,
    });
  });

  it('says by which variables or on which server the ODSs are found', () => {
    const variables = {
      env: 'DB_{district}_{year}',
      ods: { env: 'ODS_{year}_{district}', sinceEnv: 'V_{district}_{year}' },
    };
    expect(parse(variables).fleet?.list).toEqual({
      kind: 'variables',
      pattern: 'DB_{district}_{year}',
      ods: { pattern: 'ODS_{year}_{district}', since: 'V_{district}_{year}' },
    });
    const query = { sql: 'SELECT name, ods FROM d', catalog: { env: 'CATALOG' }, odsServer: { env: 'ODS' } };
    expect(parse({ query }).fleet?.list).toMatchObject({ server: null, odsServer: { env: 'ODS' } });
  });

  it.each([
    ['{', 'error CONFIG_INVALID fleet.json:1:2: Invalid JSON'],
    [{}, 'A fleet must be an object with one of "databases", "env" and "query"; correct it.'],
    [
      { databases: [], env: 'A_{b}' },
      'A fleet must be an object with one of "databases", "env" and "query"; correct it.',
    ],
    [{ databases: {} }, '/databases must be a list of databases; correct it.'],
    [
      { databases: [{ name: 'a' }] },
      '/databases/0 must be an object with one of "env", "file" and "target"; correct it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', file: 'b' }] },
      '/databases/0 must be an object with one of "env", "file" and "target"; correct it.',
    ],
    ...['pgsql', 'mssql', 'single', 'a:b', '', '-a', 'a b', 3].map((name): [unknown, string] => [
      { databases: [{ name, env: 'A' }] },
      '/databases/0/name must be a name of letters, digits, "-", "_" and ".", that begins with a letter or a digit and is neither the name of a dialect nor "single" nor "dry-run"; correct it.',
    ]),
    [
      { databases: [{ name: 'a', env: 'A', labels: { year: 2026 } }] },
      '/databases/0/labels/year must be a text that is not empty and has no control characters; correct it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', labels: { 'a=b': 'x' } }] },
      '/databases/0/labels/a=b must be a label of letters, digits, "-", "_" and "."; correct it.',
    ],
    [
      {
        databases: [
          { name: 'a', env: 'A' },
          { name: 'b', env: 'B' },
          { name: 'a', env: 'C' },
        ],
      },
      '/databases/2/name is "a", which is also the name of /databases/0/name; rename one of them.',
    ],
    ...['NORTH_DB', 'A_{b}_{b}', 'A_{b', ''].map((env): [unknown, string] => [
      { env },
      '/env must be the name of a variable with at least one {label} in it, each label once; correct it.',
    ]),
    [
      { query: { sql: 'SELECT 1' } },
      '/query/catalog is missing; expected an object with one of "env", "file" and "target".',
    ],
    [{ dialect: 'oracle', databases: [] }, '/dialect must be "pgsql" or "mssql"; correct it.'],
    [
      { databases: [{ name: 'a', env: 'A', label: {} }] },
      '/databases/0/label is unknown; did you mean "labels"? Correct or remove it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', ods: { since: '1' } }] },
      '/databases/0/ods must be an object with one of "env", "file" and "target", and perhaps "since"; correct it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', ods: { env: 'B', since: 4711 } }] },
      '/databases/0/ods/since must be a version as a text of up to 18 digits, or "last"; correct it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', ods: { env: 'B', sinse: '1' } }] },
      '/databases/0/ods/sinse is unknown; did you mean "since"? Correct or remove it.',
    ],
    [
      { env: 'A_{b}', ods: { env: 'C_{d}' } },
      '/ods must be an object beside "env", whose patterns have the labels of "env"; correct it.',
    ],
    [
      { env: 'A_{b}', ods: { env: 'C_{b}', sinceEnv: 'D_{e}' } },
      '/ods must be an object beside "env", whose patterns have the labels of "env"; correct it.',
    ],
    [
      { databases: [{ name: 'a', env: 'A' }], ods: { env: 'C_{b}' } },
      '/ods must be an object beside "env", whose patterns have the labels of "env"; correct it.',
    ],
    [{ env: 'A_{b}', ods: { env: 'C' } }, '/ods/env must be the name of a variable with at least one {label} in it'],
    [
      { env: 'A_{b}', ods: { sinceEnv: 'C_{b}' } },
      '/ods/env is missing; expected the name of a variable with at least one {label} in it',
    ],
    [
      { env: 'A_{b}', ods: { env: 'C_{b}', since: '1' } },
      '/ods/since is unknown; the known members are "$comment", "env", "sinceEnv". Remove it.',
    ],
    [
      { query: { sql: 'SELECT 1', catalog: { env: 'C' }, odsServer: {} } },
      '/query/odsServer must be an object with one of "env", "file" and "target"; correct it.',
    ],
    [
      { databases: ['a', 'b'].map((name) => ({ name, connection: 'pglite:x' })) },
      '/databases/0/connection is unknown; did you mean "target"? Correct it. The same mistake is in /databases/1/connection.',
    ],
    [
      { databases: ['a', 'b', 'c', 'd'].map((name) => ({ name, adress: 'pglite:x' })) },
      '/databases/0/adress is unknown; expected an object with one of "env", "file" and "target". Correct it. The same mistake is in /databases/1/adress, /databases/2/adress and 1 more place.',
    ],
    [
      { databases: [{ name: 'a', env: 'A', file: 'B', remark: 'c' }] },
      '/databases/0/remark is unknown; the known members are',
      '/databases/0 must be an object with one of "env", "file" and "target"; correct it.',
    ],
    [
      { databases: [{ nam: 'a', env: 'A' }] },
      '/databases/0/nam is unknown; did you mean "name"? Correct or remove it.',
    ],
    [
      { databases: [{ env: 'A' }, { env: 'B' }] },
      '/databases/0/name is missing; expected a name of letters, digits, "-", "_" and ".", that begins with a letter or a digit and is neither the name of a dialect nor "single" nor "dry-run". The same mistake is in /databases/1/name.',
    ],
    [{ databases: [], envs: 1 }, '/envs is unknown; did you mean "env"? Correct or remove it.'],
  ])('%j is refused', (content, ...messages) => {
    expect(diagnosticsOf(content)).toEqual(messages.map((message) => expect.stringContaining(String(message))));
  });
});

describe('databases.fleet of a dms.json', () => {
  it('is a list, a file beside it, or an object', () => {
    const databases = [{ name: 'a', env: 'A' }];
    const list = { kind: 'listed', databases: [{ name: 'a', labels: {}, place: { env: 'A' } }] };
    const inline = (listPointer: string) => ({
      kind: 'inline',
      fleet: { dialect: 'pgsql', list, file: 'sets/dms/dms.json', pointer: '/databases/fleet', listPointer },
    });
    expect(checkFleetMember(databases, 'sets/dms/dms.json')).toEqual({
      fleet: inline('/databases/fleet'),
      diagnostics: [],
    });
    expect(checkFleetMember({ databases }, 'sets/dms/dms.json').fleet).toEqual(inline('/databases/fleet/databases'));
    expect(checkFleetMember('../fleet.json', 'sets/dms/dms.json').fleet).toEqual({
      kind: 'file',
      file: 'sets/fleet.json',
    });
  });

  it.each([
    [3, '/databases/fleet must be a list of databases, the name of a file with one, or an object; correct it.'],
    ['../../../../fleet.json', '/databases/fleet is "../../../../fleet.json"; expected a file inside the workspace.'],
    [[{ name: 'a' }], '/databases/fleet/0 must be an object with one of "env", "file" and "target"; correct it.'],
    [
      { databases: [{ name: 'a' }] },
      '/databases/fleet/databases/0 must be an object with one of "env", "file" and "target"; correct it.',
    ],
  ])('%j is refused', (value, message) => {
    const { fleet, diagnostics } = checkFleetMember(value, 'sets/dms/dms.json');
    expect([fleet, diagnostics.map((entry) => entry.message)]).toEqual([null, [message]]);
  });
});

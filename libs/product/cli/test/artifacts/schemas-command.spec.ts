import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nextLines } from '@dms/operations';
import { type OwnSchema, ownSchemaFile } from '@dms/testing';
import { type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* schemas on the command line (design 10 §5). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-schemas-'));
const place = (...names: string[]) => path.join(scratch, ...names);
const copied = (schema: OwnSchema, ...names: string[]) => {
  mkdirSync(path.dirname(place(...names)), { recursive: true });
  cpSync(ownSchemaFile(schema), place(...names));
};

beforeAll(() => {
  copied('athletics', 'installed', 'a', 'ApiSchema-EXTENSION.json');
  copied('campus', 'installed', 'node_modules', 'core', 'apischema.json');
  writeFileSync(place('installed', 'ApiSchemaNotes.json'), '{"about": "no schema"}');
  writeFileSync(place('installed', 'package.json'), '{}');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('prints a dms.json with the core before its extensions, which emit takes', async () => {
  const { code, out, err } = await ran(['schemas', place('installed')]);
  expect(code).toBe(0);
  expect(err).toContain('Campus 1.0.0, a core, format 1.0.0: ');
  const files = [
    place('installed', 'node_modules', 'core', 'apischema.json'),
    place('installed', 'a', 'ApiSchema-EXTENSION.json'),
  ];
  expect(JSON.parse(out)).toEqual({ schemas: files.map((file) => file.replaceAll('\\', '/')) });
  writeFileSync(place('dms.json'), out);
  expect((await ran(['hash', place('dms.json')])).out).toBe(
    (await ran(['hash', '--schema', ownSchemaFile('campus'), ownSchemaFile('athletics')])).out,
  );
});

it('--json says the project and the version of each file', async () => {
  const { out } = await ran(['schemas', place('installed'), '--json']);
  expect(jsonLines(out)).toMatchObject([
    {
      command: 'schemas',
      schemas: [
        { project: 'Campus', endpoint: 'campus', isExtension: false, format: '1.0.0', fits: { v1: { kind: 'fits' } } },
        { project: 'Athletics', isExtension: true, fits: { v1: { kind: 'fits' }, v2: { kind: 'refused' } } },
      ],
      older: [],
    },
  ]);
});

it('a file of an older format is named, and left out', async () => {
  mkdirSync(place('older'));
  writeFileSync(place('older', 'ApiSchema.json'), '{"projectSchemas": {}}');
  const { out } = await ran(['schemas', place('older'), place('installed'), '--json']);
  expect(jsonLines(out)).toMatchObject([{ older: [place('older', 'ApiSchema.json')], schemas: { length: 2 } }]);
  // also if the output goes to a file
  const { code, err } = await ran(['schemas', place('older'), place('installed'), '--quiet']);
  expect(code).toBe(0);
  expect(err).toMatch(
    /^warning INPUT_LEGACY_LEFT_OUT \S*older\S*ApiSchema\.json has .* dms-ddl convert writes a file to use\.\n$/,
  );
});

it('two versions of a project are refused, with both files', async () => {
  copied('campus', 'twice', 'one', 'ApiSchema.json');
  copied('campus', 'twice', 'two', 'ApiSchema.json');
  const { code, out, err } = await ran(['schemas', place('twice')]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('error CONFIG_SCHEMA_DUPLICATE');
  for (const name of ['one', 'two']) expect(err).toContain(place('twice', name, 'ApiSchema.json'));
});

it('a folder without such a file, or that is not there, is an error', async () => {
  mkdirSync(place('empty'));
  for (const name of ['empty', 'nowhere'])
    expect(await ran(['schemas', place(name)])).toMatchObject({
      code: 1,
      err: expect.stringContaining('error INPUT_FILE_NOT_FOUND'),
    });
});

it('says which data standard an extension was made for, and that it does not fit another core', async () => {
  const extension = JSON.parse(readFileSync(ownSchemaFile('athletics'), 'utf8'));
  extension.projectSchema.compatibleDsRange = '5.2.0';
  mkdirSync(place('unfit'));
  writeFileSync(place('unfit', 'ApiSchema-EXTENSION.json'), JSON.stringify(extension));
  const { err } = await ran(['schemas', place('unfit'), ownSchemaFile('district')]);
  expect(err).toContain('  data standard 1.0\n');
  expect(err).toContain('  made for data standard 5.2.0\n');
  expect(err).toMatch(/^Extensions that do not fit the core Ed-Fi 1\.0\.0: Athletics 0\.9\.0$/m);
});

it('prints a mistake of several generations once, and names the generations unless all report it', async () => {
  const core = JSON.parse(readFileSync(ownSchemaFile('campus'), 'utf8'));
  const [first] = Object.values<{ identityJsonPaths: string[] }>(core.projectSchema.resourceSchemas);
  first?.identityJsonPaths.push('$.nothing');
  mkdirSync(place('broken'));
  writeFileSync(place('broken', 'ApiSchema.json'), JSON.stringify(core));
  const { err } = await ran(['schemas', place('broken')]);
  expect(err.split('\n').map((line) => line.split(/(?<=^ +[A-Z_]{9,}) /)[0])).toEqual([
    expect.stringMatching(/^Campus 1\.0\.0, a core/),
    '  v1: does not fit, because of 1 mistake',
    '  v2: does not fit, because of 4 mistakes',
    '  v2-natural: does not fit, because of 4 mistakes',
    '  Mistakes for every generation:',
    '    IDENTITY_PATH_UNMAPPED',
    '  Mistakes for v2 and v2-natural:',
    ...Array(3).fill('    COLLECTION_IDENTITY_MISSING'),
    '',
  ]);
  const [{ schemas } = { schemas: [] }] = jsonLines((await ran(['schemas', place('broken'), '--json'])).out);
  const later = { code: 'COLLECTION_IDENTITY_MISSING', generations: ['v2', 'v2-natural'] };
  expect(schemas).toMatchObject([
    { fits: { v1: { kind: 'refused' }, v2: { kind: 'refused' } }, mistakes: [{}, later, later, later] },
  ]);
  expect(schemas[0].mistakes[0]).not.toHaveProperty('generations');
});

describe('a package', () => {
  const bytesOf = (schema: OwnSchema) => new Uint8Array(readFileSync(ownSchemaFile(schema)));
  const packed = (name: string, files: Zippable) => {
    writeFileSync(place(name), zipSync(files));
    return place(name);
  };
  const refused = async (...args: string[]) => {
    const { code, out, err } = await ran(['schemas', ...args]);
    expect([code, out]).toEqual([1, '']);
    return err;
  };

  it('has its schemas written, byte for byte, with a dms.json that emit takes', async () => {
    const core = packed('District.1.0.0.nupkg', {
      'contentFiles/any/ApiSchema/ApiSchema.json': bytesOf('district'),
      'contentFiles/any/ApiSchema/xsd/Ed-Fi-Core.xsd': new Uint8Array([60]),
      'District.nuspec': new Uint8Array([60]),
    });
    const extension = packed('Transport.1.0.0.nupkg', { 'ApiSchema/ApiSchema-EXTENSION.json': bytesOf('transport') });
    const { code, out, err } = await ran(['schemas', extension, core, '--output', place('schemas')]);
    expect([code, err]).toEqual([0, '']);
    const file = place('schemas', 'ed-fi', 'ApiSchema.json');
    const other = place('schemas', 'transport', 'ApiSchema-EXTENSION.json');
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /^Ed-Fi \S+, a core, format 1\.0\.0: .*District\.1\.0\.0\.nupkg!\/contentFiles\/any\/ApiSchema\/ApiSchema\.json$/,
      ),
      '  data standard 1.0',
      '  v1: fits',
      '  v2: fits',
      '  v2-natural: fits',
      expect.stringMatching(
        /^Transport \S+, an extension, format 1\.0\.0: .*nupkg!\/ApiSchema\/ApiSchema-EXTENSION\.json$/,
      ),
      '  v1: fits',
      '  v2: fits',
      '  v2-natural: fits',
      expect.stringMatching(/^Extensions that fit the core Ed-Fi \S+: Transport \S+$/),
      `Written: ${file}`,
      `Written: ${other}`,
      `Written: ${place('schemas', 'dms.json')}`,
      ...nextLines({
        emit: `dms-ddl emit ${place('schemas')}`,
        verify: `dms-ddl verify ${place('schemas')}`,
        provision: `dms-ddl provision ${place('schemas')} --connection-env DATABASE --create-database --dry-run`,
      }),
      '',
    ]);
    expect(readFileSync(file).equals(bytesOf('district'))).toBe(true);
    expect(JSON.parse(readFileSync(place('schemas', 'dms.json'), 'utf8'))).toEqual({
      schemas: ['ed-fi/ApiSchema.json', 'transport/ApiSchema-EXTENSION.json'],
    });
    expect((await ran(['hash', place('schemas')])).out).toBe(
      (await ran(['hash', '--schema', ownSchemaFile('district'), ownSchemaFile('transport')])).out,
    );
  });

  it('is only looked into without --output', async () => {
    const { code, out, err } = await ran(['schemas', packed('look.nupkg', { 'ApiSchema.json': bytesOf('campus') })]);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^Campus 1\.0\.0, a core, format 1\.0\.0: .*look\.nupkg!\/ApiSchema\.json$/),
      '  v1: fits',
      '  v2: does not fit, because of 3 mistakes',
      '  v2-natural: does not fit, because of 3 mistakes',
      '  Mistakes for v2 and v2-natural:',
      ...Array(3).fill(expect.stringMatching(/^ {4}COLLECTION_IDENTITY_MISSING Campus:\w+: nothing distinguishes /)),
      '',
    ]);
  });

  it('with an extension alone leaves open what it fits', async () => {
    const { out } = await ran(['schemas', packed('alone.zip', { 'ApiSchema-EXTENSION.json': bytesOf('athletics') })]);
    expect(out.match(/open, because an extension shows only beside its core; name the core too/g)).toHaveLength(3);
  });

  it('of the older format is written too, but no dms.json names it', async () => {
    const older = packed('older.nupkg', { 'a/ApiSchema.json': new TextEncoder().encode('{"projectSchemas": {}}') });
    const { code, out, err } = await ran(['schemas', older, '--output', place('of-older')]);
    expect([code, out]).toEqual([0, `Written: ${place('of-older', 'older-format', 'ApiSchema.json')}\n`]);
    expect(err).toMatch(
      /^warning INPUT_LEGACY_LEFT_OUT .*dms-ddl convert \S+older-format\S*ApiSchema\.json --output converted\n$/,
    );
    expect(readdirSync(place('of-older'))).toEqual(['older-format']);
  });

  it('that is damaged, too large or no package leaves nothing behind', async () => {
    const whole = zipSync({ 'ApiSchema.json': bytesOf('campus') });
    writeFileSync(place('cut.nupkg'), whole.subarray(0, whole.length / 2));
    writeFileSync(place('none.tgz'), 'no archive');
    // the directory of the archive claims 4 GB
    const huge = Buffer.from(whole);
    const header = huge.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    huge.writeUInt32LE(0xfffffff0, header + 24);
    writeFileSync(place('huge.nupkg'), huge);
    for (const name of ['cut.nupkg', 'none.tgz', 'huge.nupkg']) {
      expect(await refused(place(name), '--output', place('nothing'))).toMatch(
        /^error INPUT_PACKAGE_INVALID .*cannot be unpacked/,
      );
      expect(existsSync(place('nothing'))).toBe(false);
    }
    expect(await refused(packed('empty.nupkg', { 'x.json': new Uint8Array() }))).toMatch(
      /^error INPUT_FILE_NOT_FOUND /,
    );
  });

  it('cannot write outside of the folder', async () => {
    const names = ['../../ApiSchema.json', '..\\..\\ApiSchema.json', '/ApiSchema.json'];
    for (const [index, name] of names.entries()) {
      const folder = place('deep', 'er', `${index}`);
      expect(
        (await ran(['schemas', packed('outside.nupkg', { [name]: bytesOf('campus') }), '--output', folder])).code,
      ).toBe(0);
      expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
        'campus',
        path.join('campus', 'ApiSchema.json'),
        'dms.json',
      ]);
    }
    expect(readdirSync(place('deep'))).toEqual(['er']);
    const endpoint = readFileSync(ownSchemaFile('campus'), 'utf8').replace(
      '"projectEndpointName": "campus"',
      '"projectEndpointName": "../x"',
    );
    const unsafe = packed('unsafe.nupkg', { 'ApiSchema.json': new TextEncoder().encode(endpoint) });
    expect(await refused(unsafe, '--output', place('deep', 'unsafe'))).toMatch(/^error INPUT_VALUE_UNSAFE /);
    expect(readdirSync(place('deep'))).toEqual(['er']);
  });

  it('replaces nothing', async () => {
    mkdirSync(place('taken'));
    writeFileSync(place('taken', 'dms.json'), '{}');
    const file = packed('once.nupkg', { 'ApiSchema.json': bytesOf('campus') });
    expect(await refused(file, '--output', place('taken'))).toMatch(/^error DDL_OUTPUT_NOT_EMPTY /);
    expect(readFileSync(place('taken', 'dms.json'), 'utf8')).toBe('{}');
  });
});

it('a file that is named must be an ApiSchema file', async () => {
  const file = place('installed', 'ApiSchemaNotes.json');
  expect((await ran(['schemas', file])).err).toMatch(/^error INPUT_PROJECT_MISSING .*ApiSchemaNotes\.json/);
  expect((await ran(['schemas', ownSchemaFile('campus')])).code).toBe(0);
});

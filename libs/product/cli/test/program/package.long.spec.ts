import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, ownSchemaFile, ownSchemas } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* The package as it is installed: packed, unpacked, imported and compiled against. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-package-'));
const packageFolder = path.resolve(import.meta.dirname, '../..');
const workspace = path.resolve(packageFolder, '../../..');
const packageName = 'dms-ddl';
const schemas = ownSchemas.map(ownSchemaFile);

function succeeded(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  succeeded(process.execPath, ['--import', 'tsx', 'tools/build/packages.ts'], workspace);
  const packed = succeeded('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], packageFolder);
  const [{ filename }] = JSON.parse(packed);
  const target = path.join(scratch, 'node_modules/dms-ddl');
  mkdirSync(target, { recursive: true });
  succeeded('tar', ['-xzf', filename, '-C', target, '--strip-components=1'], scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(path.join(scratch, name), text);
  return name;
}

const node = (name: string, text: string) => succeeded(process.execPath, [write(name, text)], scratch);

describe('the packed dms-ddl', () => {
  it('contains everything that is run, and no source, test or fixture', () => {
    const names = readdirSync(path.join(scratch, 'node_modules/dms-ddl'), { recursive: true, encoding: 'utf8' });
    expect(names).toEqual(
      expect.arrayContaining([
        'dms.schema.json',
        'fleet.schema.json',
        'translation.schema.json',
        'bin/dms-ddl.mjs',
        'dist/cli.mjs',
        'dist/index.mjs',
        'dist/index.d.ts',
      ]),
    );
    expect(names.filter((name) => /(^|\/)(src|test|fixtures)(\/|$)|\.spec\./.test(name))).toEqual([]);
    expect(readFileSync(path.join(scratch, 'node_modules/dms-ddl/dist/index.d.ts'), 'utf8')).not.toMatch(
      /import|@dms\//,
    );
  });

  it('is a command', async () => {
    const args = ['hash', ...schemas.flatMap((file) => ['--schema', file])];
    const out = succeeded(process.execPath, ['node_modules/dms-ddl/bin/dms-ddl.mjs', ...args], scratch);
    expect(out).toBe((await ran(args)).out);
  });

  it.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['24.0.0', true],
  ])('under Node %s says what it needs, or works: %s', (version, works) => {
    // the version of Node that a process reports, which is all that the program can query
    const text = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    const args = [
      '--require',
      `./${write('other-node.cjs', text)}`,
      'node_modules/dms-ddl/bin/dms-ddl.mjs',
      '--version',
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8' });
    const needs = `dms-ddl needs Node 20.19 or newer; this is Node ${version}.\n`;
    expect([status, stdout, stderr]).toEqual(
      works ? [0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), ''] : [1, '', needs],
    );
    const { engines } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
    expect(engines).toEqual({ node: '>=20.19.0' });
  });

  it('has parts that can all be loaded', () => {
    const parts = path.join(scratch, 'node_modules/dms-ddl/dist/parts');
    const names = readdirSync(parts).filter((name) => name.endsWith('.mjs'));
    expect(names.length).toBeGreaterThan(20);
    const load = `for (const name of ${JSON.stringify(names)}) await import(\`${parts}/\${name}\`);`;
    expect(node('load.mjs', load)).toBe('');
  });

  // other systems open files with their own programs
  it.skipIf(process.platform !== 'linux')(
    'opens the page that it has written, or says that nothing could',
    async () => {
      const programs = path.join(scratch, 'programs');
      mkdirSync(programs);
      const opened = path.join(scratch, 'opened.txt');
      writeFileSync(path.join(programs, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 });
      const command = (args: readonly string[], PATH = process.env.PATH) => {
        const program = path.join(scratch, 'node_modules/dms-ddl/bin/dms-ddl.mjs');
        const options = { cwd: scratch, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', PATH } } as const;
        const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
        return { status, stdout, stderr };
      };
      const emitted = command(['emit', ...schemas.flatMap((file) => ['--schema', file]), '--output', 'explored']);
      expect(emitted.status).toBe(0);
      const explore = ['explore', '--artifacts', 'explored', '--open'];
      const written = { status: 0, stdout: `Page written to ${path.join('explored', 'model.html')}\n` };
      const said = 'No browser could be started (spawn xdg-open ENOENT). Open the file in a browser yourself.\n';
      expect(command(explore, path.join(scratch, 'nothing'))).toEqual({ ...written, stderr: said });
      expect(command(explore, `${programs}:${process.env.PATH}`)).toEqual({ ...written, stderr: '' });
      // the program that opens the page runs independently
      await expect
        .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'))
        .toBe(path.join(scratch, 'explored', 'model.html'));
    },
  );

  it('copies documents into a database', async () => {
    // the client is installed beside the package, and loaded from there
    symlinkSync(path.join(workspace, 'node_modules/pg'), path.join(scratch, 'node_modules/pg'));
    const database = await createScratchDatabase();
    try {
      const program = ['node_modules/dms-ddl/bin/dms-ddl.mjs'];
      const own = [
        ...schemas.flatMap((file) => ['--schema', file]),
        '--dialect',
        'pgsql',
        '--connection',
        database.url,
      ];
      succeeded(process.execPath, [...program, 'provision', ...own], scratch);
      const sample = [
        'sample',
        ...schemas.flatMap((file) => ['--schema', file]),
        '--documents',
        '10',
        '--output',
        'sample',
      ];
      succeeded(process.execPath, [...program, ...sample], scratch);
      const out = succeeded(process.execPath, [...program, 'load', 'sample', ...own, '--bulk'], scratch);
      expect(out).toMatch(/^[1-9]\d* documents written in /m);
    } finally {
      await database.drop();
    }
  });

  it('is a library whose emit does what the command does', async () => {
    const script = `
      import { DmsError, check, emit, hash } from '${packageName}';
      const schemas = ${JSON.stringify(schemas)};
      const before = await check({ schemas, output: 'out', dialects: ['pgsql'] });
      const emitted = await emit({ schemas, output: 'out', dialects: ['pgsql'] });
      const after = await check({ schemas, output: 'out', dialects: ['pgsql'] });
      const { effectiveSchemaHash } = await hash({ schemas });
      const failure = await hash({ schemas: [{ name: 'mine', content: '{ "projectSchema": 3 }' }] }).catch((error) => error);
      console.log(JSON.stringify({ before: before.changes.length, after: after.changes.length, emitted, effectiveSchemaHash,
        failure: { isDmsError: failure instanceof DmsError, code: failure.code, where: failure.diagnostics[0].where } }));`;
    const { emitted, failure, ...found } = JSON.parse(node('use.mjs', script));
    const args = ['emit', ...schemas.flatMap((file) => ['--schema', file]), '--dialect', 'pgsql', '--json'];
    const command = JSON.parse((await ran([...args, '--output', path.join(scratch, 'command')])).out);
    const { diagnostics, ...result } = emitted;
    expect({ type: 'result', command: 'emit', ...result, output: command.output }).toEqual(command);
    expect(diagnostics).toEqual([]);
    expect(found).toEqual({ before: result.files.length, after: 0, effectiveSchemaHash: result.effectiveSchemaHash });
    expect(failure).toEqual({
      isDmsError: true,
      code: 'INPUT_PROJECT_MALFORMED',
      where: { file: 'mine', path: 'projectSchema', line: 1, column: 20 },
    });
  });

  it('is required as well', () => {
    expect(node('use.cjs', `console.log(Object.keys(require('${packageName}')).sort().join())`)).toBe(
      'DmsError,check,emit,hash,openMappingSet,readMappingSet,translate\n',
    );
  });

  it('has types', () => {
    write('package.json', '{ "type": "module" }');
    const use = write(
      'use.ts',
      `import { DmsError, type Diagnostic, type EmitResult, emit } from '${packageName}';
      export async function compile(): Promise<readonly string[]> {
        try {
          const result: EmitResult = await emit({ schemas: ['a.json'], output: 'out', dialects: ['pgsql'] });
          return result.files.map(({ name, sha256 }) => name + sha256);
        } catch (error) {
          if (!(error instanceof DmsError)) throw error;
          const [first]: readonly Diagnostic[] = error.diagnostics;
          return [error.code, String(first?.where.line)];
        }
      }
      // @ts-expect-error there is no such database
      export const wrong = () => emit({ schemas: [], output: 'out', dialects: ['oracle'] });`,
    );
    const compiler = path.join(workspace, 'node_modules/typescript/bin/tsc');
    const options = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--module',
      'nodenext',
      '--target',
      'es2022',
    ];
    expect(succeeded(process.execPath, [compiler, ...options, '--types', '', use], scratch)).toBe('');
  });
});

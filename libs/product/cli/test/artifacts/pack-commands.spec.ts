import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* dms-ddl pack (design 08 §12). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-cli-pack-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const place = (...parts: string[]) => path.join(scratch, ...parts);
const schema = ['--schema', ownSchemaFile('campus')];

let pack = '';
beforeAll(async () => {
  const { code, out } = await ran([
    'pack',
    'build',
    ...schema,
    '--dialect',
    'pgsql',
    '--output',
    place('packs'),
    '--json',
  ]);
  expect(code).toBe(0);
  const [result] = jsonLines(out);
  expect(result).toMatchObject({ type: 'result', command: 'pack build', output: place('packs') });
  pack = result.files[0].file;
});

describe('dms-ddl pack', () => {
  it('build writes a file that is named for its schema set', async () => {
    const { out } = await ran(['hash', ...schema]);
    expect(readdirSync(place('packs'))).toEqual(['pgsql']);
    expect(path.relative(place('packs'), pack)).toBe(path.join('pgsql', `dms-mappingpack-v1-${out.trim()}.mpack`));
    const again = await ran(['pack', 'build', ...schema, '--output', place('both')]);
    expect(again.out.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(/pgsql.*\.mpack {2}\d+ bytes$/),
      expect.stringMatching(/mssql.*\.mpack {2}\d+ bytes$/),
    ]);
  });

  it('manifest writes its content', async () => {
    const { code, out } = await ran(['pack', 'manifest', pack, '--output', place('manifest'), '--plans']);
    expect([code, out]).toEqual([
      0,
      `Written: ${place('manifest', 'pack.manifest.json')}\nWritten: ${place('manifest', 'mappingset.manifest.json')}\n`,
    ]);
    expect(JSON.parse(readFileSync(place('manifest', 'pack.manifest.json'), 'utf8'))).toMatchObject({
      dialect: 'pgsql',
      pack_format_version: 1,
    });
  });

  it('verify says that it is valid, and compares it with a schema set', async () => {
    const alone = await ran(['pack', 'verify', pack]);
    expect([alone.code, alone.err]).toEqual([0, '']);
    expect(alone.out).toContain(`${pack} is valid.\n`);
    const compared = await ran(['pack', 'verify', pack, ...schema]);
    expect(compared.out).toContain('is valid, and equals what pack build makes from the schema set.\n');
    const json = jsonLines((await ran(['pack', 'verify', pack, '--json'])).out);
    expect(json).toMatchObject([{ type: 'result', command: 'pack verify', file: pack, dialect: 'pgsql' }]);
  });

  it('a pattern stands for the pack where no shell expands it', async () => {
    const pattern = place('packs', 'pgsql', '*.mpack');
    expect((await ran(['pack', 'verify', pattern])).out).toContain(`${pack} is valid.\n`);
    const written = await ran(['pack', 'manifest', pattern, '--output', place('by-pattern')]);
    expect([written.code, readdirSync(place('by-pattern'))]).toEqual([0, ['pack.manifest.json']]);
    const options = ['--pack', pattern, '--connection', `pglite:${place('none')}`, '--output', place('dumped')];
    const dumped = await ran(['dump', ...options]);
    expect(dumped.err).not.toContain('INPUT_FILE_NOT_FOUND');
    expect((await ran(['pack', 'verify', place('*', '*.none')])).err).toContain(
      'INPUT_FILE_NOT_FOUND No file matches ',
    );
  });

  it('verify fails for another schema set, and for bytes that were changed', async () => {
    const other = await ran(['pack', 'verify', pack, ...schema, '--schema', ownSchemaFile('athletics')]);
    expect([other.code, other.out]).toEqual([1, '']);
    expect(other.err).toMatch(
      /^error PACK_HEADER_MISMATCH .*effective_schema_hash: expected [0-9a-f]{64}, found [0-9a-f]{64}/,
    );
    const bytes = readFileSync(pack);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 255;
    writeFileSync(place('changed.mpack'), bytes);
    const changed = await ran(['pack', 'verify', place('changed.mpack')]);
    expect([changed.code, changed.out]).toEqual([1, '']);
    expect(changed.err).toMatch(/^error PACK_(DECOMPRESS|PAYLOAD_HASH) .*changed\.mpack/);
  });

  it.each([
    ['no command', ['pack'], 'Usage: dms-ddl pack'],
    ['no source', ['pack', 'build', '--output', 'x'], "'--schema <file...>'"],
    ['no folder', ['pack', 'build', ...schema], "required option '--output <dir>' not specified"],
    ['no file', ['pack', 'verify'], "missing required argument 'file'"],
  ])('with %s is wrong use', async (_, args, text) => {
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(text);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpedTexts, ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/* `load` of documents that are translated: from files, and from another database (design 20 §6). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-translated-load-'));
const place = (name: string) => path.join(scratch, name);
const databases = namedDatabases('first', 'second', 'third');
const schemas = ownSchemasV2.flatMap((name) => ['--schema', ownSchemaFile(name)]);
const at = (name: string, artifacts = 'v1') => ['--artifacts', place(artifacts), ...databases.connection(name)];
const fromFirst = ['--from-database-env', databases.connection('first')[1] ?? ''];

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
  return out;
}

const dumped = async (name: string, artifacts: string) => {
  const folder = place(`dump-${name}-${Math.random()}`);
  await done('dump', ...at(name, artifacts), '--output', folder);
  return Object.fromEntries(
    Object.entries(dumpedTexts(folder)).map(([file, text]) => [file, text.split('\n').sort().join('\n')]),
  );
};

beforeAll(async () => {
  for (const version of ['v1', 'v2'])
    await done('emit', ...schemas, '--dialect', 'pgsql', '--mapping-version', version, '--output', place(version));
  await done('provision', ...at('first'), '--dialect', 'pgsql');
  await done('provision', ...at('second', 'v2'), '--dialect', 'pgsql');
  await done('provision', ...at('third'), '--dialect', 'pgsql');
  await done('sample', '--artifacts', place('v1'), '--documents', '300', '--output', place('sample'));
  await done('load', place('sample'), ...at('first'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('load from another database', () => {
  const copy = (...args: string[]) =>
    ran(['load', ...fromFirst, '--before', place('v1'), ...at('second', 'v2'), '--verify', ...args]);

  it('refuses one without documents, unless that is permitted', async () => {
    const fromThird = ['load', '--from-database-env', databases.connection('third')[1] ?? '', ...at('first')];
    expect(await ran([...fromThird, '--on-existing', 'skip'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('error DOCUMENT_INPUT_EMPTY The other database holds no document.'),
    });
    expect(await ran([...fromThird, '--allow-empty'])).toMatchObject({ code: 0 });
  });

  it('copies all documents into another generation, and compares them', async () => {
    const { code, out, err } = await copy();
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\nCompared with what was read: \d+ documents, all equal\n/);
    expect(await dumped('second', 'v2')).toEqual(await dumped('first', 'v1'));
  });

  it('keeps the ids of documents and of descriptors', async () => {
    const identified = async (name: string, artifacts: string) => {
      const folder = place(`identified-${name}`);
      await done('dump', ...at(name, artifacts), '--keep-ids', '--after', place(artifacts), '--output', folder);
      const texts = readFileSync(path.join(folder, 'documents.jsonl'), 'utf8').trimEnd().split('\n');
      return texts.map((each) => `${JSON.parse(each).resource} ${JSON.parse(each).uuid}`).sort();
    };
    const earlier = await identified('first', 'v1');
    expect(earlier.filter((each) => /Descriptor [0-9a-f-]{36}$/.test(each)).length).toBeGreaterThan(5);
    expect(await identified('second', 'v2')).toEqual(earlier);
  });

  it('goes on where an earlier run has ended', async () => {
    const [result] = jsonLines((await copy('--json')).out);
    const { total, documents } = result as { total: Record<string, number>; documents: Record<string, number> };
    expect(total).toMatchObject({ inserted: 0, replaced: 0, rejected: 0 });
    // equal descriptors are unchanged
    expect((total.skipped ?? 0) + (total.unchanged ?? 0)).toBe(documents.documents);
    expect(documents.different).toBe(0);
  });

  it('keeps the ids of documents, and names those that differ', async () => {
    const records = place('changed.jsonl');
    await done('dump', ...at('first'), '--resource', 'Ed-Fi:Student', '--output', place('students'));
    const [line = ''] = readFileSync(place('students/ed-fi/students.jsonl'), 'utf8').split('\n');
    const changed = { ...JSON.parse(line), firstName: 'Another name' };
    writeFileSync(records, JSON.stringify({ resource: 'Ed-Fi:Student', document: changed }));
    await done('load', records, ...at('second', 'v2'), '--on-existing', 'replace');
    const { code, out, err } = await copy();
    expect(code).toBe(1);
    expect(out).toMatch(/\nCompared with what was read: \d+ documents, 1 document different\n/);
    expect(err).toMatch(/error LOAD_DIFFERS Ed-Fi:Student \S+ differs from the document that was written\./);
  });

  it('translates them', async () => {
    const rules = place('rules.json');
    writeFileSync(rules, JSON.stringify({ drops: [{ before: 'Ed-Fi:School.$.shortNameOfInstitution' }] }));
    const { code, out, err } = await ran(['load', ...fromFirst, ...at('third'), '--translation', rules, '--verify']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\ndrops\[0\] Ed-Fi:School\.\$\.shortNameOfInstitution +0 +\d+ +0\n/);
    const [before, after] = [await dumped('first', 'v1'), await dumped('third', 'v1')];
    const file = 'ed-fi/schools.jsonl';
    const lines = (text = '') =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    const without = lines(before[file]).map(({ shortNameOfInstitution: _, ...document }) => JSON.stringify(document));
    expect(
      lines(after[file])
        .map((document) => JSON.stringify(document))
        .sort(),
    ).toEqual(without.sort());
    expect({ ...after, [file]: '' }).toEqual({ ...before, [file]: '' });
  });
});

describe('dump of documents that are translated', () => {
  const rules = place('dump-rules.json');
  const drop = { before: 'Ed-Fi:School.$.shortNameOfInstitution', because: 'nobody reads it' };
  const dump = (output: string, ...args: string[]) =>
    ran(['dump', ...at('first'), '--translation', rules, '--output', place(output), ...args]);

  it('writes what translate makes of what dump writes', async () => {
    writeFileSync(rules, JSON.stringify({ drops: [drop] }));
    await done('dump', ...at('first'), '--output', place('plain'));
    await done(
      'translate',
      place('plain'),
      '--before',
      place('v1'),
      '--after',
      place('v2'),
      '--translation',
      rules,
      '--output',
      place('expected'),
    );
    const { code, out, err } = await dump('translated', '--after', place('v2'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\ndrops\[0\] Ed-Fi:School\.\$\.shortNameOfInstitution +0 +\d+ +0\n/);
    const texts = (folder: string) =>
      Object.fromEntries(
        Object.entries(dumpedTexts(place(folder))).map(([file, text]) => [file, text.split('\n').sort()]),
      );
    expect(texts('translated')).toEqual(texts('expected'));
    expect(texts('translated')).not.toEqual(texts('plain'));
  });

  it('keeps ids, and names rejects', async () => {
    const name = 'Ed-Fi:School.$.nameOfInstitution';
    writeFileSync(rules, JSON.stringify({ moves: [{ before: name, after: name, values: { nobody: 'x' } }] }));
    const strict = await dump('never');
    expect([strict.code, strict.out]).toEqual([1, expect.stringContaining('Nothing was written')]);
    const { code } = await dump('kept', '--keep-ids', '--continue', '--rejects', place('schools.jsonl'), '--json');
    expect(code).toBe(1);
    const [first = ''] = readFileSync(place('schools.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first)).toMatchObject({
      uuid: expect.any(String),
      problems: [{ code: expect.stringMatching(/^TRANSLATION_/) }],
    });
    const [kept = ''] = readFileSync(place('kept/documents.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(kept)).toHaveProperty('document');
  });

  it('refuses what does not go together', async () => {
    const refused = async (...args: string[]) =>
      (await ran(['dump', ...at('first'), '--output', place('never'), ...args])).err;
    expect(await refused('--since', '1', '--translation', rules)).toContain(
      "option '--since <version>' cannot be used with option '--translation <name>'",
    );
    expect(await refused('--resource', 'Ed-Fi:School', '--after', place('v2'))).toContain(
      "option '--resource <name>' cannot be used with option '--after <dir>'",
    );
    expect(await refused('--keep-ids')).toContain("option '--keep-ids' needs '--after <dir>'");
  });
});

describe('load of files that are translated', () => {
  const record = (document: object) => JSON.stringify({ resource: 'Ed-Fi:StudentContactAssociation', document });
  const named = (student: string) => ({
    studentReference: { studentUniqueId: student },
    contactReference: { contactUniqueId: 'nobody' },
  });

  it('has a file of rejects with the earlier documents, whoever refuses them', async () => {
    const values = { 1: 10 };
    const name = 'Ed-Fi:StudentContactAssociation.$.contactPriority';
    writeFileSync(place('names.json'), JSON.stringify({ moves: [{ before: name, after: name, values }] }));
    writeFileSync(
      place('named.jsonl'),
      [record({ ...named('first'), contactPriority: 2 }), record({ ...named('second'), contactPriority: 1 })].join(
        '\n',
      ),
    );
    const rejects = place('rejects.jsonl');
    const load = (...args: string[]) =>
      ran([
        'load',
        place('named.jsonl'),
        ...at('third'),
        '--translation',
        place('names.json'),
        '--rejects',
        rejects,
        ...args,
      ]);
    expect((await load()).out).toContain('Ended at the first document that was not loaded');
    const { code, err } = await load('--continue');
    expect(code).toBe(1);
    expect(err).toMatch(/error DOCUMENT_REFERENCE_UNRESOLVED \S+named\.jsonl:2/);
    const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { document: { ...named('first'), contactPriority: 2 }, line: 1, problems: [{ code: 'TRANSLATION_VALUE' }] },
      {
        document: { ...named('second'), contactPriority: 1 },
        line: 2,
        problems: [{ code: 'DOCUMENT_REFERENCE_UNRESOLVED' }, { code: 'DOCUMENT_REFERENCE_UNRESOLVED' }],
      },
    ]);
  });

  it('refuses what does not go together', async () => {
    const refused = async (...args: string[]) => (await ran(['load', ...at('third'), ...args])).err;
    expect(await refused('x', '--from-database', 'y')).toContain('name one source');
    expect(await refused('x', '--verify')).toContain("needs '--from-ods <text>', '--from-database <text>'");
    expect(await refused('--from-ods', 'x', '--since', '1', '--before', 'y')).toContain(
      "option '--since <version>' cannot be used with option '--before <dir>'",
    );
  });
});

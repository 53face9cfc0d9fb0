import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { type OnConflict, writeDescriptors } from '@dms/documents';
import { referentialIdNamespace } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { build, modelOf } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, ownSet, provisionedEngines } from '../../test/bench.ts';
import { RecordedConnection } from '../../test/recorded-connection.ts';
import { readDescriptorSet, seedDescriptors } from './seed-descriptors.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'dms-seed-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer) => {
  const place = path.join(scratch, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
};

const edFi = modelOf(
  [
    build.project('Ed-Fi', [build.descriptor('GradeLevelDescriptor'), build.descriptor('TermDescriptor')]),
    build.project('Sample', [build.descriptor('TermDescriptor'), build.descriptor('ToolDescriptor')], {
      isExtension: true,
    }),
  ],
  'pgsql',
);
const read = (paths: readonly string[], options = {}) => readDescriptorSet(edFi, paths, options);

/** The diagnostics of a reading that must fail. */
async function diagnosticsOf(reading: Promise<unknown>): Promise<readonly Diagnostic[]> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DmsError) return error.diagnostics;
  throw error ?? new Error('nothing is wrong');
}

const interchange = (content: string, head = '<?xml version="1.0" encoding="UTF-8"?>') =>
  `${head}\n<InterchangeDescriptors xmlns="http://ed-fi.org/5.2.0">\n${content}\n</InterchangeDescriptors>`;
const grade = (fields: string) => `<GradeLevelDescriptor>${fields}</GradeLevelDescriptor>`;
const namespace = '<Namespace>uri://ed-fi.org/GradeLevelDescriptor</Namespace>';
const tenth = grade(`<CodeValue>Tenth grade</CodeValue><ShortDescription>Tenth</ShortDescription>${namespace}`);

describe('descriptors of XML files', () => {
  it('are the children of the interchange, with fields in any order; the id is that of the trigger', async () => {
    const place = file(
      'a.xml',
      interchange(`${tenth}
  <x:GradeLevelDescriptor xmlns:x="urn:x" id="1">
    <x:Namespace> uri://ed-fi.org/GradeLevelDescriptor </x:Namespace>
    <x:CodeValue><![CDATA[9 & 10]]></x:CodeValue>
    <x:Description>a &lt; b &#xFC;</x:Description><x:EffectiveBeginDate>2024-01-31</x:EffectiveBeginDate>
    <x:EffectiveEndDate>  </x:EffectiveEndDate>
    <x:PriorDescriptor><x:CodeValue>inner</x:CodeValue></x:PriorDescriptor>
  </x:GradeLevelDescriptor>`),
    );
    const { descriptors, read: count, diagnostics } = await read([place]);
    expect(count).toBe(2);
    expect(descriptors).toMatchObject([
      {
        namespace: 'uri://ed-fi.org/GradeLevelDescriptor',
        codeValue: 'Tenth grade',
        shortDescription: 'Tenth',
        description: null,
        effectiveBeginDate: null,
        referentialId: 'a0154e45-ee01-5789-9992-267c73f71f22',
        line: 3,
      },
      {
        codeValue: '9 & 10',
        shortDescription: '9 & 10',
        description: 'a < b ü',
        effectiveBeginDate: '2024-01-31',
        effectiveEndDate: null,
        line: 4,
      },
    ]);
    expect(diagnostics).toMatchObject([{ code: 'SEED_FIELD_IGNORED', details: { name: 'PriorDescriptor' } }]);
  });

  it('are read in the encoding that the file declares', async () => {
    const latin = interchange(
      grade(`<CodeValue>Größe</CodeValue>${namespace}`),
      '<?xml version="1.0" encoding="ISO-8859-1"?>',
    );
    const wide = interchange(
      grade(`<CodeValue>Weite</CodeValue>${namespace}`),
      '<?xml version="1.0" encoding="UTF-16"?>',
    );
    const places = [
      file('latin.xml', Buffer.from(latin, 'latin1')),
      file('wide.xml', Buffer.from(`\ufeff${wide}`, 'utf16le')),
      file('mark.xml', `\ufeff${interchange(tenth)}`),
      file('packed.xml.gz', gzipSync(interchange(grade(`<CodeValue>Packed</CodeValue>${namespace}`)))),
    ];
    expect((await read(places)).descriptors.map(({ codeValue }) => codeValue)).toEqual([
      'Größe',
      'Weite',
      'Tenth grade',
      'Packed',
    ]);
    const wrong = file('wrong.xml', Buffer.from(interchange(grade('<CodeValue>Größe</CodeValue>')), 'latin1'));
    expect(await diagnosticsOf(read([wrong]))).toMatchObject([{ code: 'INPUT_UNICODE_INVALID' }]);
  });

  it('of a file with a document type definition are not read, whatever it defines', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;"><!ENTITY e SYSTEM "file:///etc/passwd">]>';
    const place = file('a.xml', interchange(grade('<CodeValue>&d;&e;</CodeValue>'), `<?xml version="1.0"?>${bomb}`));
    expect(await diagnosticsOf(read([place]))).toMatchObject([
      { code: 'SEED_XML_DTD', where: { file: place, line: 1 } },
    ]);
    const entity = file('b.xml', interchange(grade('<CodeValue>&other;</CodeValue>')));
    expect(await diagnosticsOf(read([entity]))).toMatchObject([{ code: 'SEED_NOT_DESCRIPTORS', where: { line: 3 } }]);
  });

  it('of another kind of file are refused; in a folder another interchange is skipped', async () => {
    file('in/a.xml', '<InterchangeStudent><Student/></InterchangeStudent>');
    file('in/B.XML', interchange(tenth));
    file('in/notes.txt', 'not looked at');
    file('in/below/c.xml', 'not looked at');
    const { descriptors, diagnostics } = await read([path.join(scratch, 'in')]);
    expect(descriptors).toHaveLength(1);
    expect(diagnostics).toMatchObject([
      { code: 'SEED_FILE_SKIPPED', where: { file: path.join(scratch, 'in', 'a.xml') } },
    ]);
    const code = async (place: string) => (await diagnosticsOf(read([place]))).map((entry) => entry.code);
    expect(await code(path.join(scratch, 'in', 'a.xml'))).toEqual(['SEED_NOT_DESCRIPTORS']);
    file('other/a.xml', '<html/>');
    expect(await code(path.join(scratch, 'other'))).toEqual(['SEED_NOT_DESCRIPTORS']);
    expect(await code(file('broken.xml', '<InterchangeDescriptors><a></b>'))).toEqual(['SEED_NOT_DESCRIPTORS']);
    expect(await code(file('short.xml', '<InterchangeDescriptors>'))).toEqual(['SEED_NOT_DESCRIPTORS']);
    const twice = grade(`<CodeValue>K</CodeValue>${namespace}<CodeValue>L</CodeValue>`);
    expect(await code(file('twice.xml', interchange(twice)))).toEqual(['SEED_NOT_DESCRIPTORS']);
    mkdirSync(path.join(scratch, 'empty'));
    expect(await code(path.join(scratch, 'empty'))).toEqual(['SEED_NO_FILES']);
    expect(await code(path.join(scratch, 'nowhere.xml'))).toEqual(['INPUT_FILE_NOT_FOUND']);
  });
});

describe('descriptors of JSON files', () => {
  const term = (codeValue: string, more = {}) => ({ namespace: 'uri://ed-fi.org/TermDescriptor', codeValue, ...more });

  it('are an array of objects, or arrays by the name of resource or endpoint', async () => {
    const list = file(
      'a.json',
      JSON.stringify([
        { resource: 'TermDescriptor', ...term('Fall', { shortDescription: 'Autumn', description: '' }) },
        { resource: 'Sample:TermDescriptor', ...term('Fall') },
      ]),
    );
    const byName = file(
      'b.json',
      JSON.stringify({
        gradeLevelDescriptors: [term('1')],
        TermDescriptor: [term('Spring')],
        'Sample:ToolDescriptor': [term('x')],
      }),
    );
    const { descriptors } = await read([list, byName]);
    expect(
      descriptors.map(
        ({ resourceKey: { projectName, resourceName }, codeValue }) => `${projectName}:${resourceName} ${codeValue}`,
      ),
    ).toEqual([
      'Ed-Fi:TermDescriptor Fall',
      'Sample:TermDescriptor Fall',
      'Ed-Fi:GradeLevelDescriptor 1',
      'Ed-Fi:TermDescriptor Spring',
      'Sample:ToolDescriptor x',
    ]);
    expect(descriptors[0]).toMatchObject({ shortDescription: 'Autumn', description: null });
  });

  it.each<[string, unknown, string, string]>([
    ['a code value of 51 characters', term('x'.repeat(51)), 'SEED_VALUE', 'codeValue'],
    ['a short description of 76', term('x', { shortDescription: 'x'.repeat(76) }), 'SEED_VALUE', 'shortDescription'],
    ['a description of 1025 units', term('x', { description: '\u{1F600}'.repeat(513) }), 'SEED_VALUE', 'description'],
    ['a namespace of 256', { ...term('x'), namespace: 'x'.repeat(256) }, 'SEED_VALUE', 'namespace'],
    ['no code value', { namespace: 'x' }, 'SEED_VALUE', 'codeValue'],
    ['a blank namespace', { ...term('x'), namespace: ' ' }, 'SEED_VALUE', 'namespace'],
    ['a number', term('x', { description: 5 }), 'SEED_VALUE', 'description'],
    ['U+0000', term('x\u0000'), 'SEED_VALUE', 'codeValue'],
    ['the year 0', term('x', { effectiveBeginDate: '0000-01-01' }), 'SEED_VALUE', 'effectiveBeginDate'],
    ['a day that does not exist', term('x', { effectiveBeginDate: '2023-02-29' }), 'SEED_VALUE', 'effectiveBeginDate'],
    ['a date with a time', term('x', { effectiveEndDate: '2023-02-28T00:00:00' }), 'SEED_VALUE', 'effectiveEndDate'],
    ['a date with a zone', term('x', { effectiveEndDate: '2023-02-28Z' }), 'SEED_VALUE', 'effectiveEndDate'],
    [
      'a descriptor that is not there',
      { ...term('x'), resource: 'TermsDescriptor' },
      'SEED_UNKNOWN_DESCRIPTOR',
      '; did you mean "TermDescriptor"?',
    ],
    [
      'a project that has none',
      { ...term('x'), resource: 'Sample:GradeLevelDescriptor' },
      'SEED_UNKNOWN_DESCRIPTOR',
      'Sample:',
    ],
    ['no resource', { ...term('x'), resource: 5 }, 'SEED_NOT_DESCRIPTORS', 'resource'],
  ])('with %s are refused', async (_name, object, code, text) => {
    const content = JSON.stringify([{ resource: 'TermDescriptor', ...(object as object) }]);
    const diagnostics = await diagnosticsOf(read([file('a.json', content)]));
    expect(diagnostics).toMatchObject([{ code, where: { line: 1 } }]);
    expect(diagnostics[0]?.message).toContain(text);
  });

  it('of two extensions with one name are ambiguous; core comes before extensions', async () => {
    const model = modelOf(
      [
        build.project('Ed-Fi', [build.descriptor('GradeLevelDescriptor')]),
        build.project('One', [build.descriptor('ToolDescriptor')], { isExtension: true }),
        build.project('Two', [build.descriptor('ToolDescriptor')], { isExtension: true }),
      ],
      'pgsql',
    );
    const place = file('a.json', JSON.stringify([{ resource: 'ToolDescriptor', ...term('x') }]));
    expect(await diagnosticsOf(readDescriptorSet(model, [place]))).toMatchObject([
      { code: 'SEED_AMBIGUOUS', details: { projects: ['One', 'Two'] } },
    ]);
  });

  it('that occur twice are taken once when equal, and refused when not, with both places', async () => {
    const twice = (second: object) =>
      file('a.json', `[${JSON.stringify({ resource: 'TermDescriptor', ...term('x') })},\n${JSON.stringify(second)}]`);
    const equal = await read([twice({ resource: 'TermDescriptor', ...term('x') })]);
    expect([equal.read, equal.descriptors.length]).toEqual([2, 1]);
    const place = twice({ resource: 'Ed-Fi:TermDescriptor', ...term('X', { description: 'other' }) });
    expect(await diagnosticsOf(read([place]))).toMatchObject([
      { code: 'SEED_DUPLICATE', where: { file: place, line: 2 }, details: { first: `${place}:1` } },
    ]);
  });

  it('that are unknown are reported once per name, or passed over with a warning', async () => {
    const other = { resource: 'OtherDescriptor', ...term('x') };
    const place = file(
      'a.json',
      JSON.stringify([other, { ...other, codeValue: 'y' }, { resource: 'TermDescriptor', ...term('x') }]),
    );
    expect(await diagnosticsOf(read([place]))).toMatchObject([
      { code: 'SEED_UNKNOWN_DESCRIPTOR', details: { count: 2 } },
    ]);
    const { descriptors, diagnostics } = await read([place], { ignoreUnknown: true });
    expect(descriptors).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'SEED_UNKNOWN_IGNORED', details: { count: 2 } }]);
  });
});

describe.each(provisionedEngines())('seeding on $name', ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open(ownSet().script);
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.connection.execute(givenScript('DELETE FROM dms."Document"'));
  });

  const term = (codeValue: string, more = {}) => ({
    resource: 'TermDescriptor',
    namespace: 'uri://x.org/Term',
    codeValue,
    ...more,
  });
  const seed = async (objects: readonly object[], onConflict?: OnConflict) => {
    const place = file('a.json', JSON.stringify(objects));
    const { descriptors } = await readDescriptorSet(ownSet().plans.mappingSet.model, [place]);
    return seedDescriptors(bench.connection, descriptors, 'v1', { onConflict });
  };
  const rows = async (text: string) =>
    (await bench.connection.query<Record<string, unknown>>(trusted(text))).map((row) => Object.values(row));
  const events = async () => Number((await rows('SELECT count(*)::int FROM dms."DocumentChangeEvent"'))[0]?.[0]);
  const stored = () =>
    rows(
      'SELECT s."CodeValue", s."Description", s."EffectiveBeginDate"::text, s."Discriminator", s."Uri", (i."ReferentialId" IS NOT NULL) FROM dms."Descriptor" s JOIN dms."Document" d USING ("DocumentId") LEFT JOIN dms."ReferentialIdentity" i ON i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId" ORDER BY s."DocumentId"',
    );

  it('inserts in the order of resource and identity; again, it changes nothing', async () => {
    const all = [
      term('b', { description: 'O\'Neil "x" \\ {NULL}', effectiveBeginDate: '2024-02-29' }),
      term('A'),
      { ...term('z'), resource: 'AddressKindDescriptor' },
    ];
    expect(await seed(all)).toMatchObject({ inserted: 3, updated: 0, unchanged: 0, diagnostics: [] });
    expect(await stored()).toEqual([
      ['z', null, null, 'AddressKindDescriptor', 'uri://x.org/Term#z', true],
      ['A', null, null, 'TermDescriptor', 'uri://x.org/Term#A', true],
      ['b', 'O\'Neil "x" \\ {NULL}', '2024-02-29', 'TermDescriptor', 'uri://x.org/Term#b', true],
    ]);
    const before = await events();
    expect(await seed(all)).toMatchObject({ inserted: 0, updated: 0, unchanged: 3 });
    expect(await events()).toBe(before);
  });

  it('writes the referential id that documents look for', async () => {
    await seed([term('Fall')]);
    const [row] = await rows(
      `SELECT i."ReferentialId" = dms.uuidv5('${referentialIdNamespace}', 'CampusTermDescriptor$.descriptor=uri://x.org/term#fall') FROM dms."ReferentialIdentity" i`,
    );
    expect(row).toEqual([true]);
  });

  it('of other fields fails, keeps or updates what is there', async () => {
    await seed([term('a', { description: 'one' }), term('b')]);
    const changed = [term('a', { description: 'two' }), term('c')];
    const before = await events();
    const diagnostics = await diagnosticsOf(seed(changed));
    expect(diagnostics).toMatchObject([
      { code: 'SEED_CONFLICT', details: { fields: { description: { found: 'two', stored: 'one' } } } },
    ]);
    // nothing is written, not even new descriptors
    expect((await stored()).map(([code]) => code)).toEqual(['a', 'b']);
    expect(await seed(changed.slice(0, 1), 'keep')).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await events()).toBe(before);
    expect(await seed(changed.slice(0, 1), 'update')).toMatchObject({ inserted: 0, updated: 1, unchanged: 0 });
    expect(await events()).toBe(before + 1);
    expect((await stored()).map(([code, description]) => [code, description])).toEqual([
      ['a', 'two'],
      ['b', null],
    ]);
  });

  it('shows twenty conflicts at most', async () => {
    const many = Array.from({ length: 30 }, (_, index) => term(`c${index}`));
    await seed(many);
    const diagnostics = await diagnosticsOf(seed(many.map((each) => ({ ...each, description: 'x' }))));
    expect(diagnostics).toHaveLength(20);
    expect(diagnostics.at(-1)?.message).toContain('and 10 more');
  });

  it('keeps the letters that are stored', async () => {
    await seed([term('Fall', { shortDescription: 'x' })]);
    const again = await seed([term('FALL', { shortDescription: 'x' })]);
    expect(again).toMatchObject({ inserted: 0, unchanged: 1, diagnostics: [{ code: 'SEED_CASE_DIFFERS' }] });
    expect((await stored()).map(([code]) => code)).toEqual(['Fall']);
  });

  it('names what is damaged: no descriptor behind an identity, or one of another resource', async () => {
    await seed([term('a')]);
    await bench.connection.execute(givenScript('DELETE FROM dms."Descriptor"'));
    expect(await diagnosticsOf(seed([term('a')]))).toMatchObject([
      { code: 'SEED_CORRUPT', message: expect.stringContaining('has no row') },
    ]);
    await seed([term('b'), { ...term('c'), resource: 'AddressKindDescriptor' }]);
    await bench.connection.execute(
      givenScript(
        `UPDATE dms."ReferentialIdentity" SET "ResourceKeyId" = (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'AddressKindDescriptor') WHERE "DocumentId" IN (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" = 'b')`,
      ),
    );
    expect(await diagnosticsOf(seed([term('b')]))).toMatchObject([
      { code: 'SEED_CORRUPT', message: expect.stringContaining('is of the resource key') },
    ]);
  });
});

describe('the texts for SQL Server', () => {
  it('give parameters for all values, at most 2000 in one statement', async () => {
    const all = Array.from({ length: 600 }, (_, index) => ({
      resource: 'TermDescriptor',
      namespace: 'n',
      codeValue: `c'${index}`,
    }));
    const { descriptors } = await read([file('a.json', JSON.stringify(all))]);
    const connection = new RecordedConnection();
    await writeDescriptors(connection, descriptors, 'fail', 'v1');
    const known = descriptors.map(({ referentialId, resourceKey, namespace, codeValue }) => ({
      ReferentialId: referentialId,
      ResourceKeyId: resourceKey.id,
      Namespace: namespace,
      CodeValue: codeValue,
      DocumentId: '7',
      ShortDescription: 'other',
      Description: null,
      EffectiveBeginDate: null,
      EffectiveEndDate: null,
    }));
    connection.answer = (text) => (text.includes('LEFT JOIN [dms].[Descriptor]') ? known : []);
    await writeDescriptors(connection, descriptors, 'update', 'v1');
    for (const { text, parameters } of connection.statements) {
      expect(parameters.length).toBeLessThanOrEqual(2000);
      expect(text).not.toContain("c'");
    }
    const texts = connection.statements.map(({ text }) => text);
    expect(
      texts.filter((text) => text.startsWith('UPDATE [dms].[Document] SET [ContentVersion] = NEXT VALUE FOR')),
    ).toHaveLength(2);
    const update = texts.find((text) => text.startsWith('UPDATE s SET')) ?? '';
    expect(update).toContain('INNER JOIN (VALUES (@p1, @p2, @p3, @p4, @p5), (@p6, ');
    expect(update).toMatch(/\) AS n \(\[id\], \[a\], \[b\], \[c\], \[d\]\) ON s\.\[DocumentId\] = n\.\[id\];$/);
  });
});

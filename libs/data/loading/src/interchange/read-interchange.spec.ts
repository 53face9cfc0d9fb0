import { build } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextReader } from '../../test/read-text.ts';
import { readElements } from './read-elements.ts';

const { object, array, string, integer } = build;

const text = new TextReader(
  build.project('Ed-Fi', [
    build.descriptor('GradeDescriptor'),
    build.resource('Plan', {
      identityJsonPaths: ['$.planId'],
      jsonSchemaForInsert: object(
        { planId: integer(), title: string(), firstName: string(), addresses: array(object({ city: string() })) },
        ['planId'],
      ),
    }),
  ]),
);

const plan = (id: number, more = '') => `<Plan><PlanId>${id}</PlanId>${more}</Plan>`;

describe('elements', () => {
  it('without a property are reported with their place, and their document is rejected', async () => {
    const { records } = await text.readFile(
      [
        '<InterchangeTest>',
        plan(1),
        '<Plan>',
        '  <PlanId>2</PlanId>',
        '  <Titel>x</Titel>',
        '</Plan>',
        plan(3),
        '</InterchangeTest>',
      ].join('\n'),
    );
    expect(records).toMatchObject([
      { kind: 'document', resource: 'Ed-Fi:Plan', line: 2 },
      {
        kind: 'rejected',
        resource: 'Ed-Fi:Plan',
        line: 3,
        diagnostics: [
          {
            code: 'INTERCHANGE_ELEMENT_UNKNOWN',
            class: 'I',
            where: {
              file: 'all.xml',
              line: 5,
              column: 3,
              resource: 'Ed-Fi:Plan',
              path: '/InterchangeTest/Plan[2]/Titel',
            },
            details: { element: 'Titel', near: ['title'] },
          },
        ],
      },
      { kind: 'document', line: 7 },
    ]);
    const [diagnostic] = records.flatMap((record) => (record.kind === 'rejected' ? record.diagnostics : []));
    expect(diagnostic?.message).toBe(
      '/InterchangeTest/Plan[2]/Titel: Ed-Fi:Plan has no property for this element; did you mean "title"?',
    );
  });

  it('without a property can be left out', async () => {
    const elements = plan(
      1,
      '<Unknown><Inner>x</Inner></Unknown><Name><FirstName>A</FirstName><Other>x</Other></Name>',
    );
    const { records, warnings } = await text.read(elements, { ignoreUnknown: true });
    expect(records).toMatchObject([{ kind: 'document' }]);
    const [record] = records;
    expect(record?.kind === 'document' && [...record.document.keys()]).toEqual(['firstName', 'planId']);
    expect(warnings).toMatchObject([
      { code: 'INTERCHANGE_ELEMENT_UNKNOWN', class: 'W', where: { path: '/InterchangeTest/Plan[1]/Unknown' } },
      { code: 'INTERCHANGE_ELEMENT_UNKNOWN', class: 'W', where: { path: '/InterchangeTest/Plan[1]/Name/Other' } },
    ]);
  });

  it('that are repeated have numbers in their path', async () => {
    const diagnostics = await text.diagnostics(
      plan(1, '<Address><City>A</City></Address><Address><Town>B</Town><City>B</City></Address>'),
    );
    expect(diagnostics.map(({ where: { path } }) => path)).toEqual(['/InterchangeTest/Plan[1]/Address[2]/Town']);
  });

  it('are located where their tag begins', async () => {
    const { records } = await text.readFile(
      '<InterchangeTest><Plan\n  id="x"\n><PlanId\n>x</PlanId></Plan></InterchangeTest>',
    );
    expect(records).toMatchObject([{ line: 1, diagnostics: [{ where: { line: 3 } }] }]);
  });

  it('without content are ignored', async () => {
    const elements = '<Title/><FirstName> \n </FirstName><Address><City/></Address><Nothing/><Name><FirstName/></Name>';
    expect(await text.documents(plan(1, elements))).toEqual([{ planId: 1 }]);
  });

  it('lose the white space around their text only', async () => {
    expect(await text.documents(plan(1, '<Title>\n\t a  b\n c </Title>'))).toEqual([{ planId: 1, title: 'a  b\n c' }]);
  });

  it('can have CDATA sections and character references', async () => {
    const title = '<Title>a<![CDATA[<&]]>b &lt;&amp;&#x41;&#252;<!-- no --></Title>';
    expect(await text.documents(plan(1, title))).toEqual([{ planId: 1, title: 'a<&b <&Aü' }]);
  });

  it.each([
    [
      'a property twice',
      '<Title>a</Title><Title>b</Title>',
      'Title[2]',
      'title has one value, and this is a second one',
    ],
    ['text between elements', '<Address>x<City>A</City></Address>', 'Address', 'the text "x" stands between elements'],
    ['a text of another type', '<PlanId>x</PlanId>', 'PlanId', '"x" is not a whole number'],
  ])('with %s are rejected', async (_, elements, path, message) => {
    const [diagnostic, ...others] = await text.diagnostics(`<Plan>${elements}</Plan>`);
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      code: 'INTERCHANGE_VALUE_INVALID',
      where: { path: `/InterchangeTest/Plan[1]/${path}` },
    });
    expect(diagnostic?.message).toContain(message);
  });

  it('whose name is not a resource are rejected', async () => {
    const { records } = await text.read('<Plam><PlanId>1</PlanId></Plam>');
    expect(records).toMatchObject([
      {
        kind: 'rejected',
        resource: null,
        diagnostics: [{ code: 'DOCUMENT_RESOURCE_UNKNOWN', details: { near: ['Plan'] } }],
      },
    ]);
  });
});

describe('names that several projects have', () => {
  const named = (name: string) =>
    build.resource(name, {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: integer() }, ['code']),
    });
  const shared = new TextReader(
    build.project('Ed-Fi', [named('Plan')]),
    build.project('North', [named('Plan'), named('Team'), named('Bus')], { isExtension: true }),
    build.project('South', [named('Plan'), named('Team'), named('Tram')], { isExtension: true }),
    build.project('West', [named('Plan'), named('Team')], { isExtension: true }),
  );
  const coded = (name: string, id = '') => `<${name}${id}><Code>1</Code></${name}>`;

  it.each([
    ['Plan', 'Ed-Fi:Plan'],
    ['Bus', 'North:Bus'],
    ['Tram', 'South:Tram'],
  ])('%s is the document of the core, or of the only extension', async (name, resource) => {
    const { records } = await shared.read(coded(name));
    expect(records).toMatchObject([{ kind: 'document', resource }]);
  });

  it.each([
    ['a document', coded('Team')],
    ['a document with an id', coded('Team', ' id="t1"')],
    [
      'a reference that others name',
      '<TeamReference id="t1"><TeamIdentity><Code>1</Code></TeamIdentity></TeamReference>',
    ],
  ])('are refused where only extensions have them: %s', async (_, element) => {
    const { records } = await shared.read(`${coded('Bus')}${element}${coded('Tram')}`);
    expect(records).toMatchObject([
      { kind: 'document', resource: 'North:Bus' },
      {
        kind: 'rejected',
        resource: null,
        diagnostics: [
          {
            code: 'INTERCHANGE_RESOURCE_AMBIGUOUS',
            message: expect.stringContaining('"North:Team", "South:Team", "West:Team"'),
            details: { resources: ['North:Team', 'South:Team', 'West:Team'] },
          },
        ],
      },
      { kind: 'document', resource: 'South:Tram' },
    ]);
  });
});

describe('descriptors', () => {
  const grade = (more: string) =>
    `<GradeDescriptor><CodeValue> 1 </CodeValue>${more}<Namespace>n</Namespace></GradeDescriptor>`;

  it('have fields; any other element causes one warning per name', async () => {
    const { records, warnings } = await text.read(grade('<Prior/>') + grade('<Prior/>'));
    const document = new Map([
      ['codeValue', '1'],
      ['namespace', 'n'],
    ]);
    expect(records).toEqual([
      { kind: 'descriptor', name: 'GradeDescriptor', line: 2, document },
      { kind: 'descriptor', name: 'GradeDescriptor', line: 2, document },
    ]);
    expect(warnings).toMatchObject([{ code: 'SEED_FIELD_IGNORED', where: { line: 2 }, details: { name: 'Prior' } }]);
  });

  it('have one value per field', async () => {
    expect(await text.diagnostics(grade('<CodeValue>2</CodeValue>'))).toMatchObject([
      { code: 'INTERCHANGE_VALUE_INVALID', where: { path: '/InterchangeTest/GradeDescriptor[1]/CodeValue[2]' } },
    ]);
  });
});

describe('files', () => {
  const interchange = (content: string, head = '') => `${head}<InterchangeTest>${content}</InterchangeTest>`;

  it.each([
    ['no XML', 'Plan'],
    ['an open element', '<InterchangeTest><Plan>'],
    ['crossed elements', '<InterchangeTest><Plan></InterchangeTest></Plan>'],
    ['an unknown entity', interchange(plan(1, '<Title>&other;</Title>'))],
    ['another root', '<html/>'],
    ['nothing', ''],
  ])('with %s are refused', (_, content) =>
    expect(text.readFile(content)).rejects.toMatchObject({ code: 'INTERCHANGE_MALFORMED' }),
  );

  it('with a document type definition are refused', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>';
    await expect(text.readFile(interchange(plan(1, '<Title>&b;&c;</Title>'), bomb))).rejects.toMatchObject({
      code: 'SEED_XML_DTD',
    });
  });

  it('that are malformed give the documents before the mistake', async () => {
    const records = text.stream(`<InterchangeTest>${plan(1)}\n<Plan>`);
    expect((await records.next()).value).toMatchObject({ kind: 'document', line: 1 });
    await expect(records.next()).rejects.toMatchObject({ diagnostics: [{ where: { file: 'all.xml', line: 2 } }] });
  });

  it('are decoded as they declare', async () => {
    const latin = interchange(plan(1, '<Title>Größe</Title>'), '<?xml version="1.0" encoding="ISO-8859-1"?>');
    const wide = `\ufeff${interchange(plan(1, '<Title>Größe</Title>'))}`;
    for (const content of [Buffer.from(latin, 'latin1'), Buffer.from(wide, 'utf16le'), Buffer.from(wide)]) {
      const { records } = await text.readFile(content);
      expect(records).toMatchObject([{ kind: 'document' }]);
      for (const record of records) expect(record.kind === 'document' && record.document.get('title')).toBe('Größe');
    }
    const wrong = Buffer.from(interchange(plan(1, '<Title>Größe</Title>')), 'latin1');
    await expect(text.readFile(wrong)).rejects.toMatchObject({ code: 'INPUT_UNICODE_INVALID' });
  });
});

describe('limits', () => {
  const long = (length: number) => 'x'.repeat(length);

  it('on the length of an element affect no other element', async () => {
    const elements = [plan(1), plan(2, `<Title>${long(2000)}</Title>`), plan(3)].join('\n');
    const { records } = await text.read(elements, { lengthLimit: 1000 });
    expect(records).toMatchObject([
      { kind: 'document', line: 2 },
      {
        kind: 'rejected',
        resource: 'Ed-Fi:Plan',
        line: 3,
        diagnostics: [{ code: 'DOCUMENT_TOO_LARGE', where: { line: 3 } }],
      },
      { kind: 'document', line: 4 },
    ]);
  });

  it('on the length of an element apply before it ends', async () => {
    async function* endless() {
      yield Buffer.from('<InterchangeTest><Plan>');
      for (let count = 0; count < 1000; count += 1) yield Buffer.from('<Title>x</Title>');
      throw new Error('was read to the end');
    }
    const options = { lengthLimit: 1000, malformed: 'INTERCHANGE_MALFORMED', onRoot: () => undefined } as const;
    const elements = readElements(endless(), 'all.xml', options);
    expect((await elements.next()).value).toMatchObject({
      kind: 'too-large',
      diagnostic: { code: 'DOCUMENT_TOO_LARGE' },
    });
    await elements.return(undefined);
  });

  it('on the depth of an element affect no other element', async () => {
    const deep = (depth: number) => `${'<A>'.repeat(depth)}x${'</A>'.repeat(depth)}`;
    const { records } = await text.read([plan(1), plan(2, deep(100_000)), plan(3, deep(5))].join('\n'), {
      ignoreUnknown: true,
    });
    expect(records).toMatchObject([
      { kind: 'document' },
      { kind: 'rejected', diagnostics: [{ code: 'DOCUMENT_TOO_LARGE', where: { line: 3 } }] },
      { kind: 'document' },
    ]);
  });

  it.each([
    ['text', (length: number) => plan(1, `<Title>${long(length)}</Title>`)],
    ['attribute', (length: number) => `<Plan x="${long(length)}"/>`],
    ['comment', (length: number) => `<!--${long(length)}-->`],
    ['name', (length: number) => `<${long(length)}/>`],
  ])('on the length of a single %s end the file', async (_, content) => {
    await expect(text.read(content(1_000_000), { lengthLimit: 100_000 })).rejects.toMatchObject({
      code: 'DOCUMENT_TOO_LARGE',
    });
  });
});

describe('a file', () => {
  it('can be read in pieces of any size', async () => {
    const content = `<?xml version="1.0" encoding="UTF-8"?>\n<InterchangeTest>\r\n${plan(1, '<Title>Größe &amp; 𝒳</Title>')}\n${plan(2, '<Nope>1</Nope>')}</InterchangeTest>`;
    const whole = await text.readFile(content);
    expect(whole.records).toHaveLength(2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        expect(await text.readFile(content, {}, size)).toEqual(whole);
      }),
    );
  });
});

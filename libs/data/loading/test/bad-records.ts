/** A place for bad values: a resource with an integer as its identity, a text and an optional reference. */
export interface BadPlace {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly id: string;
  readonly text: string;
  /**
   * Another resource with an integer as its identity and the same text; it refers to a document of {@link resource}.
   */
  readonly other: { readonly resource: string; readonly id: string; readonly text: string; readonly reference: string };
}

/** Texts of JSON that stand for a value: right ones, wrong ones, and ones that are no JSON. */
const values = [
  // texts that the form of COPY, or that of JSON in a parameter, could change
  ...[
    '\\\\.',
    '\\\\N',
    '\\\\n',
    '\\n',
    '\\t',
    '\\r',
    '\\r\\n',
    '\\\\',
    '\\\\\\\\',
    'a\\tb',
    '\\\\x41',
    '\\\\101',
    '\\"',
    "'",
    '$1',
    '@p1',
    '%s',
    '{}',
  ],
  ...[
    '\\u2028',
    '\\u0085',
    '\\ufeff',
    '\\u0001',
    '\\u007f',
    '\\u200b',
    '\\ufffe',
    '\\ud83d\\ude00',
    'e\\u0301',
    ' x ',
    '\\u00a0',
    'NULL',
    'null',
  ],
  ...[
    '',
    '\\u0000',
    'a\\u0000b',
    '\\ud800',
    '\\udc00',
    'a\\ud800b',
    '\\udc00\\ud800',
    'x'.repeat(10_000),
    '\\ud83d\\ude00'.repeat(200),
  ],
].map((text) => `"${text}"`);
const others = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1',
    '-1',
    '1.0',
    '1.5',
    '1e2',
    '1E-2',
    '2147483647',
    '2147483648',
    '-2147483649',
    '9007199254740993',
  ],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '1e400',
    '-1e400',
    '1e-400',
    `1${'0'.repeat(400)}`,
    `0.${'3'.repeat(400)}`,
    '12345678901234567890',
  ],
  ...['[]', '{}', '[1]', '["x"]', '{"x":1}', '[[[]]]', '{"__proto__":1}', '{"constructor":{}}', '"1"', '"2020-01-01"'],
];
const noJson = [
  ...[
    '',
    ',',
    ':',
    '+1',
    '01',
    '.5',
    '1.',
    '1e',
    '0x1',
    'NaN',
    'Infinity',
    '-',
    'undefined',
    'True',
    'nul',
    "'x'",
    '"',
    '"\\x"',
    '"\\u12"',
  ],
  ...[
    '"\t"',
    '"\u0001"',
    '[',
    ']',
    '{',
    '}',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{1:1}',
    '[1 2]',
    '1 2',
    '/* */ 1',
    '"a" // b',
    '1_000',
    '"a"b',
  ],
];

/** Bytes that are not UTF-8, or are UTF-8 only in some readings. */
const bytes = [
  ...[
    [0xff],
    [0xfe],
    [0x80],
    [0xc0, 0x80],
    [0xc0, 0xaf],
    [0xc1, 0xbf],
    [0xe0, 0x80, 0x80],
    [0xe0, 0x9f, 0xbf],
    [0xf0, 0x80, 0x80, 0x80],
  ],
  ...[
    [0xed, 0xa0, 0x80],
    [0xed, 0xb0, 0x80],
    [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
  ],
  ...[[0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0x00], [0xef, 0xbb, 0xbf]],
];

/** The depth of nested documents that must not exhaust the stack, and the length of a line that is never read whole. */
const levels = 100_000;
const longLine = 30_000_000;

/**
 * Records of every kind that a load must refuse or store as it is, one per line; good ones stand between them. Each has
 * an identity of its own, except for those that share one or a uuid.
 */
export function badRecords({ resource, id, text, other }: BadPlace): readonly Buffer[] {
  let number = 100;
  const next = () => {
    number += 1;
    return number;
  };
  const record = (document: string, more = '') =>
    Buffer.from(`{"resource":"${resource}","document":${document}${more}}`);
  const unit = (own: string | number, name = '"x"', more = '') => `{"${id}":${own},"${text}":${name}${more}}`;
  const naming = (own: number, reference: string) =>
    Buffer.from(
      `{"resource":"${other.resource}","document":{"${other.id}":${own},"${other.text}":"x","${other.reference}":${reference}}}`,
    );
  const uuid = (digit: number) => `,"uuid":"${digit}0000000-0000-4000-8000-000000000000"`;
  const around = (before: string, middle: readonly number[], after: string) =>
    Buffer.concat([Buffer.from(before), Buffer.from(middle), Buffer.from(after)]);
  const all = [...values, ...others, ...noJson];
  return [
    record(unit(1)),
    ...all.map((value) => record(unit(next(), value))),
    ...all.map((value) => record(unit(value))),
    ...all.map((value) => record(value)),
    ...[...others, ...noJson].map((value) => naming(next(), value)),
    ...[...others, ...noJson].map((value) => naming(next(), `{"${id}":${value}}`)),
    ...bytes.map((each) =>
      around(`{"resource":"${resource}","document":{"${id}":${next()},"${text}":"a`, each, 'b"}}'),
    ),
    ...bytes.map((each) => around(`{"resource":"${resource}","document":{"${id}":${next()},"`, each, '":1}}')),
    ...['null', '1', '""', '"x"', '[]', `"${resource}x"`, '"Ed-Fi:"', `"${resource.toLowerCase()}"`].map((each) =>
      Buffer.from(`{"resource":${each},"document":${unit(next())}}`),
    ),
    ...['null', '1', '""', '"x"', '{}', '"00000000-0000-0000-0000-00000000000g"'].map((each) =>
      record(unit(next()), `,"uuid":${each}`),
    ),
    // duplicate members, unknown ones, and those of an API
    record(unit(next(), '"x"', `,"${text}":"y"`)),
    record(unit(next(), '"x"', `,"${id}":5`)),
    record(unit(next()), `,"document":{}`),
    record(unit(next()), `,"resource":"${other.resource}"`),
    ...['id', '_etag', '_lastModifiedDate', 'link', '_ext', 'unknown', '__proto__', 'toString', '$', 'a.b', 'a"b'].map(
      (name) => record(unit(next(), '"x"', `,${JSON.stringify(name)}:"x"`)),
    ),
    Buffer.from('{}'),
    Buffer.from('{"resource":"x"}'),
    Buffer.from('{"document":{}}'),
    Buffer.from('[]'),
    Buffer.from('"x"'),
    record(`{"${id}":${next()}}`),
    record(`{"${text}":"x"}`),
    record(`{"${id}":${next()},"${text}":${'['.repeat(levels)}${']'.repeat(levels)}}`),
    record(`{"${id}":${next()},"${text}":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`),
    record(`{"${id}":${next()},"x":${'['.repeat(100)}${']'.repeat(100)}}`),
    record(unit(next(), `"${'x'.repeat(longLine)}"`)),
    // identities and uuids that others have
    record(unit(1)),
    record(unit(1, '"y"')),
    record(unit(next()), uuid(1)),
    record(unit(next()), uuid(1)),
    record(unit(1), uuid(2)),
    record(unit(next()), uuid(2)),
    naming(next(), `{"${id}":1}`),
    naming(next(), `{"${id}":1,"${id}":2}`),
    naming(next(), `{"${id}":99}`),
    naming(1, `{"${id}":1}`),
    record(unit(2)),
  ];
}

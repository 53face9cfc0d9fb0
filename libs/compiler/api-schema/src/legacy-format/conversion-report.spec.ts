import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { convert, descriptor, key, kit, legacy, reference, value } from '../../test/legacy-format/toy-kit.ts';

const { array, object, string } = build;

describe('the report', () => {
  const { report } = convert(
    legacy({
      kits: kit(
        {
          Code: value('$.code'),
          Part: key('$.parts[*].partCode'),
          Color: descriptor('$.parts[*].colors[*].colorDescriptor'),
          Maker: reference(['$.makerReference.makerCode']),
          Seller: reference(['$.sellerReference.makerCode']),
          Known: { ...value('$.known'), isRequired: true },
        },
        object(
          {
            code: string(),
            known: string(),
            size: { type: 'number' },
            count: { type: 'integer' },
            parts: array(
              object({
                partCode: string(),
                weight: { type: 'number' },
                colors: array(object({ colorDescriptor: string() })),
              }),
            ),
            makerReference: object({ makerCode: string() }),
            sellerReference: object({ makerCode: string() }),
          },
          ['makerReference'],
        ),
      ),
    }),
  );
  const notes = (pattern: RegExp) => report.notes.filter((note) => pattern.test(note));

  it('counts what was derived', () => {
    expect(report.counts).toMatchObject({ isRequired: 5, arrayUniquenessConstraints: 2 });
  });

  it('has a line with resource and path for every key that was guessed', () => {
    expect(notes(/^Toy:Kit: .*\$\.parts\[\*\]\.partCode/)).toHaveLength(1);
    expect(notes(/^Toy:Kit: .*\$\.parts\[\*\]\.colors\[\*\]\.colorDescriptor/)).toHaveLength(1);
  });

  it('has a line for every reference whose being required was guessed, with the guess', () => {
    expect(notes(/Maker.*required/)).toHaveLength(1);
    expect(notes(/Seller.*optional/)).toHaveLength(1);
    expect(notes(/\b(?:Code|Known)\b/)).toEqual([]);
  });

  it('has a line for every number whose precision was lost', () => {
    expect(notes(/\$\.size\b.*18.*4/)).toHaveLength(1);
    expect(notes(/\$\.parts\[\*\]\.weight\b.*18.*4/)).toHaveLength(1);
    expect(notes(/\$\.count\b/)).toEqual([]);
  });

  it('has no other line', () => {
    expect(report.notes).toHaveLength(6);
  });

  it('has no line for values that are in the file', () => {
    const members = { arrayUniquenessConstraints: [], decimalPropertyValidationInfos: [] };
    const mapping = {
      Part: { ...key('$.parts[*].a'), isRequired: true },
      Maker: { ...reference(['$.m.c']), isRequired: false },
    };
    const schema = object({ parts: array(object({ a: string(), size: { type: 'number' } })) });
    expect(convert(legacy({ kits: kit(mapping, schema, members) })).report).toEqual({
      counts: {},
      notes: [],
      warnings: [],
    });
  });
});

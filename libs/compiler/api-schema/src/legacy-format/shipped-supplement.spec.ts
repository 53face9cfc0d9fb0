import { groupBy, indentedText, type JsonValue, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { shippedDigits, withShippedFacts } from './shipped-facts.ts';

const score = { properties: { maxRawScore: { type: 'number' } } };

const document = (projectVersion: string, resource: object = { jsonSchemaForInsert: score }) => ({
  file: 'old.json',
  root: toJsonValue({
    projectSchemas: { 'ed-fi': { projectName: 'Ed-Fi', projectVersion, resourceSchemas: { assessments: resource } } },
  }),
});
const supplementOf = (root: object) => ({ file: 'own.json', root: toJsonValue(root) });

/** A supplement as plain JSON. */
const plain = (value: JsonValue | undefined): unknown =>
  value === undefined ? undefined : JSON.parse(indentedText(value));

const known = { decimalPropertyValidationInfos: [{ path: '$.maxRawScore', totalDigits: 15, decimalPlaces: 5 }] };

describe('the digits that the product knows', () => {
  it('are those of a published project, where its file has such a number', () => {
    const { supplement, shipped } = withShippedFacts(document('5.1.0'));
    expect(plain(supplement?.root)).toEqual({ assessments: known });
    expect(shipped).toEqual([{ project: 'Ed-Fi 5.1.0', numbers: 1, durations: 0 }]);
  });

  it('are the same for all numbers with the same name, because the standard gives a name one type', () => {
    for (const [project, numbers] of Object.entries(shippedDigits)) {
      const byName = groupBy(Object.entries(numbers), ([place]) => place.slice(place.lastIndexOf('.') + 1));
      for (const [name, entries] of byName)
        expect(new Set(entries.map(([, digits]) => digits.join())).size, `${project} ${name}`).toBe(1);
    }
  });

  it('are accompanied by the durations that the file calls numbers', () => {
    const resource = { jsonSchemaForInsert: { properties: { timeRequired: { type: 'number' } } } };
    const root = (own: object) => ({
      projectSchemas: {
        'ed-fi': { projectName: 'Ed-Fi', projectVersion: '5.1.0', resourceSchemas: { educationContents: own } },
      },
    });
    const found = withShippedFacts({ file: 'old.json', root: toJsonValue(root(resource)) });
    expect(plain(found.supplement?.root)).toEqual({ educationContents: { durations: ['$.timeRequired'] } });
    expect(found.shipped).toEqual([{ project: 'Ed-Fi 5.1.0', numbers: 0, durations: 1 }]);
    const text = { jsonSchemaForInsert: { properties: { timeRequired: { type: 'string' } } } };
    expect(withShippedFacts({ file: 'old.json', root: toJsonValue(root(text)) }).shipped).toEqual([]);
    const own = supplementOf({ educationContents: { durations: [] } });
    expect(withShippedFacts({ file: 'old.json', root: toJsonValue(root(resource)) }, own).shipped).toEqual([]);
  });

  it('are of no other version, and of no other type', () => {
    expect(withShippedFacts(document('5.0.0'))).toEqual({ supplement: undefined, shipped: [] });
    const text = { jsonSchemaForInsert: { properties: { maxRawScore: { type: 'string' } } } };
    expect(withShippedFacts(document('5.1.0', text)).shipped).toEqual([]);
  });

  it('come after those of the file and of the user', () => {
    const own = { jsonSchemaForInsert: score, decimalPropertyValidationInfos: [] };
    expect(withShippedFacts(document('5.1.0', own))).toEqual({ supplement: undefined, shipped: [] });
    const supplement = supplementOf({ assessments: { decimalPropertyValidationInfos: [] } });
    const found = withShippedFacts(document('5.1.0'), supplement);
    expect([plain(found.supplement?.root), found.shipped]).toEqual([
      { assessments: { decimalPropertyValidationInfos: [] } },
      [],
    ]);
  });

  it('are added to what else the user says of a resource', () => {
    const supplement = supplementOf({ assessments: { integerFormats: { '$.a': 'int64' } }, others: {} });
    const found = plain(withShippedFacts(document('5.1.0'), supplement).supplement?.root);
    expect(found).toEqual({ assessments: { integerFormats: { '$.a': 'int64' }, ...known }, others: {} });
  });

  it('leave what is malformed to the conversion', () => {
    const malformed = { file: 'own.json', root: toJsonValue([]) };
    expect(withShippedFacts(document('5.1.0'), malformed)).toEqual({ supplement: malformed, shipped: [] });
    expect(withShippedFacts({ file: 'a', root: toJsonValue(7) })).toEqual({ supplement: undefined, shipped: [] });
  });

  it('are possible digits', () => {
    for (const numbers of Object.values(shippedDigits))
      for (const [place, [digits, places]] of Object.entries(numbers)) {
        expect(place).toMatch(/^\w+ \$\.\S+$/);
        expect(digits >= places && digits <= 28 && places >= 0, place).toBe(true);
      }
  });
});

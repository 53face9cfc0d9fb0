import { random } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { pascalCase, pascalCaseAll, physicalSchemaName, singularize, usualSingular } from './name-forms.ts';

/** Texts of letters, digits, separators, accents, characters outside the BMP and odd cases. */
function randomTexts(count: number): string[] {
  const characters = [...'abzABZ019_-. $éßÅǆıİñ東中٣ªʰ', '😀', '𝒜', '\ud800', 'ies', 'ses', 'S', 'ss', 'ches'];
  const next = random(7);
  const pick = () => characters[Math.floor(next() * characters.length)] ?? '';
  return Array.from({ length: count }, () => Array.from({ length: Math.floor(next() * 12) }, pick).join(''));
}

describe('the physical schema of a project', () => {
  it.each([
    ['ed-fi', 'edfi'],
    ['TPDM', 'tpdm'],
    ['99-select', 'p99select'],
    ['---', 'p'],
    ['', 'p'],
    ['é-fi', 'fi'],
    ['a_b.c d', 'abcd'],
    ['9', 'p9'],
    ['東x', 'x'],
  ])('of the endpoint name "%s" is %s', (endpointName, schema) => {
    expect(physicalSchemaName(endpointName)).toBe(schema);
  });

  it('holds lower-case ASCII letters and digits, starts with a letter and is its own schema name', () => {
    for (const text of randomTexts(2000)) {
      const schema = physicalSchemaName(text);
      expect(schema, text).toMatch(/^[a-z][a-z0-9]*$/);
      expect(physicalSchemaName(schema), text).toBe(schema);
    }
  });
});

describe('PascalCase', () => {
  it.each([
    ['street_name', 'StreetName'],
    ['Address.StateAbbreviationDescriptor', 'AddressStateAbbreviationDescriptor'],
    ['DirectlyOwned_Bus', 'DirectlyOwnedBus'],
    ['cipCode', 'CipCode'],
    ['2ndName', '2ndName'],
    ['__', ''],
    ['', ''],
    ['éclair_été', 'ÉclairÉté'],
    ['ßeta', 'ßeta'],
    ['a😀b', 'AB'],
    ['section504Eligible', 'Section504Eligible'],
    ['٣months', '٣months'],
    ['aªb', 'Aªb'],
    ['a²b', 'AB'],
  ])('of "%s" is "%s"', (text, expected) => {
    expect(pascalCase(text)).toBe(expected);
  });

  it('is idempotent, never longer than its input, and holds letters and digits only', () => {
    for (const text of randomTexts(2000)) {
      const name = pascalCase(text);
      expect(pascalCase(name), text).toBe(name);
      expect(name.length, text).toBeLessThanOrEqual(text.length);
      expect(name, text).toMatch(/^[\p{L}\p{Nd}]*$/u);
    }
  });

  it('changes only the first character of a run', () => {
    for (const text of randomTexts(500)) {
      const runs = text.replace(/[\u{10000}-\u{10ffff}]/gu, '-').match(/[\p{L}\p{Nd}]+/gu) ?? [];
      let rest = pascalCase(text);
      for (const run of runs) {
        expect(rest.slice(1, run.length), text).toBe(run.slice(1));
        expect([run.charAt(0), run.charAt(0).toUpperCase()], text).toContain(rest.charAt(0));
        rest = rest.slice(run.length);
      }
      expect(rest, text).toBe('');
    }
  });

  it('of several names is joined without separator', () => {
    expect(pascalCaseAll(['birthData', 'place', 'city_name'])).toBe('BirthDataPlaceCityName');
  });
});

describe('singularization', () => {
  it.each([
    ['addresses', 'address'],
    ['categories', 'category'],
    ['diagnoses', 'diagnos'],
    ['possibleResponses', 'possibleRespons'],
    ['uses', 'us'],
    ['courses', 'cours'],
    ['series', 'sery'],
    ['quizzes', 'quizz'],
    ['branches', 'branch'],
    ['wishes', 'wish'],
    ['boxes', 'box'],
    ['hoursPerWeek', 'hoursPerWeek'],
    ['artMedia', 'artMedia'],
    ['class', 'class'],
    ['ss', 'ss'],
    ['periods', 'period'],
    ['ADDRESSES', 'ADDRESS'],
    ['CATEGORIES', 'CATEGORy'],
    ['ies', 'y'],
    ['s', ''],
    ['', ''],
  ])('of "%s" is "%s"', (name, expected) => {
    expect(singularize(name)).toBe(expected);
  });

  it('changes only the end: at most three characters fewer and one more', () => {
    for (const text of randomTexts(2000)) {
      const singular = singularize(text);
      const common = [...text].findIndex((_, index) => text.charAt(index) !== singular.charAt(index));
      const kept = common < 0 ? Math.min(text.length, singular.length) : common;
      expect(text.length - kept, text).toBeLessThanOrEqual(3);
      expect(singular.length - kept, text).toBeLessThanOrEqual(1);
    }
  });
});

describe('the usual singular', () => {
  const odd = {
    houses: 'house',
    courses: 'course',
    possibleResponses: 'possibleResponse',
    licenses: 'license',
    diagnoses: 'diagnosis',
    analyses: 'analysis',
    uses: 'use',
    landUses: 'landUse',
    land_uses: 'land_use',
    sizes: 'size',
    quizzes: 'quiz',
    movies: 'movie',
    caches: 'cache',
    headaches: 'headache',
    niches: 'niche',
    series: 'series',
    species: 'species',
    status: 'status',
    analysis: 'analysis',
    STATUS: 'STATUS',
    shelves: 'shelf',
    heroes: 'hero',
  };
  it.each(Object.entries(odd))('of "%s" is "%s", which the rules miss', (plural, singular) => {
    expect(usualSingular(plural)).toBe(singular);
    expect(singularize(plural)).not.toBe(singular);
  });

  it.each([
    ...['addresses', 'classes', 'statuses', 'aliases', 'lenses', 'waltzes', 'buzzes', 'boxes', 'branches', 'coaches'],
    ...['beaches', 'speeches', 'sandwiches', 'categories', 'families', 'miseries', 'menus', 'personUris', 'objectives'],
    ...['periods', 'access', 'equipment', 'GPAs', ''],
  ])('of "%s" is that of the rules', (plural) => {
    expect(usualSingular(plural)).toBe(singularize(plural));
  });
});

import { readFileSync } from 'node:fs';
import { breakingRelease, damagedMembers, memberByMember, modelOf, propertyRuns, random } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileTranslation, placeName, type SetPlaces } from '../src/index.ts';
import { filledSet, translated } from './translated.ts';

/* A damaged file is refused with a code and a place, or it is a different valid translation (design 20 §4). */

const text = readFileSync(breakingRelease.translation, 'utf8');
const model = (files: readonly string[]) => modelOf(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));

describe('a damaged translation', () => {
  let before: SetPlaces;
  let after: SetPlaces;
  let documents: ReturnType<typeof filledSet>['documents'];
  beforeAll(() => {
    ({ places: before, documents } = filledSet(model(breakingRelease.before), 2));
    after = filledSet(model(breakingRelease.after), 2).places;
  });

  /** Checks a file, and translates with it if it is complete. Returns the codes of the refusal. */
  async function codesOf(what: string, file: string): Promise<readonly string[]> {
    const json: unknown = JSON.parse(file);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
    const { translation, problems } = compileTranslation([json as Record<string, unknown>], before, after);
    expect([what, translation === null]).toEqual([what, problems.length > 0]);
    for (const { code, rules, place } of problems) {
      expect([what, code]).toEqual([what, expect.stringMatching(/^TRANSLATION_/)]);
      expect([what, rules.length > 0 || placeName(place) !== undefined]).toEqual([what, true]);
    }
    if (translation) expect([what, (await translated(translation, documents)).broken]).toEqual([what, []]);
    return problems.map(({ code }) => code);
  }

  /** A damage of one rule, with the code and the place of the refusal. */
  interface TranslationDamage {
    readonly what: string;
    readonly code: string;
    readonly rule: string;
    readonly place: string;
    readonly file: Record<string, unknown>;
  }

  // biome-ignore lint/suspicious/noExplicitAny: rules are damaged in any form
  type Rule = any;

  function* damages(): Generator<TranslationDamage> {
    const whole: Record<string, Rule> = JSON.parse(text);
    for (const list of ['moves', 'documents', 'fills', 'drops'])
      for (const [index, rule] of (whole[list] as Rule[]).entries()) {
        const name = `${list}[${index}]`;
        const other = (what: string, code: string, place: string, changed: Rule): TranslationDamage => ({
          what: `${name} ${what}`,
          code: `TRANSLATION_${code}`,
          rule: name,
          place,
          file: { ...whole, [list]: whole[list].map((each: Rule, at: number) => (at === index ? changed : each)) },
        });
        const sides = ['before', 'after'].filter((side) => side in rule);
        yield other('has another member', 'INVALID', '', { ...rule, aftre: 'x' });
        yield other('is a text', 'INVALID', '', 'moved');
        for (const side of sides) {
          const { [side]: named, ...rest } = rule;
          yield other(`has no ${side}`, 'INVALID', '', rest);
          yield other(`has a number as ${side}`, 'INVALID', '', { ...rule, [side]: 7 });
          yield other(`has an empty ${side}`, 'INVALID', '', { ...rule, [side]: '' });
          // for `documents` any name that ends in [*] is a collection whose items become documents
          const isUnformed = list !== 'documents';
          if (isUnformed)
            yield other(`has no name as ${side}`, 'INVALID', `${named}=x`, { ...rule, [side]: `${named}=x` });
          const unknown = named.endsWith('[*]') ? named.replace(/\[\*\]$/, 'Gone[*]') : `${named}Gone`;
          yield other(`names nothing as ${side}`, 'UNKNOWN', unknown, { ...rule, [side]: unknown });
        }
        const twice = { ...whole, [list]: [...whole[list], rule] };
        const last = `${list}[${whole[list].length}]`;
        const place = list === 'fills' ? rule.after : rule.before;
        if (list !== 'documents')
          yield { what: `${name} twice`, code: 'TRANSLATION_AMBIGUOUS', rule: last, place, file: twice };
        if (list === 'drops')
          yield { ...other('is not there', 'INCOMPLETE', rule.before, rule), rule: '', file: { ...whole, drops: [] } };
      }
    for (const side of ['before', 'after'])
      for (const [project, version] of Object.entries(whole[side])) {
        const of = (asked: unknown) => ({ ...whole, [side]: { ...whole[side], [project]: asked } });
        for (const asked of [`${version}.1.1.1`, '9', 'x'])
          yield {
            what: `${project} ${asked}`,
            code: 'TRANSLATION_VERSIONS',
            rule: side,
            place: project,
            file: of(asked),
          };
        yield { what: `${project} 1`, code: 'TRANSLATION_INVALID', rule: side, place: '', file: of(1) };
      }
  }

  it('of each kind is refused with its code, its rule and its place', () => {
    let count = 0;
    for (const { what, code, rule, place, file } of damages()) {
      const { problems } = compileTranslation([file], before, after);
      const found = problems.map((each) => [each.code, each.rules.join(), each.place]);
      expect([what, found]).toEqual([what, expect.arrayContaining([[code, rule, place]])]);
      count += 1;
    }
    expect(count).toBeGreaterThan(100);
  });

  it('in one member is refused, or holds the laws', async () => {
    const codes = new Set<string>();
    for (const { what, text: damaged } of memberByMember(text, propertyRuns(1_000)))
      for (const code of await codesOf(what, damaged)) codes.add(code);
    for (const code of ['INVALID', 'VERSIONS', 'INCOMPLETE', 'UNKNOWN']) expect(codes).toContain(`TRANSLATION_${code}`);
  });

  it('in several members is refused, or holds the laws', async () => {
    const codes: (readonly string[])[] = [];
    for (let seed = 0; seed < propertyRuns(1_000); seed += 1)
      codes.push(await codesOf(`seed ${seed}`, damagedMembers(text, random(seed))));
    expect(codes.filter((each) => each.length > 0).length).toBeGreaterThan(propertyRuns(1_000) / 2);
  });
});

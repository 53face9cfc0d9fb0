import { random } from '@dms/testing';
import { compileTranslation, type SetPlaces, type TranslationJson } from '@dms/translation';

type RuleJson = Record<string, unknown>;

const listOf = (rules: RuleJson, name: string) => rules[name] as readonly RuleJson[];

/** The rules with a drop in place of one of them, or for a place without a rule. */
function withDrop(rules: RuleJson, place: string): RuleJson {
  const others = (name: string) => listOf(rules, name).filter(({ before }) => before !== place);
  const drops = [...others('drops'), { before: place, because: 'a search' }];
  return { ...rules, moves: others('moves'), documents: others('documents'), drops };
}

/** Changed rules that are still complete, and drop some more places. */
export function changedRules(rules: RuleJson, before: SetPlaces, after: SetPlaces, seed: number) {
  const next = random(seed);
  const one = (list: readonly string[]) => list[Math.floor(next() * list.length)] as string;
  const places = [...before.resources.values()].flatMap((each) =>
    [...each.places.keys()].map((path) => `${each.label}.${path}`),
  );
  const ruled = ['moves', 'documents'].flatMap((name) => listOf(rules, name).map(({ before: place }) => String(place)));
  const compiled = (file: TranslationJson) => compileTranslation([file], before, after).translation;
  let found = { rules, translation: compiled(rules) };
  for (let count = 0; count < 8; count += 1) {
    const changed = withDrop(found.rules, one(next() < 0.3 ? ruled : places));
    const translation = compiled(changed);
    if (translation) found = { rules: changed, translation };
  }
  return found;
}

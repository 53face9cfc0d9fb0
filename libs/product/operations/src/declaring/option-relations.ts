import { factsOf, flagOf, type OptionFacts, type Shape, writtenOption } from './option.ts';

/* Which options go together is data of each option (`needs` and `conflicts`); help and checks follow from it. */

const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const otherForm = /(?:Env|File)$/;

/** The names that an operation has; the variable and the file of a connection are left out beside its text. */
const shownNames = (names: readonly string[], shape: Shape): readonly string[] =>
  names.filter((name) => {
    const text = name.replace(otherForm, '');
    return shape[name] !== undefined && (text === name || !names.includes(text));
  });

/** Text of the help on the options that an option needs or excludes: `needs --data; not with --output`. */
export function relationText({ needs = [], conflicts = [] }: OptionFacts, shape: Shape): string {
  const flags = (names: readonly string[]) => orList(shownNames(names, shape).map(flagOf));
  const excluded = flags(conflicts);
  return [
    ...needs.map(flags).flatMap((names) => (names === '' ? [] : [`needs ${names}`])),
    ...(excluded === '' ? [] : [`not with ${excluded}`]),
  ].join('; ');
}

/** The message about the first given option whose companion is missing; undefined if all options have theirs. */
export function missingCompanion(shape: Shape, isGiven: (name: string) => boolean): string | undefined {
  for (const [name, option] of Object.entries(shape)) {
    if (!isGiven(name)) continue;
    const lacking = factsOf(option).needs?.find((names) => !names.some(isGiven));
    if (lacking === undefined) continue;
    const written = shownNames(lacking, shape).flatMap((other) => {
      const companion = shape[other];
      return companion === undefined ? [] : [`'${writtenOption(other, companion)}'`];
    });
    return `option '${writtenOption(name, option)}' needs ${orList(written)}`;
  }
  return undefined;
}

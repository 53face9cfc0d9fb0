import { listWith } from '@dms/diagnostics';
import { factsOf, flagOf, type OptionFacts, type Shape, writtenOption } from './option.ts';

/*
 * Each option declares which options it needs and excludes (`needs`, `conflicts`); the help and the checks follow from
 * that.
 */

const otherForm = /(?:Env|File)$/;

/** The names that an operation has; the variable and the file of a connection are left out beside its text. */
const shownNames = (names: readonly string[], shape: Shape): readonly string[] =>
  names.filter((name) => {
    const text = name.replace(otherForm, '');
    return shape[name] !== undefined && (text === name || !names.includes(text));
  });

/** Text of the help on the options that an option needs or excludes: `needs --data; not with --output`. */
export function relationText({ needs = [], conflicts = [] }: OptionFacts, shape: Shape): string {
  const flags = (names: readonly string[]) => listWith('or', shownNames(names, shape).map(flagOf));
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
    return `option '${writtenOption(name, option)}' needs ${listWith('or', written)}`;
  }
  return undefined;
}

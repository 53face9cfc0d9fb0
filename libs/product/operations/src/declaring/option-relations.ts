import { listWith } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { productNames, type SqlDialect } from '@dms/sql';
import { factsOf, type OptionFacts, type OptionGroup, type Shape, writtenOption } from './option.ts';

/*
 * Each option declares which options it needs and excludes (`needs`, `conflicts`), an argument which options it excludes;
 * the help and the checks follow from that.
 */

const otherForm = /(?:Env|File)$/;

/** The names that an operation has; the variable and the file of a connection are left out beside its text. */
const shownNames = (names: readonly string[], shape: Shape): readonly string[] =>
  names.filter((name) => {
    const text = name.replace(otherForm, '');
    return shape[name] !== undefined && (text === name || !names.includes(text));
  });

/** The form of an option without its value: `--no-schema-checks` for a flag that has only its negated form. */
const shownFlag = (name: string, shape: Shape): string =>
  writtenOption(name, mustExist(shape[name], name)).replace(/ .*/, '');

/** The options that name an option in a list of theirs. */
const namedBy = (shape: Shape, isNamed: (facts: OptionFacts) => boolean): readonly string[] =>
  Object.keys(shape).filter((other) => isNamed(factsOf(mustExist(shape[other], other))));

/**
 * Text of the help on the relations of an option, whichever of the two options declares them: `needs --data; allows
 * --repair; not with --output`. An option allows those that need it, alone or as one of several.
 */
export function relationText(name: string, shape: Shape): string {
  const { needs = [], conflicts = [] } = factsOf(mustExist(shape[name], name));
  const flags = (names: readonly string[], word: 'and' | 'or') => {
    const others = shownNames(names, shape).filter((other) => other !== name);
    return listWith(
      word,
      others.map((other) => shownFlag(other, shape)),
    );
  };
  const allowed = flags(
    namedBy(shape, ({ needs: lists = [] }) => lists.some((names) => names.includes(name))),
    'and',
  );
  const excluded = flags(
    [...new Set([...conflicts, ...namedBy(shape, (facts) => facts.conflicts?.includes(name) === true)])],
    'or',
  );
  return [
    ...needs.map((names) => flags(names, 'or')).flatMap((names) => (names === '' ? [] : [`needs ${names}`])),
    ...(allowed === '' ? [] : [`allows ${allowed}`]),
    ...(excluded === '' ? [] : [`not with ${excluded}`]),
  ].join('; ');
}

/** The message about the first given option whose companion is missing; undefined if all options have theirs. */
export function missingCompanion(shape: Shape, isGiven: (name: string) => boolean): string | undefined {
  for (const [name, option] of Object.entries(shape)) {
    if (!isGiven(name)) continue;
    const { needs = [], isOnlyOn } = factsOf(option);
    const lacking = needs.find((names) => !names.some(isGiven));
    if (lacking === undefined) continue;
    const written = shownNames(lacking, shape).flatMap((other) => {
      const companion = shape[other];
      return companion === undefined ? [] : [`'${writtenOption(other, companion)}'`];
    });
    const dialect = isOnlyOn === undefined ? '' : `is for ${productNames[isOnlyOn]} and `;
    return `option '${writtenOption(name, option)}' ${dialect}needs ${listWith('or', written)}`;
  }
  return undefined;
}

/** The groups whose options name what an operation reads. */
const namesSource: ReadonlySet<OptionGroup> = new Set(['source', 'fleet']);

/**
 * The message about the first given argument beside an option that it excludes; undefined if there is none. An option that
 * names a source is another source than the argument.
 *
 * @param values the values of arguments and given options
 */
export function excludedArgument(
  places: Shape,
  options: Shape,
  values: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [name, place] of Object.entries(places)) {
    const [first] = [values[name]].flat();
    const excluded = factsOf(place).conflicts?.find((other) => values[other] !== undefined);
    if (first === undefined || excluded === undefined) continue;
    const option = mustExist(options[excluded], excluded);
    const written = writtenOption(excluded, option);
    return namesSource.has(factsOf(option).group)
      ? `name one source, not both '${first}' and '${written}'`
      : `option '${written}' cannot be used with argument '${first}'`;
  }
  return undefined;
}

/** The given options of a shape that are for databases of another dialect, in their written form. */
export const optionsForOthers = (
  shape: Shape,
  values: Readonly<Record<string, unknown>>,
  dialect: SqlDialect,
): readonly string[] =>
  Object.entries(shape).flatMap(([name, option]) => {
    const { isOnlyOn = dialect, description } = factsOf(option);
    // a flag that has only its negated form, and so no description of its own, is on unless it is given
    const isOnByDefault = description === '';
    const isGiven = values[name] !== undefined && values[name] !== isOnByDefault;
    return isOnlyOn !== dialect && isGiven ? [writtenOption(name, option)] : [];
  });

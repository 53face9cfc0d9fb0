import { fail, listOfNames, listWith } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { productNames, type SqlDialect } from '@dms/sql';
import { factsOf, flagOf, type OptionFacts, type OptionGroup, type Shape, writtenOption } from './option.ts';

/*
 * Each option declares which options it needs and excludes (`needs`, `conflicts`), which values others may have beside it
 * (`onlyBeside`) and the dialect that it is for (`onlyOn`), an argument which options it excludes; the help and the checks
 * follow from that.
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
 * Text of the help on the relations of an option, whichever of the two options declares them: `only on SQL Server; needs
 * --data; allows --repair; not with --output`. An option allows those that need it, alone or as one of several.
 */
export function relationText(name: string, shape: Shape): string {
  const { needs = [], conflicts = [], onlyOn, onlyBeside = {} } = factsOf(mustExist(shape[name], name));
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
  const beside = Object.entries(onlyBeside).flatMap(([other, values]) =>
    shape[other] === undefined ? [] : [`only with ${shownFlag(other, shape)} ${listWith('or', values)}`],
  );
  const besideOthers = namedBy(shape, (facts) => facts.onlyBeside?.[name] !== undefined).map((other) => {
    const values = factsOf(mustExist(shape[other], other)).onlyBeside?.[name] ?? [];
    return `only ${listWith('or', values)} with ${shownFlag(other, shape)}`;
  });
  return [
    ...(onlyOn === undefined ? [] : [`only on ${productNames[onlyOn.dialect]}`]),
    ...needs.map((names) => flags(names, 'or')).flatMap((names) => (names === '' ? [] : [`needs ${names}`])),
    ...(allowed === '' ? [] : [`allows ${allowed}`]),
    ...(excluded === '' ? [] : [`not with ${excluded}`]),
    ...beside,
    ...besideOthers,
  ].join('; ');
}

/** The message about the first given option whose companion is missing; undefined if all options have theirs. */
export function missingCompanion(shape: Shape, isGiven: (name: string) => boolean): string | undefined {
  for (const [name, option] of Object.entries(shape)) {
    if (!isGiven(name)) continue;
    const { needs = [], onlyOn } = factsOf(option);
    const lacking = needs.find((names) => !names.some(isGiven));
    if (lacking === undefined) continue;
    const written = shownNames(lacking, shape).flatMap((other) => {
      const companion = shape[other];
      return companion === undefined ? [] : [`'${writtenOption(other, companion)}'`];
    });
    const dialect = onlyOn === undefined ? '' : `is for ${productNames[onlyOn.dialect]} and `;
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

/** The message about the first given option beside a value that it does not allow; undefined if there is none. */
export function excludedValue(shape: Shape, values: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, option] of Object.entries(shape)) {
    if (values[name] === undefined) continue;
    for (const [other, allowed] of Object.entries(factsOf(option).onlyBeside ?? {})) {
      const value = values[other];
      if (value === undefined || allowed.includes(`${value}`)) continue;
      const wanted = listWith('or', allowed);
      return `option '${writtenOption(name, option)}' goes only with '${flagOf(other)} ${wanted}', not '${flagOf(other)} ${value}'`;
    }
  }
  return undefined;
}

/** Refuses options for databases of another dialect, which would be ignored: `OPTION_CONFLICT`. */
export function expectForDialect(shape: Shape, values: Readonly<Record<string, unknown>>, dialect: SqlDialect): void {
  const ignored = Object.entries(shape).flatMap(([name, option]) => {
    const { onlyOn, description } = factsOf(option);
    // a flag that has only its negated form, and so no description of its own, is on unless it is given
    const isOnByDefault = description === '';
    const isGiven = values[name] !== undefined && values[name] !== isOnByDefault;
    return onlyOn !== undefined && onlyOn.dialect !== dialect && isGiven
      ? [{ ...onlyOn, written: writtenOption(name, option) }]
      : [];
  });
  const [first] = ignored;
  if (first === undefined) return;
  const options = ignored.filter(({ elsewhere }) => elsewhere === first.elsewhere).map(({ written }) => written);
  const text = `${listOfNames(options)} is for ${productNames[first.dialect]}; on ${productNames[dialect]} ${first.elsewhere}.`;
  fail('OPTION_CONFLICT', text, {}, { options });
}

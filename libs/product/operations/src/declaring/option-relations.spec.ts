import { DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { expect, it } from 'vitest';
import { operations } from '../commands/index.ts';
import { choice, factsOf, flag, paths, type Shape, text, usualFlag } from './option.ts';
import {
  excludedArgument,
  excludedValue,
  expectForDialect,
  missingCompanion,
  relationText,
} from './option-relations.ts';
import { allArguments, allOptions } from './subject.ts';

const onMssql = { dialect: 'mssql', elsewhere: 'nothing is slow' } as const;

const shape = {
  data: flag('a'),
  quick: usualFlag('f', { needs: [['data']], onlyOn: onMssql }),
  repair: flag('b', { needs: [['data']], conflicts: ['fleet', 'from', 'fromEnv', 'absent'] }),
  fleet: text('<file>', 'c'),
  from: text('<text>', 'd'),
  fromEnv: text('<NAME>', 'e', {
    needs: [
      ['from', 'fromEnv', 'fleet'],
      ['data', 'repair'],
    ],
  }),
};
const lacking = (...given: string[]) => missingCompanion(shape, (name) => given.includes(name));

it('the first option without a companion is named, with the options that it needs', () => {
  expect(lacking('data', 'fleet')).toBeUndefined();
  expect(lacking('repair', 'data')).toBeUndefined();
  expect(lacking('quick')).toBe("option '--no-quick' is for SQL Server and needs '--data'");
  expect(lacking('repair')).toBe("option '--repair' needs '--data'");
  expect(lacking('fromEnv')).toBe("option '--from-env <NAME>' needs '--data' or '--repair'");
});

it('the help prints a relation at both of its options, as far as the operation has them', () => {
  const written = (name: keyof typeof shape) => relationText(name, shape);
  expect(written('data')).toBe('allows --no-quick, --repair and --from-env');
  expect(written('repair')).toBe('needs --data; allows --from-env; not with --fleet or --from');
  expect(written('fleet')).toBe('allows --from-env; not with --repair');
  expect(written('from')).toBe('allows --from-env; not with --repair');
  expect(written('fromEnv')).toBe('needs --from or --fleet; needs --data or --repair; not with --repair');
});

it('an argument beside an option that it excludes is named with this option, as another source if it is one', () => {
  const places = { paths: paths('[path...]', 'g', { conflicts: ['list', 'from'] }) };
  const options = { list: flag('h'), from: text('<text>', 'i', { group: 'source' }), other: flag('j') };
  const excluded = (values: Readonly<Record<string, unknown>>) => excludedArgument(places, options, values);
  expect(excluded({ paths: ['x', 'y'], list: true })).toBe("option '--list' cannot be used with argument 'x'");
  expect(excluded({ paths: ['x'], from: 'z' })).toBe("name one source, not both 'x' and '--from <text>'");
  expect(excluded({ paths: [], list: true })).toBeUndefined();
  expect(excluded({ paths: ['x'], other: true })).toBeUndefined();
  expect(relationText('paths', { ...options, ...places })).toBe('not with --list or --from');
});

it('options for databases of another dialect are refused if they are given', () => {
  const refused = (options: Shape, values: Readonly<Record<string, unknown>>, dialect: SqlDialect) => {
    try {
      expectForDialect(options, values, dialect);
      return null;
    } catch (error) {
      return (error instanceof DmsError ? error.diagnostics : []).map(({ code, message, details }) => [
        code,
        message,
        details.options,
      ]);
    }
  };
  const given = { data: true, quick: false, from: 'x' };
  expect(refused(shape, given, 'pgsql')).toEqual([
    ['OPTION_CONFLICT', '"--no-quick" is for SQL Server; on PostgreSQL nothing is slow.', ['--no-quick']],
  ]);
  expect(refused(shape, given, 'mssql')).toBeNull();
  expect(refused(shape, { ...given, quick: true }, 'pgsql')).toBeNull();
  const viewed = { views: text('<name>', 'g', { onlyOn: onMssql }), make: flag('h', { onlyOn: onMssql }) };
  const both = refused(viewed, { views: 'v', make: true }, 'pgsql');
  expect(both?.map(([, , options]) => options)).toEqual([['--views <name>', '--make']]);
  expect(refused(viewed, { make: false }, 'pgsql')).toBeNull();
  expect(relationText('views', viewed)).toBe('only on SQL Server');
});

it('an option names the values that another one may have beside it, and the help of both says so', () => {
  const options = {
    since: text('<version>', 'a', { onlyBeside: { action: ['replace', 'skip'] } }),
    action: choice('<action>', 'b', ['fail', 'skip', 'replace']),
  };
  expect(excludedValue(options, { since: '1', action: 'fail' })).toBe(
    "option '--since <version>' goes only with '--action replace or skip', not '--action fail'",
  );
  expect(excludedValue(options, { since: '1', action: 'skip' })).toBeUndefined();
  expect(excludedValue(options, { since: '1' })).toBeUndefined();
  expect(excludedValue(options, { action: 'fail' })).toBeUndefined();
  expect(relationText('since', options)).toBe('only with --action replace or skip');
  expect(relationText('action', options)).toBe('only replace or skip with --since');
});

const loaded = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();

it('every operation has the options that its options need', () => {
  const lists = loaded.flatMap((operation) => {
    const options = allOptions(operation);
    return Object.entries(options).flatMap(([name, option]) =>
      (factsOf(option).needs ?? []).map((names) => ({ operation: operation.name, name, names, options })),
    );
  });
  expect(lists.length).toBeGreaterThan(50);
  const others = ({ name, names, options }: (typeof lists)[number]) =>
    names.filter((each) => each !== name && options[each]);
  expect(lists.filter((list) => others(list).length === 0)).toEqual([]);
});

it('every option that an argument excludes is an option of its operation', () => {
  const missing = loaded.flatMap((operation) => {
    const options = allOptions(operation);
    const excluded = Object.values(allArguments(operation)).flatMap((place) => factsOf(place).conflicts ?? []);
    return excluded.filter((name) => options[name] === undefined);
  });
  expect(missing).toEqual([]);
});

it('every option that another one excludes is there: of the same operation, unless several share the list', () => {
  const shapes = loaded.map((operation) => ({ ...allOptions(operation), ...allArguments(operation) }));
  const names = new Set(loaded.flatMap((operation) => Object.keys(allOptions(operation))));
  const excluded = shapes.flatMap((options) => Object.values(options).map((option) => factsOf(option).conflicts ?? []));
  expect(excluded.flat().length).toBeGreaterThan(50);
  expect(excluded.flat().filter((name) => !names.has(name))).toEqual([]);
});

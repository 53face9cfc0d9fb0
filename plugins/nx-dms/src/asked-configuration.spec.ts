import { expect, test } from 'vitest';
import { type KnownProjects, mistypedConfiguration } from './asked-targets.ts';

/* Commands of Nx as a user types them; Nx itself drops a configuration that a target lacks (design 10 §6.7). */

const configurations = { pgsql: {}, mssql: {}, single: {} };
const projects: KnownProjects = {
  campus: { targets: { 'normalize-schema': { executor: 'nx-dms:normalize-schema' } } },
  dms: {
    metadata: { targetGroups: { Fleet: ['provision-fleet', 'provision-db:north-2026'] } },
    targets: {
      'emit-ddl': { executor: 'nx-dms:emit-ddl', configurations: { pgsql: {}, mssql: {} } },
      'provision-db': { executor: 'nx-dms:provision-db', configurations },
      'provision-db:north-2026': { executor: 'nx-dms:provision-db' },
      'provision-db:south-2026': { executor: 'nx-dms:provision-db' },
      'provision-fleet': { executor: 'nx:noop' },
      deploy: { executor: 'nx:run-commands', configurations: { production: {} } },
    },
  },
  '@scope/sets:other': {
    targets: { 'emit-ddl': { executor: 'nx-dms:emit-ddl', configurations: { pgsql: {}, mssql: {} } } },
  },
  shop: { targets: { build: { executor: 'nx:run-commands', configurations: { production: {} } } } },
};
const askedWith = (line: string) => mistypedConfiguration(line.split(' '), () => projects);

test.each([
  ['run dms:provision-db:nort-2026', 'dms:provision-db has no configuration "nort-2026"; did you mean "north-2026"'],
  ['run dms:provision-db:nort-2026 --connectionEnv=X', 'did you mean "north-2026"'],
  ['run --verbose dms:provision-db:nort-2026', 'did you mean "north-2026"'],
  ['run --output-style static dms:provision-db:nort-2026', 'did you mean "north-2026"'],
  ['run dms:provision-db -c nort-2026', 'did you mean "north-2026"'],
  ['run dms:provision-db:north-2026 -c nort', 'dms:provision-db:north-2026 has no configuration "nort".'],
  ['run dms:provision-db --configuration nort-2026', 'did you mean "north-2026"'],
  ['run dms:provision-db -c=singel', 'did you mean "single"'],
  ['run dms:provision-db:pgsql --configuration=pgsq', 'has no configuration "pgsq"; did you mean "pgsql"'],
  ['run dms:provision-fleet:x', 'dms:provision-fleet has no configuration "x".'],
  ['run campus:normalize-schema:pgsql', 'campus:normalize-schema has no configuration "pgsql".'],
  ['run @scope/sets:other:emit-ddl:pgsq', '@scope/sets:other:emit-ddl has no configuration "pgsq"'],
  ['run other:emit-ddl:pgsq', 'emit-ddl has no configuration "pgsq"'],
  // in the folder of a project
  ['run emit-ddl:pgsq', 'emit-ddl has no configuration "pgsq"'],
  ['emit-ddl -c pgsq', 'emit-ddl has no configuration "pgsq"'],
  ['emit-ddl dms --configuration=pgsq', 'dms:emit-ddl has no configuration "pgsq"; did you mean "pgsql"'],
  ['run-many -t emit-ddl -c pgsq', 'emit-ddl has no configuration "pgsq"'],
  ['run-many -t build emit-ddl -c pgsq', 'emit-ddl has no configuration "pgsq"'],
  ['affected --targets=emit-ddl,verify-db --configuration=pgsq', 'emit-ddl has no configuration "pgsq"'],
])('nx %s', (line, text) => {
  const found = askedWith(line);
  expect(found?.code).toBe('TASK_CONFIGURATION_UNKNOWN');
  expect(found?.message).toContain(text);
  expect(found?.message).toMatch(/ Nothing was run\.$/);
});

test.each(['run byName:provision-db:north', 'run byName:provision-db -c 2026', 'run byName:check-db:north:2026'])(
  'nx %s says that databases which no list names have no configurations',
  (line) => {
    const targets = {
      'provision-db': { executor: 'nx-dms:provision-db', configurations },
      'check-db': { executor: 'nx-dms:check-db', configurations },
    };
    const found = mistypedConfiguration(line.split(' '), () => ({ byName: { targets } }));
    expect(found?.message).toMatch(
      / It has none for the databases of the fleet; name one of them with --database=<name>\. Nothing was run\.$/,
    );
  },
);

test.each([
  'run dms:provision-db',
  'run dms:provision-db:north-2026',
  'run dms:provision-db:single --dialect=pgsql',
  'run dms:emit-ddl:mssql',
  'run dms:emit-ddl -c mssql',
  'run dms:deploy:staging',
  'run shop:build:staging',
  'run other:emit-ddl:pgsql',
  'run nothing:at:all',
  'run emit-ddl',
  'emit-ddl dms',
  'build shop -c staging',
  // some targets have this configuration
  'run-many -t build emit-ddl -c production',
  'run-many -t emit-ddl -c pgsql',
  'run-many -t emit-ddl',
  'affected -t emit-ddl',
  'run dms:emit-ddl -- -c pgsq',
])('nx %s is left to Nx', (line) => expect(askedWith(line)).toBeUndefined());

test('the projects are read only where a configuration may have been asked for', () => {
  const unread = () => {
    throw new Error('read');
  };
  expect(mistypedConfiguration(['run-many', '-t', 'emit-ddl'], unread)).toBeUndefined();
  expect(() => mistypedConfiguration(['run', 'dms:emit-ddl'], unread)).toThrow('read');
});

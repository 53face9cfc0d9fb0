import type { Catalog } from '@dms/catalog';
import { modelIndex, mustExist, qualified } from '@dms/model';
import { abstractResource, build, mainGenerations, shareOf, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { textMutants } from '../../test/body-mutants.ts';
import { inputOfDocuments, ownInput } from '../../test/inputs.ts';
import { bodiesOf, ShapeTrials, type Weakened, withoutPlace } from '../../test/shape-trials.ts';
import { formOf } from './body-form.ts';
import { keySpaceOf } from './key-space.ts';
import { ShapeKeys } from './known-shapes.ts';
import { representativesOf } from './representatives.ts';
import { rolesOf } from './table-roles.ts';
import { countsOfAll, failedShapes, shapesOf } from './table-shapes.ts';

describe.each(mainGenerations)('shapes of the triggers of a script of %s', (version) => {
  const trials = ownInput('pgsql', version).then((input) => ({ input, trials: new ShapeTrials(input) }));

  it('no two columns of a table have one role', async () => {
    const { input } = await trials;
    for (const { table, resource } of modelIndex(input.model).tables) {
      const roles = rolesOf(input, resource, table);
      const texts = table.columns.map(({ name }) => roles.column(roles.self, name).text);
      expect(new Set(texts).size, roles.self).toBe(texts.length);
    }
  });

  it('a body with a name that does not resolve has no form', async () => {
    const { input } = await trials;
    const [first] = modelIndex(input.model).tables;
    if (!first) throw new Error('no table');
    const roles = rolesOf(input, first.resource, first.table);
    const of = (body: string) => formOf(body, roles, new Set(['new_rows']));
    const read = 'SELECT n."DocumentId" FROM new_rows AS n;';
    expect(of(read)).not.toBeNull();
    for (const body of [
      'SELECT m."DocumentId" FROM new_rows AS n;',
      'SELECT "DocumentId" FROM new_rows AS n;',
      'SELECT n."DocumentId" FROM other_rows AS n;',
      'SELECT n.documentid FROM new_rows AS n;',
      `${read} -- not read`,
      `${read} /* not read */`,
      `${read} SELECT E'\\'' "DocumentId";`,
      `SELECT n."DocumentId" FROM new_rows AS n, "dms"."Document" AS d WHERE d."DocumentId" = 1;`,
      'SELECT (n."DocumentId" FROM new_rows AS n;',
      'SELECT d."DocumentId" FROM new_rows AS n, now() AS d;',
      'SELECT n."DocumentId" FROM new_rows AS n WHERE n."DocumentId" = $$1$$;',
    ])
      expect(of(body), body).toBeNull();
  });

  it('are fewer than tables, and only triggers of a hierarchy have no form', async () => {
    const { trials: of } = await trials;
    expect(new Set(of.shapes.map(({ shape }) => shape)).size).toBeLessThan(of.shapes.length);
    for (const trigger of of.shapes.flatMap(({ formless }) => formless)) expect(trigger).toContain('AuthHierarchy');
  });

  it('no table with one change in a body is proved by others', async () => {
    const { trials: of } = await trials;
    const proved: string[] = [];
    let count = 0;
    for (const { table, name, body } of of.functions)
      for (const { kind, what, text } of shareOf(textMutants(body, true), usualShare)) {
        count += 1;
        if (of.isProved(qualified(table), name, text)) proved.push(`${name} ${kind}: ${what}`);
      }
    expect(count).toBeGreaterThan(200);
    expect(proved).toEqual([]);
  });

  it('no table without one of its triggers, or with one that is off, is proved by others', async () => {
    const { input, trials: of } = await trials;
    for (const table of input.catalog.tables.filter((each) => of.shapes.some(({ name }) => name === qualified(each))))
      for (const trigger of table.triggers)
        for (const triggers of [
          table.triggers.filter((each) => each !== trigger),
          table.triggers.map((each) => (each === trigger ? { ...each, enabled: false } : each)),
        ]) {
          const tables = input.catalog.tables.map((each) => (each === table ? { ...each, triggers } : each));
          expect(of.isProvedWith(qualified(table), { ...input.catalog, tables }), trigger.name).toBe(false);
        }
  });

  /** The shapes in a database with another catalog. */
  async function shapesWith(change: (catalog: Catalog) => Partial<Catalog>) {
    const { input, trials: of } = await trials;
    return shapesOf(input, { catalog: { ...input.catalog, ...change(input.catalog) }, bodies: of.bodies });
  }

  const withoutBody = (name: string | undefined) => (catalog: Catalog) => ({
    functions: catalog.functions.map((each) => (qualified(each) === name ? { ...each, body: '' } : each)),
  });

  it('a difference outside triggers makes all tables tried', async () => {
    const { input } = await trials;
    expect(await shapesWith(() => ({ sequences: [] }))).toMatch(/^sequence dms\.\w+ is missing$/);
    const core = mustExist(
      input.catalog.functions.find(({ schema }) => schema === 'dms'),
      'a function of the core',
    );
    expect(await shapesWith(withoutBody(qualified(core)))).toBe(`function ${qualified(core)}() is changed`);
  });

  it('a changed function of a trigger does not', async () => {
    const { trials: of } = await trials;
    expect(await shapesWith(withoutBody(of.functions[0]?.name))).toBeTypeOf('function');
  });

  it('the tables for which a failed one stands are named', async () => {
    const { input, trials: of } = await trials;
    const choice = shapesOf(input, { catalog: input.catalog, bodies: of.bodies });
    if (typeof choice === 'string') throw new Error(choice);
    const chosen = choice(() => true);
    const others = [...chosen.standsFor.values()].flat();
    expect(new Set([...chosen.triggers, ...others]).size).toBe(chosen.counts.tables);
    const failedWith = (check: string, object: string) => failedShapes(input, chosen, [{ check, object }]);
    for (const { table, label, isRoot } of modelIndex(input.model).tables) {
      const name = qualified(table.table);
      const members = chosen.standsFor.get(name) ?? [];
      const failed = members.length > 0 ? [{ table: name, members }] : [];
      expect([failedWith('R8', `${name}.A`), failedWith('R17', name)]).toEqual([failed, failed]);
      if (isRoot) expect(failedWith('R17', `${label}, a row inserted`)).toEqual(failed);
      // a label alone says no more than that some table of the resource has failed
      for (const [check, object] of [
        ['R12', `${name}.A`],
        ['R8', `${name}1.A`],
        ['R17', label],
        ['R8', `Other ${name}.A`],
      ] as const)
        expect(failedWith(check, object)).toEqual([]);
    }
    expect(others.length).toBeGreaterThan(0);
    const { tables, shapes } = chosen.counts;
    expect(countsOfAll(choice)).toMatchObject({ tables, shapes, tried: tables, columnsTried: tables, failed: [] });
    expect(countsOfAll('why')).toBe('why');
  });

  it('shapes that an earlier run has proved are not tried, unless the engine, the version or a body differs', async () => {
    const { input, trials: of } = await trials;
    const live = { catalog: input.catalog, bodies: of.bodies };
    const chosenWith = (keys: readonly string[], bodies = of.bodies, version = '1', engine = 'PostgreSQL 17') => {
      const choice = shapesOf(input, { ...live, bodies }, new ShapeKeys({ version, keys: new Set(keys) }, engine));
      if (typeof choice === 'string') throw new Error(choice);
      return choice(() => true);
    };
    const first = chosenWith([]);
    const { proved } = first;
    const again = chosenWith(proved);
    const formless = of.shapes.filter((shape) => shape.formless.length > 0).map(({ name }) => name);
    expect([[...again.triggers], [...again.columns], again.counts]).toEqual([formless, [], first.counts]);
    expect([first.knownShapes, again.knownShapes]).toEqual([0, first.counts.shapes - formless.length]);
    for (const other of [chosenWith(proved, of.bodies, '2'), chosenWith(proved, of.bodies, '1', 'PostgreSQL 18')])
      expect([other.triggers, other.columns]).toEqual([first.triggers, first.columns]);
    for (const { table, name, body } of shareOf(of.functions, usualShare)) {
      const [changed] = textMutants(body, true);
      if (!changed || formless.includes(qualified(table))) continue;
      const bodies = new Map([...of.bodies, [name, changed.text]]);
      expect(chosenWith(proved, bodies).triggers.has(qualified(table)), `${name}: ${changed.what}`).toBe(true);
    }
    const partly = chosenWith(proved.filter((_, index) => index % 2 === 0));
    for (const kind of ['triggers', 'columns'] as const) {
      expect(partly[kind].size).toBeGreaterThan(again[kind].size);
      expect([...partly[kind]].filter((table) => !first[kind].has(table))).toEqual([]);
    }
  });

  it('a subclass without the identity of its superclass is told from a plain resource', async () => {
    const { trials: of } = await trials;
    const changed = of.functions.flatMap(({ table, name, body }) => {
      const inserts = body.split('INSERT INTO "dms"."ReferentialIdentity"');
      if (inserts.length !== 3) return [];
      const end = inserts[2]?.indexOf(';') ?? 0;
      return [
        {
          table: qualified(table),
          name,
          body: `${inserts[0]}INSERT INTO "dms"."ReferentialIdentity"${inserts[1]}${inserts[2]?.slice(end + 2)}`,
        },
      ];
    });
    expect(changed.length).toBeGreaterThan(0);
    for (const each of changed) expect(of.isProved(each.table, each.name, each.body), each.name).toBe(false);
  });
});

const { object, project, resource, string } = build;

/** A project with a shop, and with a book that is a member of an abstract resource or a resource like the shop. */
function shopAndBook(isMember: boolean) {
  const titled = (name: string, members: build.JsonRecord) =>
    resource(name, {
      identityJsonPaths: ['$.title'],
      jsonSchemaForInsert: object({ title: string(20), note: string(20) }, ['title']),
      ...members,
    });
  const work = subclassOf('Core:Work');
  return [
    project('Core', [titled('Book', isMember ? work : {}), titled('Film', work), titled('Shop', {})], {
      abstractResources: { Work: abstractResource(['$.title']) },
    }),
  ];
}

it.each(mainGenerations)(
  'bodies of a plain resource are wrong for a subclass, which only its place says: %s',
  (version) => {
    const [right, wrong] = [true, false].map((isMember) => inputOfDocuments(shopAndBook(isMember), 'pgsql', version));
    if (!right || !wrong) throw new Error('no scripts');
    const isBook = (table: { readonly schema: string; readonly name: string }) => qualified(table) === 'core.Book';
    const book = wrong.catalog.tables.find(isBook);
    const tables = right.catalog.tables.map((table) =>
      isBook(table) ? { ...table, triggers: book?.triggers ?? [] } : table,
    );
    const bodies = new Map([...bodiesOf(right.script), ...bodiesOf(wrong.script)]);
    const isProved = (weakened?: Weakened) =>
      new ShapeTrials(right, weakened).isProvedWith('core.Book', { ...right.catalog, tables }, bodies);
    expect([isProved(), isProved(withoutPlace)]).toEqual([false, true]);
  },
);

/** A normal run tries every n-th change of each body, with four times this number as n (`shareOf`). */
const usualShare = 4;

const member = (name: string, facts: readonly string[], ...readings: readonly (readonly string[])[]) => ({
  name,
  facts: new Set(facts),
  readings: readings.map((each) => new Set(each)),
});

const chosen = (members: readonly ReturnType<typeof member>[], able = (_name: string) => true) =>
  representativesOf(members, ({ name }) => able(name)).map(({ name }) => name);

describe('representatives', () => {
  it('have every fact of every member, and are two where there are two', () => {
    const [plain, same, other] = [member('a', ['x', 'y']), member('b', ['x']), member('c', ['x', 'z'])];
    expect(chosen([plain])).toEqual(['a']);
    expect(chosen([plain, same])).toEqual(['a', 'b']);
    expect(chosen([plain, same, other])).toEqual(['a', 'c']);
  });

  it('do not prove a member whose list can be read in fewer ways', () => {
    const [both, one, more] = [
      member('a', ['x'], ['stored', 'identity']),
      member('b', ['x'], ['identity']),
      member('c', ['x'], ['stored', 'identity']),
    ];
    expect(chosen([both, one, more])).toEqual(['b', 'a']);
    expect(chosen([member('a', ['x'], ['stored']), one])).toEqual(['a', 'b']);
  });

  it('are members that can hold every trial, where there are such', () => {
    const members = [member('a', ['x']), member('b', ['x']), member('c', ['x', 'y'])];
    expect(chosen(members, (name) => name === 'b')).toEqual(['b', 'c']);
    expect(chosen(members, () => false)).toEqual(['a', 'b', 'c']);
  });
});

it('a run is known with its counts, of the same script, build and engine alone', () => {
  const made = new ShapeKeys({ version: '1', keys: new Set() }, 'PostgreSQL 17').ofRun('script', '{"documents":2}');
  const counts = (line: string, script = 'script', version = '1', engine = 'PostgreSQL 17') =>
    new ShapeKeys({ version, keys: new Set([line]) }, engine).countsOfRun(script);
  expect(counts(made)).toBe('{"documents":2}');
  for (const line of [made.replace('2}', '3}'), made.slice(0, -1), made.slice(0, 64), `${made} `])
    expect(counts(line), line).toBeNull();
  expect([counts(made, 'other'), counts(made, 'script', '2'), counts(made, 'script', '1', 'PostgreSQL 18')]).toEqual([
    null,
    null,
    null,
  ]);
});

it('shapes are not known in a set whose keys allow fewer rows, but in one with another column outside of keys', () => {
  const withCode = (length: number, note: number) =>
    keySpaceOf(
      inputOfDocuments(
        [
          project('Core', [
            resource('Shop', {
              identityJsonPaths: ['$.code'],
              jsonSchemaForInsert: object({ code: string(length), ...(note > 0 ? { note: string(note) } : {}) }, [
                'code',
              ]),
            }),
          ]),
        ],
        'pgsql',
        'v2',
      ),
    );
  expect(withCode(1, 20)).not.toBe(withCode(20, 20));
  expect(withCode(20, 0)).toBe(withCode(20, 20));
  // a column with few values can use them up
  expect(withCode(20, 1)).not.toBe(withCode(20, 20));
});

import { type Catalog, diffByOrigin, findOrigin, type JudgedCatalog, serviceCatalog } from '@dms/catalog';
import { type Connection, introspectHere } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { ownSchema, ownSchemasV2, serviceProvisioning } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compiled, compiled, openOnServer } from '../../test/bench.ts';

/* A database that the service's own tool made, judged by its own set (design 09a §2.5). */

const set: Compiled = compiled(ownSchemasV2.map(ownSchema), 'pgsql', 'v2');
const service = serviceCatalog(set.catalog, set.inventory)!;

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
  await connection.execute(givenScript(set.script));
});
afterAll(() => connection.close());

/** Judges the database after some statements, which are rolled back. */
async function judgedAfter(...statements: readonly string[]): Promise<JudgedCatalog> {
  await connection.begin();
  try {
    for (const sql of statements) await connection.execute(givenScript(sql));
    const { catalog } = await introspectHere(connection);
    return await diffByOrigin(set.catalog, catalog, async () => service);
  } finally {
    await connection.rollback();
  }
}

const asService = serviceProvisioning(set.catalog, service);

const kinds = ({ maker, diff }: JudgedCatalog) => [maker.kind, ...new Set(diff.differences.map(told))];
const told = ({ change, object, path, field }: JudgedCatalog['diff']['differences'][number]) =>
  [change, object, path.join('.'), field].filter((part) => part !== undefined).join(' ');

/** The first trigger whose name ends with `suffix`, with its table and its function. */
function ending(suffix: string) {
  for (const table of service.tables)
    for (const trigger of table.triggers)
      if (trigger.name.endsWith(suffix)) {
        const [schema = '', name = ''] = (trigger.function ?? '').split('.');
        return {
          table: `"${table.schema}"."${table.name}"`,
          path: `${table.schema}.${table.name}`,
          trigger,
          schema,
          name,
        };
      }
  throw new Error(`no trigger ends with ${suffix}`);
}

const suffixes = [
  ...['_Stamp', '_Stamp_ins', '_Stamp_upd', '_Stamp_del', '_Stamp_Document', '_ReferentialIdentity'],
  ...['_AbstractIdentity', '_AuthHierarchy_Insert', '_EnqueueProjectionInsert', '_ValidateDocumentUuid'],
];

describe('the maker', () => {
  it('is dms-ddl after our script', async () => {
    const { maker, diff, leftovers } = await judgedAfter();
    expect([maker.kind, maker.service, diff.differences, leftovers]).toEqual(['dms-ddl', [], [], []]);
  });

  it('is the service after its own tool, and the database is what that makes', async () => {
    const { maker, diff, leftovers } = await judgedAfter(asService);
    expect(diff.differences).toEqual([]);
    expect([maker.kind, maker.ours, leftovers]).toEqual(['service', [], []]);
  });

  it('stays dms-ddl where one body of ours was changed', async () => {
    const { schema, name } = ending('_ReferentialIdentity');
    const body = `CREATE OR REPLACE FUNCTION "${schema}"."${name}"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
    expect(kinds(await judgedAfter(body))).toEqual(['dms-ddl', `changed function ${schema}.${name}() body`]);
  });

  it('is unknown where no trigger is left', async () => {
    const gone = service.tables.flatMap(({ schema, name, triggers }) =>
      triggers.map((trigger) => `DROP TRIGGER "${trigger.name}" ON "${schema}"."${name}";`),
    );
    const { maker, diff } = await judgedAfter(gone.join('\n'));
    expect([maker, diff.differences.length]).toEqual([{ kind: 'unknown', ours: [], service: [] }, gone.length]);
  });

  it("leaves our functions behind when the service's tool runs on a database of ours", async () => {
    const kept = asService.split('\n').filter((line) => !line.startsWith('DROP FUNCTION'));
    const { maker, diff, leftovers } = await judgedAfter(kept.join('\n'));
    expect([maker.kind, diff.differences]).toEqual(['service', []]);
    const own = new Set(service.functions.map(({ schema, name }) => `${schema}.${name}`));
    const ours = set.catalog.functions.map(({ schema, name }) => `${schema}.${name}`).filter((name) => !own.has(name));
    expect([...leftovers].sort()).toEqual(ours.sort());
    expect(ours.length).toBeGreaterThan(0);
  });
});

describe("a change of the service's set is reported", () => {
  beforeAll(async () => {
    await connection.begin();
    await connection.execute(givenScript(asService));
    await connection.commit();
  });

  it.each(suffixes)('of a trigger %s: gone, disabled, moved, at another time', async (suffix) => {
    const { table, path, trigger, schema, name } = ending(suffix);
    const place = `trigger ${path}.${trigger.name}`;
    const drop = `DROP TRIGGER "${trigger.name}" ON ${table};`;
    const call = `FOR EACH ROW EXECUTE FUNCTION "${schema}"."${name}"();`;
    const after = async (...statements: readonly string[]) => kinds(await judgedAfter(...statements));
    expect(await after(drop)).toEqual(['service', `missing ${place}`]);
    expect(await after(`ALTER TABLE ${table} DISABLE TRIGGER "${trigger.name}"`)).toEqual([
      'service',
      `changed ${place} enabled`,
    ]);
    const other = path === 'dms.ResourceKey' ? 'dms.SchemaComponent' : 'dms.ResourceKey';
    const moved = `${drop} CREATE TRIGGER "${trigger.name}" AFTER INSERT ON ${other.replace(/(.*)\.(.*)/, '"$1"."$2"')} ${call}`;
    expect(await after(moved)).toEqual(
      expect.arrayContaining(['service', `extra trigger ${other}.${trigger.name}`, `missing ${place}`]),
    );
    const timing = trigger.timing === 'BEFORE' ? 'AFTER' : 'BEFORE';
    const later = `${drop} CREATE TRIGGER "${trigger.name}" ${timing} TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION "${schema}"."${name}"();`;
    expect(await after(later)).toEqual(
      expect.arrayContaining(['service', `changed ${place} timing`, `changed ${place} events`]),
    );
  });

  it.each(suffixes.slice(0, 4))(
    'of the function of a trigger %s: another language, rights, search path, a call of another',
    async (suffix) => {
      const { table, path, trigger, schema, name } = ending(suffix);
      const routine = `"${schema}"."${name}"()`;
      const place = `function ${schema}.${name}()`;
      const after = async (...statements: readonly string[]) => kinds(await judgedAfter(...statements));
      const internal = `CREATE OR REPLACE FUNCTION ${routine} RETURNS trigger LANGUAGE internal AS 'suppress_redundant_updates_trigger'`;
      expect(await after(internal)).toEqual(['service', `changed ${place} language`]);
      expect(await after(`ALTER FUNCTION ${routine} SECURITY DEFINER`)).toEqual([
        'service',
        `changed ${place} securityDefiner`,
      ]);
      expect(await after(`ALTER FUNCTION ${routine} SET search_path = public`)).toEqual([
        'service',
        `changed ${place} settings`,
      ]);
      const mine = "CREATE FUNCTION dms.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
      const extra = `${mine} CREATE TRIGGER mine AFTER INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION dms.mine();`;
      expect(await after(extra)).toEqual(['service', `extra trigger ${path}.mine`, 'extra function dms.mine()']);
      const conditional = `CREATE OR REPLACE TRIGGER "${trigger.name}" ${trigger.timing} ${trigger.events.join(' OR ')} ON ${table} FOR EACH ROW WHEN (false) EXECUTE FUNCTION ${routine};`;
      expect(await after(conditional)).toEqual(
        expect.arrayContaining(['service', `changed trigger ${path}.${trigger.name} when`]),
      );
    },
  );

  it('of other things than triggers, as in any database', async () => {
    const { table, path } = ending('_Stamp');
    const after = async (statement: string) => kinds(await judgedAfter(statement));
    expect(await after(`ALTER TABLE ${table} ADD COLUMN "Mine" integer`)).toEqual([
      'service',
      `extra column ${path}.Mine`,
    ]);
    expect(await after('DROP TABLE dms."DocumentProjectionWork" CASCADE')).toEqual([
      ...[
        'service',
        'missing table dms.DocumentProjectionWork',
        'missing grant edfi_dms_enqueue_owner.table dms.DocumentProjectionWork',
      ],
    ]);
    expect(await after('ALTER FUNCTION dms."GetMaxChangeVersion"() IMMUTABLE')).toEqual([
      ...['service', 'changed function dms.GetMaxChangeVersion() volatility'],
    ]);
  });

  it('by two makers: a trigger of an earlier version of ours', async () => {
    const { table, path, trigger } = ending('_Stamp_ins');
    const logical = set.catalog.tables.find(({ schema, name }) => `${schema}.${name}` === path);
    const ours = logical?.triggers.find(({ name }) => name === trigger.name);
    const [schema, name] = (ours?.function ?? '').split('.');
    const back = `CREATE FUNCTION "${schema}"."${name}_kept"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      ALTER FUNCTION "${schema}"."${name}_kept"() RENAME TO "${name}";
      CREATE TRIGGER "TR_earlier" AFTER INSERT ON ${table} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "${schema}"."${name}"();`;
    const { maker, diff } = await judgedAfter(back);
    expect([maker.kind, maker.ours]).toEqual(['mixed', [`${path}.TR_earlier`]]);
    expect(maker.service.length).toBeGreaterThan(10);
    expect(diff.differences.map(told)).toEqual([`extra trigger ${path}.TR_earlier`]);
  });
});

describe('on SQL Server, where both attach triggers alike', () => {
  const { catalog, inventory } = compiled(ownSchemasV2.map(ownSchema), 'mssql', 'v2');
  const theirs = serviceCatalog(catalog, inventory)!;

  /** The live catalog, with a foreign body in each trigger for which `isForeign` is true. */
  const withBodies = (live: Catalog, isForeign: (name: string) => boolean): Catalog => ({
    ...live,
    tables: live.tables.map((table) => ({
      ...table,
      triggers: table.triggers.map((trigger) =>
        isForeign(trigger.name) ? { ...trigger, body: 'f'.repeat(64) } : trigger,
      ),
    })),
  });

  it('only bodies tell the maker', async () => {
    const all = catalog.tables.flatMap(({ triggers }) => triggers).length;
    const found = findOrigin(
      catalog,
      theirs,
      withBodies(theirs, () => true),
    );
    expect([found.kind, found.ours.length, found.service.length]).toEqual(['service', 0, all]);
    expect(findOrigin(catalog, theirs, catalog).kind).toBe('dms-ddl');
    expect(
      findOrigin(
        catalog,
        theirs,
        withBodies(catalog, (name) => name === 'TR_School_Stamp'),
      ).kind,
    ).toBe('dms-ddl');
    const judged = await diffByOrigin(
      catalog,
      withBodies(theirs, () => true),
      async () => theirs,
    );
    expect([judged.diff.differences, judged.leftovers]).toEqual([[], []]);
  });
});

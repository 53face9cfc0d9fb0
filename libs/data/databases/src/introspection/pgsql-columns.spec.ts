import { textOf, trusted } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { usualEngines } from '../../test/engines.ts';
import { pgsqlQueries } from './pgsql-queries.ts';

/*
 * Every column of the system catalogs that says how an object of a schema set works is either compared or listed here
 * with the reason why not. A column that a new version of the server adds fails this test until somebody has decided.
 */

/** The columns by catalog: those that the queries read, then the others by the reason why they are not compared. */
const columns: Readonly<Record<string, { readonly read: string; readonly because: Readonly<Record<string, string>> }>> =
  {
    pg_class: {
      read: `oid relname relnamespace reloftype relam reltablespace reltoastrelid relhasindex relpersistence relkind reloptions relacl
      relhastriggers relrowsecurity relforcerowsecurity relreplident`,
      because: {
        'DB_OWNERS says whose it is (1.8)': 'relowner',
        'pg_type is read by its own row': 'reltype',
        'pg_attribute, pg_constraint and pg_rewrite are read themselves': 'relnatts relchecks relhasrules',
        'pg_inherits is read: INHERITS and INHERITED BY': 'relhassubclass relispartition relpartbound',
        'a number of the storage or of statistics':
          'relfilenode relpages reltuples relallvisible relallfrozen relfrozenxid relminmxid relrewrite',
        'the same for every temporary object, which belongs to its session': 'relisshared',
        'of a materialized view alone, which no schema set has': 'relispopulated',
      },
    },
    pg_trigger: {
      read: `oid tgrelid tgname tgfoid tgtype tgenabled tgisinternal tgconstraint tgdeferrable tginitdeferred tgnargs tgattr tgqual tgoldtable tgnewtable`,
      because: {
        'tgnargs says that there are arguments, which no trigger of a set has': 'tgargs',
        'of a partition, which INHERITS shows': 'tgparentid',
        'of a constraint trigger, which tgconstraint shows': 'tgconstrrelid tgconstrindid',
      },
    },
    pg_proc: {
      read: `oid proname pronamespace proowner prolang provolatile proisstrict prosrc prosecdef proconfig proacl proparallel proleakproof prorettype
      proretset pronargdefaults prokind prosupport protrftypes`,
      because: {
        'part of pg_get_function_identity_arguments':
          'provariadic pronargs proargtypes proallargtypes proargmodes proargnames',
        'pronargdefaults says that there are defaults, which no function of a set has': 'proargdefaults',
        'estimates of the planner': 'procost prorows',
        'of languages that prolang tells apart from PL/pgSQL': 'probin prosqlbody',
      },
    },
    pg_constraint: {
      read: `oid conname contype conrelid confrelid conkey confkey confdeltype confupdtype confmatchtype condeferrable condeferred convalidated conindid
      conbin connoinherit conenforced conperiod`,
      because: {
        'the schema of its table': 'connamespace',
        'of a domain, which is listed as a type': 'contypid',
        'of partitions and children, which INHERITS shows': 'conparentid conislocal coninhcount',
        'operators that follow from the types and the index of the key': 'conpfeqop conppeqop conffeqop',
        'of SET NULL and SET DEFAULT, which no key of a set has': 'confdelsetcols',
        'of an exclusion constraint, whose definition is read': 'conexclop',
      },
    },
    pg_index: {
      read: `indexrelid indrelid indnkeyatts indisunique indisvalid indisready indislive indkey indcollation indclass indoption indexprs indpred indnullsnotdistinct`,
      because: {
        'indkey has as many': 'indnatts',
        'pg_constraint is read itself': 'indisprimary indisexclusion indimmediate',
        'order of rows on disk': 'indisclustered',
        'relreplident says that an index is used': 'indisreplident',
        'of transactions that began before the index was complete': 'indcheckxmin',
      },
    },
    pg_attribute: {
      read: `attrelid attname atttypid attnum atttypmod attnotnull attidentity attgenerated attisdropped attcollation`,
      because: {
        'follows from the type': 'attlen attbyval attalign attndims attcacheoff',
        'how values are stored and counted': 'attstorage attcompression attstattarget attoptions',
        'pg_attrdef is read itself': 'atthasdef',
        'values of rows that are older than a column': 'atthasmissing attmissingval',
        'of parents, which INHERITS shows': 'attislocal attinhcount',
        'DB_PUBLIC_RIGHTS reports them (1.8)': 'attacl',
        'of foreign tables, which storage shows': 'attfdwoptions',
      },
    },
    pg_sequence: { read: 'seqrelid seqtypid seqstart seqincrement seqmax seqmin seqcache seqcycle', because: {} },
  };

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const texts = Object.values(pgsqlQueries).map(textOf).join('\n');

describe.each(usualEngines())('the system catalogs on $name', ({ open }) => {
  it('have no column that nobody has decided about', async () => {
    const { connection, close } = await open();
    try {
      for (const [catalog, { read, because }] of Object.entries(columns)) {
        const rows = await connection.query<{ name: string }>(
          trusted(
            'SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped',
          ),
          [catalog],
        );
        const decided = new Set([...words(read), ...Object.values(because).flatMap(words)]);
        expect(
          rows.map(({ name }) => name).filter((name) => !decided.has(name)),
          catalog,
        ).toEqual([]);
      }
    } finally {
      await close();
    }
  });
});

it.each(Object.entries(columns))(
  'of %s, the columns that count are in the queries, and the others are not named twice',
  (_, entry) => {
    const read = words(entry.read);
    expect(read.filter((name) => !new RegExp(`\\b${name}\\b`).test(texts))).toEqual([]);
    const others = Object.values(entry.because).flatMap(words);
    expect(new Set([...read, ...others]).size).toBe(read.length + others.length);
  },
);

import {
  bodyHash,
  type Catalog,
  type CatalogAction,
  type CatalogColumn,
  type CatalogKey,
  type CatalogTable,
  type Fingerprint,
  type ForeignKey,
  type Index,
  normalExpression,
  ownerRoleNames,
  printedView,
  type Routine,
  type Trigger,
  type View,
} from '@dms/catalog';
import { core } from '@dms/model';
import { compareOrdinal, groupBy } from '@dms/values';
import { grouped, named, orderedCatalog, withOptions } from './catalog-lists.ts';
import type { PgsqlRows } from './pgsql-queries.ts';

/** Assembles the catalog of a PostgreSQL database from the rows of its queries (design 09a §1.3). */
export function pgsqlCatalog(rows: PgsqlRows, fingerprint: Fingerprint | null): Catalog {
  return new PgsqlCatalog(rows).catalog(fingerprint);
}

type PgsqlRow<Name extends keyof PgsqlRows> = PgsqlRows[Name][number];

/** Bits of `tgtype`. */
const bits = { row: 1, before: 2, insert: 4, delete: 8, update: 16, truncate: 32, insteadOf: 64 } as const;

const storages: Readonly<Record<string, CatalogTable['storage']>> = { p: 'partitioned', f: 'foreign' };
const volatilities: Readonly<Record<string, Routine['volatility']>> = { i: 'immutable', s: 'stable', v: 'volatile' };

class PgsqlCatalog {
  private readonly rows: PgsqlRows;
  private readonly relations: ReadonlyMap<string, PgsqlRow<'relations'>>;
  private readonly columns: ReadonlyMap<string | number, readonly PgsqlRow<'columns'>[]>;
  private readonly names: ReadonlyMap<string, ReadonlyMap<number, string>>;
  private readonly extras: ReadonlyMap<string | number, readonly PgsqlRow<'relationExtras'>[]>;
  private readonly indexesById: ReadonlyMap<string, PgsqlRow<'indexes'>>;

  constructor(rows: PgsqlRows) {
    this.rows = rows;
    this.relations = new Map(rows.relations.map((row) => [row.id, row]));
    this.columns = grouped(
      [...rows.columns].sort((left, right) => left.num - right.num),
      ({ rel }) => rel,
    );
    this.names = new Map(
      [...this.columns].map(([rel, columns]) => [String(rel), new Map(columns.map(({ num, name }) => [num, name]))]),
    );
    this.extras = grouped(rows.relationExtras, ({ rel }) => rel);
    this.indexesById = new Map(rows.indexes.map((row) => [row.id, row]));
  }

  /**
   * The owner roles that own functions or hold rights in this database; the roles themselves belong to the whole
   * server.
   */
  private ownersHere(): readonly PgsqlRow<'roles'>[] {
    const { roles, functions, grants } = this.rows;
    const here = new Set([...functions.map(({ owner }) => owner), ...grants.map(({ grantee }) => grantee)]);
    return roles.filter(({ name }) => here.has(name));
  }

  catalog(fingerprint: Fingerprint | null): Catalog {
    const { rows } = this;
    const cryptoSchema = rows.extensions.find(({ name }) => name === 'pgcrypto')?.schema ?? 'public';
    const relations = (...kinds: readonly string[]) => rows.relations.filter(({ kind }) => kinds.includes(kind));
    return orderedCatalog(
      {
        dialect: 'pgsql',
        schemas: rows.schemas.map(({ name }) => name),
        extensions: rows.extensions.filter(({ name }) => name !== 'plpgsql'),
        sequences: this.sequences(),
        tables: this.tables(relations('r', 'p', 'f')),
        views: relations('v', 'm').map((row) => this.view(row)),
        functions: rows.functions.map((row) => ({
          schema: row.schema,
          name: row.name,
          arguments: row.args,
          result: row.result,
          language: row.language,
          volatility: volatilities[row.volatility] ?? null,
          strict: row.strict,
          securityDefiner: row.definer,
          settings: row.settings.map(plainSetting),
          owner: ownerRoleNames.includes(row.owner) ? row.owner : null,
          publicExecute: row.public,
          body: bodyHash(routineBody(row, cryptoSchema)),
          ...withOptions(
            parallelOf(row),
            row.leakproof && 'LEAKPROOF',
            row.setof && 'SETOF',
            row.defaults && 'DEFAULTS',
            row.special && 'NOT A PLAIN FUNCTION',
            row.support !== null && `SUPPORT ${row.support}`,
            row.transform && 'TRANSFORM',
          ),
        })),
        tableTypes: rows.types.map(({ schema, name }) => ({ schema, name, columns: [] })),
        roles: this.ownersHere().map(({ name, attributes, memberof }) => ({
          name,
          attributes: [...attributes].sort(compareOrdinal),
          memberOf: [...memberof].sort(compareOrdinal),
        })),
        grants: readGrants(rows.grants),
        fingerprint,
      },
      'public',
    );
  }

  private columnName(rel: string, number: number): string {
    return this.names.get(rel)?.get(number) ?? `#${number}`;
  }

  private columnNames(rel: string, numbers: readonly number[] | null): string[] {
    return (numbers ?? []).map((number) => this.columnName(rel, number));
  }

  private sequences(): Catalog['sequences'] {
    return this.rows.sequences.flatMap(({ rel, identity, ...row }) => {
      const relation = this.relations.get(rel);
      if (identity !== null || relation === undefined) return [];
      const { type, start, increment, min, max, cycle, cache, persistence } = row;
      const options = withOptions(cache !== '1' && `CACHE ${cache}`, persistence === 'u' && 'UNLOGGED');
      return [{ schema: relation.schema, name: relation.name, type, start, increment, min, max, cycle, ...options }];
    });
  }

  private view({ id, schema, name, kind, definition, options }: PgsqlRow<'relations'>): View {
    const text = textOf(definition);
    return {
      schema,
      name,
      columns: (this.columns.get(id) ?? []).map((entry) => ({ name: entry.name, type: pgsqlType(entry.type) })),
      body: bodyHash(printedView(text, pgsqlType) ?? collapsed(text)),
      ...withOptions(kind === 'm' && 'MATERIALIZED', ...options, ...this.extrasOf(id)),
    };
  }

  private extrasOf(relation: string): string[] {
    return (this.extras.get(relation) ?? []).map(({ text }) => text);
  }

  private tables(relations: readonly PgsqlRow<'relations'>[]): CatalogTable[] {
    const constraints = grouped(this.rows.constraints, ({ rel }) => rel);
    const keyIndexes = new Set(
      this.rows.constraints.flatMap(({ kind, index }) => (kind === 'p' || kind === 'u' ? [index] : [])),
    );
    const indexes = grouped(
      this.rows.indexes.filter(({ id }) => !keyIndexes.has(id)),
      ({ rel }) => rel,
    );
    const triggers = grouped(this.rows.triggers, ({ rel }) => rel);
    const sequences = new Map(this.rows.sequences.map((row) => [row.identity, row]));
    return relations.map((row) => {
      const { id, schema, name, kind, persistence, secured, forced } = row;
      const ofTable = constraints.get(id) ?? [];
      const ofKind = (...kinds: readonly string[]) => ofTable.filter((constraint) => kinds.includes(constraint.kind));
      const [primaryKey] = ofKind('p');
      return {
        schema,
        name,
        storage: storages[kind] ?? (persistence === 'u' ? 'unlogged' : 'ordinary'),
        columns: (this.columns.get(id) ?? []).map((each) => column(each, sequences.get(`${id}.${each.num}`))),
        primaryKey: primaryKey === undefined ? null : this.key(primaryKey),
        uniques: named(ofKind('u').map((each) => this.key(each))),
        foreignKeys: named(ofKind('f').map((each) => this.foreignKey(each))),
        checks: named(
          ofKind('c', 'x', 'n').map((each) => ({
            name: each.name,
            expression: each.kind === 'x' ? `raw:${each.expr}` : normalExpression(textOf(each.expr)),
            validated: each.validated,
            ...withOptions(!each.enforced && 'NOT ENFORCED', each.noinherit && 'NO INHERIT'),
          })),
        ),
        indexes: named((indexes.get(id) ?? []).map((each) => this.index(each))),
        triggers: named((triggers.get(id) ?? []).map((each) => this.trigger(each))),
        ...readParameters(row),
        ...withOptions(
          secured && 'ROW LEVEL SECURITY',
          forced && 'FORCE ROW LEVEL SECURITY',
          row.unpublishable && 'PUBLISHED WITHOUT REPLICA IDENTITY',
          ...this.extrasOf(id),
        ),
      };
    });
  }

  private key(row: PgsqlRow<'constraints'>): CatalogKey {
    const { rel, name, key, index, maydefer, deferrable } = row;
    const keyIndex = this.indexesById.get(index);
    const included = keyIndex === undefined ? [] : this.columnNames(rel, keyIndex.key.slice(keyIndex.nkey));
    const options = withOptions(
      keyIndex?.nullsnotdistinct && 'NULLS NOT DISTINCT',
      row.period && 'WITHOUT OVERLAPS',
      included.length > 0 && `INCLUDE (${included.join(', ')})`,
      maydefer && (deferrable ? 'DEFERRABLE INITIALLY DEFERRED' : 'DEFERRABLE'),
      keyIndex !== undefined && !keyIndex.valid && 'INVALID',
    );
    return { name, columns: this.columnNames(rel, key), clustered: null, ...options };
  }

  private foreignKey(row: PgsqlRow<'constraints'>): ForeignKey {
    const target = this.relations.get(row.ref);
    return {
      name: row.name,
      columns: this.columnNames(row.rel, row.key),
      target: { schema: target?.schema ?? '', table: target?.name ?? '' },
      targetColumns: this.columnNames(row.ref, row.refkey),
      onDelete: action(row.del),
      onUpdate: action(row.upd),
      deferrable: row.deferrable || (row.maydefer && 'InitiallyImmediate'),
      validated: row.validated,
      ...withOptions(
        row.matchfull && 'MATCH FULL',
        // states of the triggers that the engine creates for a key
        row.disabled && 'DISABLED',
        row.always && 'ALWAYS',
        !row.enforced && 'NOT ENFORCED',
        row.period && 'PERIOD',
      ),
    };
  }

  private index(row: PgsqlRow<'indexes'>): Index {
    // number 0 stands for an expression; several are listed in one text
    const expressions = row.key.filter((number) => number === 0);
    const expression = () => (expressions.length === 1 ? normalExpression(textOf(row.exprs)) : textOf(row.exprs));
    const names = row.key.map((number) => (number === 0 ? expression() : this.columnName(row.rel, number)));
    return {
      name: row.name,
      unique: row.uniq,
      columns: names.slice(0, row.nkey),
      include: names.slice(row.nkey),
      predicate: row.predicate === null ? null : normalExpression(row.predicate),
      plain:
        row.method === 'btree' &&
        !row.key.includes(0) &&
        row.options.every((option) => option === 0) &&
        !row.nullsnotdistinct &&
        !row.reordered,
      valid: row.valid,
    };
  }

  private trigger(row: PgsqlRow<'triggers'>): Trigger {
    const has = (bit: number) => (row.type & bit) !== 0;
    const events: readonly (readonly [number, Trigger['events'][number]])[] = [
      [bits.insert, 'INSERT'],
      [bits.update, 'UPDATE'],
      [bits.delete, 'DELETE'],
      [bits.truncate, 'TRUNCATE'],
    ];
    return {
      name: row.name,
      timing: has(bits.insteadOf) ? 'INSTEAD OF' : has(bits.before) ? 'BEFORE' : 'AFTER',
      level: has(bits.row) ? 'ROW' : 'STATEMENT',
      events: events.flatMap(([bit, event]) => (has(bit) ? [event] : [])),
      updateOf: this.columnNames(row.rel, row.cols),
      oldTable: row.oldtable,
      newTable: row.newtable,
      enabled: row.enabled === 'O' || row.enabled === 'A',
      when: readCondition(row),
      // arguments never occur in a desired trigger
      function: `${row.fschema}.${row.fname}${row.nargs > 0 ? ' ARGS' : ''}`,
      body: null,
      ...withOptions(
        row.isconstraint && 'CONSTRAINT',
        // such a trigger also runs where rows of another database are applied
        row.enabled === 'A' && 'ALWAYS',
        row.maydefer && (row.deferred ? 'DEFERRABLE INITIALLY DEFERRED' : 'DEFERRABLE'),
      ),
    };
  }
}

/** Removes quotes that names do not need: under `quote_all_identifiers` the server keeps them in a search path. */
const plainSetting = (setting: string): string =>
  setting.startsWith('search_path=') ? setting.replaceAll(/"([a-z_][a-z0-9_]*)"/g, '$1') : setting;

/**
 * The body of a function, for the comparison. The hash function calls pgcrypto by its schema, which is looked up when
 * the function is created (design 06 §5.1); it is compared as if that schema were `public`.
 */
function routineBody(row: PgsqlRow<'functions'>, cryptoSchema: string): string {
  const { body } = row;
  if (!isUuidRoutine(row) || cryptoSchema === 'public') return body;
  // a call of `public.digest` would fail, so it must not look right
  const called = body.replaceAll('public.digest(', 'absent.digest(');
  return identifierForms(cryptoSchema).reduce(
    (text, form) => text.replaceAll(`${form}.digest(`, 'public.digest('),
    called,
  );
}

const isUuidRoutine = ({ schema, name }: PgsqlRow<'functions'>) =>
  schema === core.uuidv5.schema && name === core.uuidv5.name;

/** An identifier in either of the forms in which `format('%I')` writes it. */
const identifierForms = (name: string) => [name, `"${name.replaceAll('"', '""')}"`];

const parallels: Readonly<Record<string, string>> = {
  s: 'PARALLEL SAFE',
  r: 'PARALLEL RESTRICTED',
  u: 'PARALLEL UNSAFE',
};

/**
 * The parallel mode of a function; undefined if it is that of the script: only the hash function may run in parallel.
 */
const parallelOf = (row: PgsqlRow<'functions'>) =>
  row.parallel === (isUuidRoutine(row) ? 's' : 'u') ? undefined : parallels[row.parallel];

/** The rights of each role on each object: the engine returns them one by one. */
function readGrants(rows: PgsqlRows['grants']): Catalog['grants'] {
  const groups = groupBy(rows, ({ kind, schema, name, grantee }) => [kind, schema, name, grantee].join('\n'));
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (!first) return [];
    const { kind, schema, name, grantee } = first;
    return [
      { kind, schema, name, grantee, privileges: entries.map(({ privilege }) => privilege).sort(compareOrdinal) },
    ];
  });
}

/** The text of a definition; empty for an object that another session has dropped meanwhile. */
const textOf = (definition: string | null) => definition ?? '';

const spellings: readonly (readonly [RegExp, string])[] = [
  [/^character varying/, 'varchar'],
  [/^character(?! varying)/, 'char'],
  [/^(time|timestamp)((?:\(\d+\))?) without time zone/, '$1$2'],
];

/** A type as the script writes it. */
function pgsqlType(type: string): string {
  return spellings.reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), type);
}

const collapsed = (text: string) => text.replace(/\s+/g, ' ').trim();

function column(row: PgsqlRow<'columns'>, sequence: PgsqlRow<'sequences'> | undefined): CatalogColumn {
  const expression = row.expr === null ? null : normalExpression(row.expr);
  const isGenerated = row.generated !== '';
  return {
    name: row.name,
    type: pgsqlType(row.type),
    nullable: !row.notnull,
    identity: readIdentity(row, sequence),
    default: isGenerated ? null : expression,
    generated: isGenerated && expression !== null ? { expression, stored: row.generated === 's' } : null,
    collation: row.collation,
  };
}

const identities: Readonly<Record<string, CatalogColumn['identity']>> = { a: 'always', d: 'byDefault' };

const greatestBigint = '9223372036854775807';

/** The identity of a column. An identity whose sequence counts differently is a different identity. */
function readIdentity(
  row: PgsqlRow<'columns'>,
  sequence: PgsqlRow<'sequences'> | undefined,
): CatalogColumn['identity'] {
  const identity = identities[row.identity] ?? null;
  if (identity === null || sequence === undefined) return identity;
  const { start, increment, cycle, cache, max } = sequence;
  const others = [
    ...(cycle ? ['CYCLE'] : []),
    ...(cache === '1' ? [] : [`CACHE ${cache}`]),
    ...(max === greatestBigint ? [] : [`MAXVALUE ${max}`]),
  ];
  if (start === '1' && increment === '1' && others.length === 0) return identity;
  return `always(${[start, increment, ...others].join(',')})`;
}

const replicaIdentities: Readonly<Record<string, string>> = { n: 'NOTHING', f: 'FULL', i: 'USING INDEX' };

/** The storage parameters of a table, which affect no write. */
function readParameters({
  options,
  replident,
  tablespace,
  method,
  oftype,
}: PgsqlRow<'relations'>): Pick<CatalogTable, 'parameters'> {
  const identity = replicaIdentities[replident];
  const { options: parameters } = withOptions(
    ...options,
    identity !== undefined && `REPLICA IDENTITY ${identity}`,
    tablespace !== null && `TABLESPACE ${tablespace}`,
    method !== null && `USING ${method}`,
    oftype !== null && `OF ${oftype}`,
  );
  return parameters === undefined ? {} : { parameters };
}

const actions: Readonly<Record<string, CatalogAction>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};
const action = (code: string): CatalogAction => actions[code] ?? 'NO ACTION';

/** The condition of a trigger; an engine returns it only as part of the whole statement. */
function readCondition({ conditional }: PgsqlRow<'triggers'>): string | null {
  if (conditional === null) return null;
  const [, text] =
    / FOR EACH (?:ROW|STATEMENT) WHEN \(([\s\S]*)\) EXECUTE (?:FUNCTION|PROCEDURE) /.exec(conditional) ?? [];
  return text === undefined ? `raw:${conditional}` : normalExpression(text);
}

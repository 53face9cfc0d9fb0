import {
  type Catalog,
  type CatalogDiff,
  type CatalogDifference,
  type DecidedDifference,
  defineDatabase,
  partPath,
  repairDecisions,
} from '@dms/catalog';
import { objectStatements, renderBodies } from '@dms/ddl';
import { counted, firstOf, mostExamples, printable } from '@dms/diagnostics';
import { mustExist, qualified, unqualified } from '@dms/model';
import { dialectOf, type PlainSql, textOf, trusted } from '@dms/sql';
import { uniqBy } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { dropTriggerText, dropViewText } from '../ops/code.ts';
import { dropIndexText } from '../ops/keys.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';

/** The parts of a schema set that a repair of a catalog needs. */
export type RepairedSet = Pick<ComparedSet, 'model' | 'inventory' | 'catalog'>;

/** A plan that gives a database the objects of its set that hold no rows (design 09a §2.6). */
export interface CatalogRepair {
  /** In their order; none of them touches a row. */
  readonly statements: readonly PlainSql[];
  /** The lines that end each statement in a script: a batch of SQL Server begins with the object that it creates. */
  readonly batchEnd: readonly string[];
  readonly repaired: readonly CatalogDifference[];
  /** Differences that a person must decide about. */
  readonly left: readonly DecidedDifference[];
}

/** Plans the repair of a database of the set from its live catalog and the differences. */
export function planRepair({ model, inventory }: RepairedSet, live: Catalog, diff: CatalogDiff): CatalogRepair {
  const definition = defineDatabase(model, inventory);
  const render = objectStatements(definition, renderBodies(definition));
  const { dialect } = definition;
  const { sql, id } = dialectOf[dialect];
  const tables = new Map(definition.tables.map((table) => [qualified(table), table]));
  const views = new Map(definition.views.map((view) => [qualified(view), view]));
  const routines = new Map(definition.routines.map((routine) => [qualified(routine), routine]));
  const triggers = definition.tables.flatMap((table) => table.triggers.map((trigger) => ({ table, trigger })));
  const statements = new RepairStatements();

  /** The name of a function without its arguments. */
  const nameOf = (signature: string) => signature.slice(0, signature.lastIndexOf('('));

  const kinds: Readonly<Partial<Record<CatalogDifference['object'], (difference: CatalogDifference) => boolean>>> = {
    index({ path, change }) {
      const [place, name] = partPath(path);
      const table = mustExist(tables.get(place), place);
      if (change !== 'missing') statements.drop(dropIndexText[dialect]({ table, name }));
      const wanted = [...table.indexes, ...table.modelIndexes].find((index) => index.name === name);
      if (wanted !== undefined) statements.create(render.index(table, wanted));
      return wanted !== undefined || change === 'extra';
    },
    trigger({ path, change }) {
      const [place, name] = partPath(path);
      const table = mustExist(tables.get(place), place);
      if (change !== 'missing') statements.drop(dropTriggerText[dialect]({ table, name }));
      const wanted = table.triggers.find((each) => each.triggers.some((trigger) => trigger.name === name));
      if (wanted !== undefined) statements.create(render.trigger(table, wanted));
      return wanted !== undefined || change === 'extra';
    },
    view({ path: [name], change, field }) {
      const view = views.get(name);
      if (view === undefined) return false;
      if (change === 'changed' && field === 'columns') statements.drop(dropViewText(dialect, view));
      statements.create(render.view(view));
      return true;
    },
    function({ path: [signature], change, field, expected }) {
      const name = nameOf(signature);
      const args = signature.slice(name.length);
      const place = sql`${unqualified(name)}${trusted(args)}`;
      if (change === 'extra') {
        statements.drop(sql`DROP FUNCTION ${place};`);
        return true;
      }
      if (field === 'publicExecute') {
        const { ownerRole } = definition;
        if (expected === true) statements.grant(sql`GRANT EXECUTE ON FUNCTION ${place} TO PUBLIC;`);
        else if (ownerRole !== null) statements.close(render.closed(ownerRole, unqualified(name)));
        return expected === true || ownerRole !== null;
      }
      if (field === 'owner') {
        const owner = typeof expected === 'string' ? id(expected) : sql`CURRENT_USER`;
        statements.grant(sql`ALTER FUNCTION ${place} OWNER TO ${owner};`);
        return true;
      }
      const routine = routines.get(name);
      const own = triggers.find(({ trigger }) => trigger.function !== null && qualified(trigger.function) === name);
      if (routine !== undefined) statements.create(render.routine(routine));
      else if (own !== undefined) statements.create(render.trigger(own.table, own.trigger));
      return routine !== undefined || own !== undefined;
    },
    grant({ path, change }) {
      const [grantee, object] = partPath(path);
      const { ownerRole } = definition;
      if (change !== 'missing') {
        const given = live.grants.find(
          (grant) =>
            grant.grantee === grantee &&
            `${grant.kind} ${grant.kind === 'schema' ? grant.name : `${grant.schema}.${grant.name}`}` === object,
        );
        if (given === undefined) return false;
        const place = given.kind === 'schema' ? id(given.name) : sql`${given}`;
        const of = given.kind === 'function' ? sql`${place}()` : place;
        statements.drop(sql`REVOKE ALL ON ${trusted(given.kind.toUpperCase())} ${of} FROM ${id(grantee)};`);
      }
      if (change !== 'extra' && ownerRole?.name === grantee) statements.grant(render.rights(ownerRole));
      return change === 'extra' || ownerRole?.name === grantee;
    },
  };

  const repaired: CatalogDifference[] = [];
  const left: DecidedDifference[] = [];
  for (const decided of repairDecisions(diff)) {
    const { difference, reason } = decided;
    if (reason !== null) left.push(decided);
    else if (kinds[difference.object]?.(difference)) repaired.push(difference);
    else left.push({ difference, reason: 'the schema set does not say how it is made' });
  }
  return { statements: statements.all(), batchEnd: upgradeDialects[dialect].batchEnd, repaired, left };
}

/** The statements of a repair by kind, in the order in which they run. */
class RepairStatements {
  private readonly drops: PlainSql[] = [];
  private readonly creations: PlainSql[] = [];
  private readonly rights: PlainSql[] = [];
  /** Run as the owner role, which needs its rights before. */
  private readonly closings: PlainSql[] = [];

  drop = (sql: PlainSql) => void this.drops.push(sql);
  create = (sql: PlainSql) => void this.creations.push(sql);
  grant = (sql: PlainSql) => void this.rights.push(sql);
  close = (sql: PlainSql) => void this.closings.push(sql);
  /** Several differences of an object have the same statement. */
  all = () => [this.drops, this.creations, this.rights, this.closings].flatMap((some) => uniqBy(some, textOf));
}

/** The state of a repair: `told` by a check, `planned` if it was requested and not run, or `done`. */
export type RepairState = 'told' | 'planned' | 'done';

/**
 * The statements of a repair and the differences that are left to decide, for people; at most 20 lines of each unless
 * all are requested.
 */
export function repairLines(
  { statements, batchEnd, repaired, left }: CatalogRepair,
  state: RepairState,
  { all = false } = {},
): readonly string[] {
  const shown = (lines: readonly string[]) =>
    firstOf(
      lines.map((line) => `  ${line}`),
      all ? Number.POSITIVE_INFINITY : mostExamples,
      String,
      (count) => `  … and ${count} more; --all prints them`,
    );
  const heads: Readonly<Record<RepairState, () => readonly string[]>> = {
    told: () => ['To repair it, dms-ddl check --repair-catalog runs:', ...shown(statements.map(textOf).map(firstLine))],
    planned: () => ['The repair, which was not run:', ...statements.flatMap((sql) => [textOf(sql), ...batchEnd])],
    done: () => [`Repaired: ${counted(repaired.length, 'difference')}`, ...shown(repaired.map(placeOf))],
  };
  return [
    ...(statements.length === 0 ? [] : heads[state]()),
    ...(left.length === 0 ? [] : ['A person must decide about:']),
    ...shown(left.map(({ difference, reason }) => `${placeOf(difference)}: ${reason}`)),
  ];
}

const firstLine = (statement: string) => {
  const [first = '', ...others] = statement.split('\n');
  return others.length === 0 ? first : `${first} …`;
};

const placeOf = ({ object, path, field }: CatalogDifference) =>
  printable(`${object} ${path.join('.')}${field === undefined ? '' : `: ${field}`}`);

/** A repair, for machines. */
export const repairValue = ({ statements, repaired, left }: CatalogRepair, state: RepairState) => ({
  state,
  statements: statements.map(textOf),
  repaired: repaired.map(({ object, path, change }) => ({ object, path, change })),
  left: left.map(({ difference: { object, path, change }, reason }) => ({ object, path, change, reason })),
});

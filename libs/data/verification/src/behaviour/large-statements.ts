import { counted } from '@dms/diagnostics';
import { core, mustExist, qualified, storedColumn } from '@dms/model';
import { join, type PlainSql, type QualifiedName, trusted } from '@dms/sql';
import { groupBy } from '@dms/values';
import { sortBy } from 'es-toolkit/array';
import type { IsAble } from '../shapes/column-classes.ts';
import type { RowText } from '../verification-dialect.ts';
import { type BehaviourSession, SelectedRows } from './behaviour-session.ts';
import { shapeOf } from './body-shapes.ts';
import { abstractsOf, checkAbstract, DerivedRows, selectAbstract } from './derived-rows.ts';
import { type Stamped, type StampsOf, stampSelection, stampsOf } from './document-rows.ts';
import { type KeyRow, noKeyLeft } from './keys.ts';
import { keysOfManyRow } from './trigger-columns.ts';
import type { ManyChanged } from './trigger-rows.ts';
import type { TrialContext } from './trigger-trials.ts';
import { spreadOver, uniqueColumnsOf, type WorldResource, type WorldTable } from './world-tables.ts';

/*
 * R18: tries statement triggers with many documents. Bodies of the same shape behave alike, so a table is tried only if
 * one of its triggers has a shape that no earlier table has; tables whose keys allow more documents come earlier.
 */

/** More documents than any list, page or batch to which a body could be limited. */
export const documentsAtOnce = 1001;

/**
 * The rows of the first document in a statement: more than a body could look at to find out whether the rows belong to
 * one document.
 */
const rowsOfFirst = 102;

/** As many rows move to as many documents, or organizations: more than a page, and few enough for large sets. */
const mostMoved = rowsOfFirst;

/** The organization above all organizations that one statement moves; no other organization has this id. */
const idAbove = '7';

/** The tables of a resource that are tried with many documents. */
export interface LargeTrial {
  readonly entry: WorldResource;
  readonly tables: readonly WorldTable[];
}

/**
 * The trials of R18: one table for each shape of a body, of the resource whose keys allow the most documents, and then
 * preferably of one that R17 tries anyway.
 */
export async function largeTrials(
  session: BehaviourSession,
  resources: readonly WorldResource[],
  { roomOf, isKnown }: { readonly roomOf: (entry: WorldResource) => number; readonly isKnown: IsAble },
): Promise<readonly LargeTrial[]> {
  const rows = await session.query<{ schema: string; name: string; body: string }>(session.dialect.statementTriggers);
  const bodies = groupBy(rows, qualified);
  const seen = new Set<string>();
  const tried = new Set(spreadOver(resources));
  const all = [...tried, ...resources.filter((entry) => !tried.has(entry))];
  const ordered = sortBy(all, [(entry) => -Math.min(roomOf(entry), keysOfManyRow * documentsAtOnce)]);
  return ordered.flatMap((entry): readonly LargeTrial[] => {
    const tables = [entry.root, ...entry.lower].filter((table) => {
      const own = (bodies.get(table.name) ?? []).map(({ body }) => shapeOf(body, session.rules.name));
      const isNew = own.some((shape) => !seen.has(shape));
      for (const shape of own) seen.add(shape);
      // An earlier run has tried the shapes of a known table on as many documents. No other table is tried in place of it.
      return isNew && !isKnown(table.name);
    });
    return tables.length === 0 ? [] : [{ entry, tables }];
  });
}

/** R18 (design 09b §2.3), with the keys between resources disabled. */
export async function checkLargeStatements(context: TrialContext, trials: readonly LargeTrial[]): Promise<void> {
  for (const { entry, tables } of trials)
    await context.failures.during('R18', entry.label, async () => {
      const statements = await LargeStatements.of(context, entry);
      const isRoot = tables.includes(entry.root);
      const rows = await statements.root(isRoot);
      if (rows.length === 0) return;
      const ids = rows.map((row) => Number(row.get('DocumentId')));
      for (const table of tables) if (table !== entry.root) await statements.lower(table, ids);
      if (isRoot) await statements.end(rows);
    });
}

/** A statement that changes many documents, and the expected stamp of each. */
interface StampedStep {
  readonly object: string;
  readonly statement: PlainSql;
  readonly expected: Stamped | 'nothing';
  /** The documents whose rows the statement changes. */
  readonly ids: readonly number[];
  /** Whether the rows that follow from root rows are compared: identities, abstract identities, the hierarchy. */
  readonly changesKeys: boolean;
}

/** The documents of one trial. */
class LargeStatements {
  private readonly context: TrialContext;
  private readonly entry: WorldResource;
  private readonly selected = new SelectedRows();
  private readonly where: PlainSql;
  private readonly ids: readonly number[];
  private stamps: StampsOf = new Map();
  private before: readonly (readonly RowText[])[] = [];

  private constructor(context: TrialContext, entry: WorldResource, ids: readonly number[]) {
    this.context = context;
    this.entry = entry;
    this.ids = ids;
    const { session, identities, abstracts, further } = context;
    const root = entry.root.table;
    this.where = between(session, 'DocumentId', ids);
    identities.selectOf(this.selected, this.where);
    this.selected.add(
      root.table,
      root.columns.map(({ name }) => name),
      this.where,
    );
    this.selected.add(core.document, ['DocumentId'], this.where);
    further.selectKeyChanges(root.table, this.selected);
    for (const each of abstractsOf(abstracts, root.table)) selectAbstract(each, this.selected, this.where);
  }

  /** Inserts the documents. */
  static async of(context: TrialContext, entry: WorldResource): Promise<LargeStatements> {
    const { session, documents, input, rules, failures } = context;
    const key = String(entry.resource.resourceKey.id);
    const rows = Array.from(
      { length: documentsAtOnce },
      () =>
        new Map([
          ['DocumentUuid', documents.nextUuid()],
          ['ResourceKeyId', key],
        ]),
    );
    const uuids = rows.map((row) => row.get('DocumentUuid') ?? '');
    const where = between(session, 'DocumentUuid', uuids);
    const types = typesIn(input.catalog.tables, core.document);
    const [drawn] = await session.rows(session.dialect.lastVersion);
    const maximum = Number(Object.values(drawn ?? {})[0]);
    const watch = rules.watch(session, input.model, input.inventory, { after: maximum });
    const [found = []] = await session.observed([
      {
        statements: [insertText(session, core.document, types, rows)],
        selections: [{ ...stampSelection, where }, ...watch.selections([])],
      },
    ]);
    const stamps = stampsOf(found[0] ?? []);
    const noted = (what: string, some: readonly (readonly RowText[])[], touched: StampsOf, of = watch) => {
      const [wrong] = of.wrong(some, touched, stamps, true);
      const object = `${qualified(core.document)}, ${counted(documentsAtOnce, 'document')} ${what} in one statement, noted`;
      if (wrong !== undefined) failures.add('R18', object, 'what follows from the stamps', wrong);
    };
    noted('inserted', found.slice(1), stamps);
    const last = Math.max(...[...stamps.values()].map(({ content }) => content));
    const later = rules.watch(session, input.model, input.inventory, { after: last });
    const statement = unchangedText(session, core.document, 'ContentVersion', where);
    const [unchanged = []] = await session.observed([{ statements: [statement], selections: later.selections([]) }]);
    noted('updated without a change', unchanged, new Map(), later);
    return new LargeStatements(context, entry, [...stamps.keys()]);
  }

  /** Reads the state from which the first step starts. */
  async begin(): Promise<void> {
    const { session } = this.context;
    const own = { ...stampSelection, where: this.where };
    const [stamps = [], ...rows] = await session.rowsOfEach([own, ...this.selected.selections]);
    this.stamps = stampsOf(stamps);
    this.before = rows;
  }

  /** Makes one change, and checks its effect on each document. */
  async make({ object: what, statement, expected, ids, changesKeys }: StampedStep): Promise<void> {
    const { session, failures, rules, input, further, identities, source, abstracts } = this.context;
    const own = new Set(ids);
    const object = `${what} in one statement of ${counted(own.size, 'document')}`;
    const root = this.entry.root.table.table;
    const maximum = Math.max(...[...this.stamps.values()].flatMap(({ content, identity }) => [content, identity]));
    const watch = rules.watch(session, input.model, input.inventory, { after: maximum });
    const followers = changesKeys ? this.selected.selections : [];
    const [outcome = []] = await session.observed([
      {
        statements: [statement],
        selections: [{ ...stampSelection, where: this.where }, ...followers, ...watch.selections([root])],
      },
    ]);
    const stamps = stampsOf(outcome[0] ?? []);
    const rows = outcome.slice(1, 1 + followers.length);
    const versions = new Set<number>();
    const isNew = (version: number) => version > maximum && versions.size < versions.add(version).size;
    const wrong = [...stamps].filter(([id, { content, identity }]) => {
      const was = this.stamps.get(id);
      const stamp = own.has(id) ? expected : 'nothing';
      const isContent = stamp === 'nothing' ? content === was?.content : isNew(content);
      const isIdentity = stamp === 'identity' ? isNew(identity) : identity === was?.identity;
      return !(isContent && isIdentity);
    });
    if (wrong.length > 0)
      failures.add(
        'R18',
        object,
        expected === 'nothing' ? 'no stamp' : `each document stamped (${expected})`,
        `${wrong.length} of them not`,
      );
    const touched = new Map([...stamps].filter(([id]) => expected !== 'nothing' && own.has(id)));
    const all = new Set(this.ids);
    const noted = watch.wrong(
      outcome.slice(1 + followers.length).map((list) => list.filter((row) => all.has(Number(row.DocumentId)))),
      touched,
      stamps,
      true,
    );
    if (noted.length > 0) failures.add('R18', `${object}, noted`, 'what follows from the stamps', noted[0] ?? '');
    this.stamps = stamps;
    if (!changesKeys) return;
    const [after, before] = [this.selected.rowsOf(rows), this.selected.rowsOf(this.before)];
    this.before = rows;
    const place = { failures, check: 'R18', because: object };
    identities.checkOf(root, after, source.uris, place);
    if (expected === 'identity') further.keyChanges(object, root, after, before);
    for (const each of abstractsOf(abstracts, root)) checkAbstract(each, after, place);
    await this.hierarchy(object);
  }

  /** The entry of the resource in the hierarchy; undefined for other resources. */
  private get organization() {
    const { name } = this.entry.root;
    const { authEdOrgHierarchy } = this.context.input.inventory;
    return authEdOrgHierarchy?.entities.find((each) => qualified(each.table) === name);
  }

  /** Checks that the hierarchy is the closure of all organizations, if the resource is one. */
  private async hierarchy(because: string): Promise<void> {
    const { session, failures, input, identities } = this.context;
    if (!this.organization) return;
    const selected = new SelectedRows();
    const derived = new DerivedRows(input.model, input.inventory, new SelectedRows(), identities);
    derived.selectHierarchy(selected);
    const rows = selected.rowsOf(await session.rowsOfEach(selected.selections));
    derived.hierarchy(rows, { failures, check: 'R18', because });
  }

  /** A row of a table for each document, or for as many as the keys of the table allow; `first`: more of the first. */
  private rowsIn(table: WorldTable, ids: readonly number[], first: readonly number[] = []): readonly KeyRow[] {
    const { source, failures } = this.context;
    const rows = source.many(table, [...first, ...ids]);
    if (idsOf(table, rows).length < ids.length)
      failures.leaveOut(`${table.name}, a statement of ${counted(documentsAtOnce, 'document')}`, noKeyLeft);
    return rows;
  }

  /** Inserts root rows and, with `isTried`, changes them; checks each statement, and returns the rows. */
  async root(isTried: boolean): Promise<readonly KeyRow[]> {
    const { context, entry, ids } = this;
    const { session, source, stampings, input, rules } = context;
    const { root, label } = entry;
    const { table } = root.table;
    const types = typesIn(input.catalog.tables, table);
    const rows = this.rowsIn(root, ids);
    if (rows.length === 0) return rows;
    await this.begin();
    const own = { ids: idsOf(root, rows), changesKeys: true };
    const insert = insertText(session, table, types, rows);
    await this.make({ object: `${label}, rows inserted`, statement: insert, expected: 'nothing', ...own });
    if (isTried)
      await this.make({
        object: `${label}, rows updated without a change`,
        statement: unchangedText(session, table, root.documentColumn, this.within(root)),
        expected: rules.stampsUnchangedRows ? 'content' : 'nothing',
        ...own,
        changesKeys: false,
      });
    const identity = stampings.get(root.name)?.identityProjectionColumns ?? [];
    const changed = isTried ? source.manyChanged(root, rows, identity) : null;
    if (changed) {
      const object = `${label}, ${changed.column} changed`;
      await this.make({ object, statement: updateText(session, table, types, changed), expected: 'identity', ...own });
    }
    if (isTried) await this.move(changed?.rows ?? rows, types, new Set(identity));
    source.keep(root, changed?.rows ?? rows);
    return rows;
  }

  /**
   * Puts one half of the organizations below the other half, and then moves those below an organization that does not
   * exist: the closure of both halves changes. Tried if a column outside of all keys says what is above them.
   */
  private async move(rows: readonly KeyRow[], types: Types, identity: ReadonlySet<string>): Promise<void> {
    const { session } = this.context;
    const { root, label } = this.entry;
    const entity = this.organization;
    const held = uniqueColumnsOf(root.table);
    const typeOfId = types.get(entity?.identityColumn ?? '');
    const above = (entity?.parentFks ?? [])
      .map(({ denormalizedParentIdColumn }) => storedColumn(root.table, denormalizedParentIdColumn))
      .find((column) => !held.has(column) && !identity.has(column) && types.get(column) === typeOfId);
    if (entity === undefined || above === undefined) return;
    const half = Math.min(Math.ceil(rows.length / 2), mostMoved);
    const [upper, lower] = [rows.slice(0, half), rows.slice(half, 2 * half)];
    const below = (some: readonly KeyRow[], idOf: (index: number) => string | null): ManyChanged => ({
      column: above,
      rows: some.map((row, index) => new Map([...row, [above, idOf(index)]])),
    });
    const moved = (what: string, change: ManyChanged) =>
      this.make({
        object: `${label}, ${what}`,
        statement: updateText(session, root.table.table, types, change),
        expected: 'content',
        ids: idsOf(root, change.rows),
        changesKeys: true,
      });
    const idsAbove = upper.map((row) => row.get(entity.identityColumn) ?? null);
    if (lower.length > 0)
      await moved(
        'organizations put below others',
        below(lower, (index) => idsAbove[index] ?? null),
      );
    await moved(
      'organizations moved with others below them',
      below(upper, () => idAbove),
    );
  }

  /** The condition that a row of a table belongs to one of the documents. */
  private within({ documentColumn }: WorldTable): PlainSql {
    return between(this.context.session, documentColumn, this.ids);
  }

  /**
   * Inserts, changes and deletes rows in a table below the root, with many rows of the first document before those of
   * the others; then moves the rows of one half of the documents to the other half.
   */
  async lower(table: WorldTable, ids: readonly number[]): Promise<void> {
    const { session, source, input, rules } = this.context;
    const { table: name } = table.table;
    const types = typesIn(input.catalog.tables, name);
    const [first] = ids;
    const isOnly = table.table.key.columns.every((column) => column.name === table.documentColumn);
    const further = isOnly || first === undefined ? [] : Array.from({ length: rowsOfFirst - 1 }, () => first);
    const rows = this.rowsIn(table, ids, further);
    if (rows.length === 0) return;
    const object = (what: string) => `${table.name}, rows ${what}`;
    const own = { ids: idsOf(table, rows), expected: 'content', changesKeys: false } as const;
    await this.make({ object: object('inserted'), statement: insertText(session, name, types, rows), ...own });
    await this.make({
      object: object('updated without a change'),
      statement: unchangedText(session, name, table.documentColumn, this.within(table)),
      ...own,
      expected: rules.stampsUnchangedRows ? 'content' : 'nothing',
    });
    const assignment = rules.stampsUnchangedRows ? null : source.manyAssigned(table, rows);
    if (assignment !== null)
      await this.make({
        object: object('changed'),
        statement: session.updateText(name, [assignment], this.within(table)),
        ...own,
      });
    const statement = session.deleteText(name, this.within(table));
    await this.make({ object: object('deleted'), statement, ...own });
    await this.moveLower(table, own.ids);
  }

  /** Moves rows of one half of the documents to the other half, which have none: all of them are stamped. */
  private async moveLower(table: WorldTable, ids: readonly number[]): Promise<void> {
    const { session, input } = this.context;
    const { table: name } = table.table;
    const half = Math.min(Math.floor(ids.length / 2), mostMoved);
    // the keys allow the rows of one document only
    if (half === 0) return;
    const [from, to] = [ids.slice(0, half), ids.slice(half, 2 * half)];
    const distance = (to[0] ?? 0) - (from[0] ?? 0);
    const rows = this.rowsIn(table, from);
    if (rows.length < half || from.some((id, index) => id + distance !== to[index])) return;
    await session.change(insertText(session, name, typesIn(input.catalog.tables, name), rows));
    await this.begin();
    const { sql, id, literal } = session.rules;
    const other = sql`${id(table.documentColumn)} + ${literal(distance)}`;
    const statement = session.updateText(name, [session.equal(table.documentColumn, other)], this.within(table));
    const object = `${table.name}, rows moved to other documents`;
    await this.make({ object, statement, ids: [...from, ...to], expected: 'content', changesKeys: false });
  }

  /** Deletes all root rows. */
  async end(rows: readonly KeyRow[]): Promise<void> {
    const { session } = this.context;
    const { root, label } = this.entry;
    const statement = session.deleteText(root.table.table, this.where);
    const object = `${label}, rows deleted`;
    await this.make({ object, statement, expected: 'content', ids: idsOf(root, rows), changesKeys: false });
    await this.hierarchy(object);
  }
}

/** The documents of rows, each once. */
const idsOf = ({ documentColumn }: WorldTable, rows: readonly KeyRow[]): readonly number[] => [
  ...new Set(rows.map((row) => Number(row.get(documentColumn)))),
];

type Types = ReadonlyMap<string, string>;

/** The types of the columns of a table in the catalog. */
function typesIn(tables: TrialContext['input']['catalog']['tables'], table: QualifiedName): Types {
  const found = mustExist(
    tables.find((each) => qualified(each) === qualified(table)),
    `the table ${qualified(table)}`,
  );
  return new Map(found.columns.map(({ name, type }) => [name, type]));
}

const typeOf = (types: Types, name: string) => trusted(mustExist(types.get(name), `the type of ${name}`));

/** The condition that a column has a value from the first to the last of a list. */
function between({ rules }: BehaviourSession, column: string, values: readonly (string | number)[]): PlainSql {
  const { sql, id, literal } = rules;
  return sql`${id(column)} BETWEEN ${literal(values[0] ?? null)} AND ${literal(values.at(-1) ?? null)}`;
}

/** An update of rows that changes no value. */
const unchangedText = (session: BehaviourSession, table: QualifiedName, column: string, where: PlainSql) =>
  session.updateText(table, [session.unchanged(column)], where);

/** Inserts many rows in one statement. */
function insertText(session: BehaviourSession, table: QualifiedName, types: Types, rows: readonly KeyRow[]): PlainSql {
  const { sql, id, ids, literal, cast } = session.rules;
  const [first] = rows;
  const columns = [...(first?.keys() ?? [])];
  // a list of rows needs a column, even if the keys allow only one row
  const differing = columns.filter(
    (name) => rows.length === 1 || rows.some((row) => row.get(name) !== first?.get(name)),
  );
  const values = columns.map((name) =>
    cast(differing.includes(name) ? sql`v.${id(name)}` : literal(first?.get(name) ?? null), typeOf(types, name)),
  );
  return sql`INSERT INTO ${table} (${ids(columns)}) SELECT ${join(values)} FROM ${listText(session, differing, rows)}`;
}

/** Rows of texts as the table `v`: on SQL Server, VALUES of an INSERT may not have this many rows. */
function listText({ rules }: BehaviourSession, columns: readonly string[], rows: readonly KeyRow[]): PlainSql {
  const { sql, ids, literals } = rules;
  const texts = rows.map((row) => literals(columns.map((name) => row.get(name) ?? null)));
  return sql`(VALUES (${join(texts, '), (')})) AS v (${ids(columns)})`;
}

function updateText(
  session: BehaviourSession,
  table: QualifiedName,
  types: Types,
  { column, rows }: ManyChanged,
): PlainSql {
  const { sql, id } = session.rules;
  const columnOfList = (name: string) => session.rules.cast(sql`v.${id(name)}`, typeOf(types, name));
  const list = listText(session, ['DocumentId', column], rows);
  return sql`UPDATE ${table} SET ${session.equal(column, columnOfList(column))} FROM ${list} WHERE ${table}."DocumentId" = ${columnOfList('DocumentId')}`;
}

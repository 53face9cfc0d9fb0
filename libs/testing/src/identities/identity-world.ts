import { shuffledList } from '../models/shuffled-list.ts';
import { inEdgeOrder } from './cascade-selection.ts';
import type { ColumnPair, GraphMember, IdentityEdge, IdentityGraph } from './identity-graph.ts';

/** A row; `id` is its DocumentId (in child and extension tables a separate number). */
interface WorldRow {
  readonly table: string;
  readonly id: number;
  /** The stored columns that references and identities use; absent means NULL. */
  readonly values: Map<string, string>;
  /** DocumentId of the target row by edge id; absent means NULL. */
  readonly links: Map<string, number>;
}

/** Rows by table and id. */
export interface IdentityWorld {
  readonly rows: ReadonlyMap<string, WorldRow>;
}

/** Numbers in [0, 1). */
export type Chance = () => number;

const keyOf = (table: string, id: number) => `${table}#${id}`;
const rowKey = ({ table, id }: WorldRow) => keyOf(table, id);

/** Whether a row can copy the values of a target row without contradicting its stored values. */
const fits = (row: WorldRow, target: WorldRow, pairs: readonly ColumnPair[]) =>
  pairs.every(({ source, local }) => !row.values.has(local) || row.values.get(local) === target.values.get(source));

function link(row: WorldRow, edge: IdentityEdge, target: WorldRow): void {
  row.links.set(edge.id, target.id);
  for (const { source, local } of edge.pairs) row.values.set(local, target.values.get(source) as string);
}

class WorldBuilder {
  readonly rows = new Map<string, WorldRow>();
  private readonly graph: IdentityGraph;
  private readonly chance: Chance;
  private last = 0;

  constructor(graph: IdentityGraph, chance: Chance) {
    this.graph = graph;
    this.chance = chance;
  }

  of(table: string): WorldRow[] {
    return [...this.rows.values()].filter((row) => row.table === table);
  }

  private references(table: string, isRequired: boolean): IdentityEdge[] {
    return this.graph.edges.filter((edge) => edge.receiver === table && edge.isRequired === isRequired);
  }

  private target(row: WorldRow, edge: IdentityEdge): WorldRow | undefined {
    return shuffledList(this.of(edge.target), this.chance).find((candidate) => fits(row, candidate, edge.pairs));
  }

  private identityOf({ table, values }: WorldRow): string {
    return JSON.stringify((this.graph.identities.get(table) ?? []).map((column) => values.get(column)));
  }

  /**
   * Inserts a row with its row in the abstract identity table. Required references point to existing rows, as for a
   * client, and so do some optional ones. Inserts nothing if no targets are compatible, or if the identity is taken.
   */
  insert(table: string): boolean {
    const row: WorldRow = { table, id: this.last + 1, values: new Map(), links: new Map() };
    for (const edge of this.references(table, true)) {
      const target = this.target(row, edge);
      if (!target) return false;
      link(row, edge, target);
    }
    for (const edge of this.references(table, false)) {
      const target = this.chance() < 0.5 ? this.target(row, edge) : undefined;
      if (target) link(row, edge, target);
    }
    for (const column of this.graph.identities.get(table) ?? [])
      if (!row.values.has(column)) row.values.set(column, `${column}-${row.id}`);
    const abstract = this.graph.members.flatMap(({ source, target, pairs }) => {
      if (source !== table) return [];
      const values = new Map(pairs.map((pair) => [pair.local, row.values.get(pair.source) as string]));
      return [{ table: target, id: row.id, values, links: new Map<string, number>() }];
    });
    const added = [row, ...abstract];
    const isTaken = (one: WorldRow) =>
      this.graph.identities.has(one.table) &&
      this.of(one.table).some((other) => this.identityOf(other) === this.identityOf(one));
    if (added.some(isTaken)) return false;
    this.last = row.id;
    for (const one of added) this.rows.set(rowKey(one), one);
    return true;
  }

  /** Gives some absent references a target, in an update after all rows exist. */
  linkOptional(): void {
    for (const row of shuffledList([...this.rows.values()], this.chance)) {
      for (const edge of shuffledList(this.references(row.table, false), this.chance)) {
        if (row.links.has(edge.id)) continue;
        const target = this.chance() < 0.25 ? undefined : this.target(row, edge);
        if (target) link(row, edge, target);
      }
    }
  }
}

/**
 * A consistent set of rows, up to `count` per table, that a client could write document by document: identities are
 * unique, required references point to earlier rows, other references to any fitting row, and copies equal their
 * sources.
 */
export function makeWorld(graph: IdentityGraph, count: number, chance: Chance): IdentityWorld {
  const builder = new WorldBuilder(graph, chance);
  const abstractTables = new Set(graph.members.map(({ target }) => target));
  const tables = [...new Set([...graph.identities.keys(), ...graph.edges.map(({ receiver }) => receiver)])];
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const table of shuffledList(tables, chance)) {
      if (abstractTables.has(table) || builder.of(table).length >= count) continue;
      if (builder.insert(table)) isGrowing = true;
    }
  }
  builder.linkOptional();
  return { rows: builder.rows };
}

/** New values of identity columns of root rows, as one statement. */
export interface ValueRename {
  readonly table: string;
  readonly column: string;
  readonly ids: readonly number[];
}

const renamed = (value: string) => `${value}*`;

/**
 * The columns that a client can change directly: identity columns of flagged roots that are not filled by a reference
 * of the row.
 */
export function possibleRenames(graph: IdentityGraph, world: IdentityWorld): ValueRename[] {
  return graph.origins.flatMap(({ table, column }) => {
    const rows = [...world.rows.values()].filter((row) => row.table === table);
    const free = rows.filter((row) =>
      graph.edges.every(
        (edge) =>
          edge.receiver !== table || !row.links.has(edge.id) || edge.pairs.every(({ local }) => local !== column),
      ),
    );
    const ids = free.map(({ id }) => id);
    return [...ids.map((id) => ({ table, column, ids: [id] })), ...(ids.length > 1 ? [{ table, column, ids }] : [])];
  });
}

function copyOf(world: IdentityWorld): Map<string, WorldRow> {
  return new Map([...world.rows].map(([key, row]) => [key, { ...row, values: new Map(row.values) }]));
}

/** Places where a copy differs from its source, as text. */
function contradictions(rows: ReadonlyMap<string, WorldRow>, edges: readonly IdentityEdge[]): string[] {
  return edges.flatMap((edge) =>
    [...rows.values()].flatMap((row) => {
      if (row.table !== edge.receiver) return [];
      const id = row.links.get(edge.id);
      const target = id === undefined ? undefined : rows.get(keyOf(edge.target, id));
      if (!target) return [];
      return edge.pairs
        .filter(({ source, local }) => row.values.get(local) !== target.values.get(source))
        .map(({ local }) => `${edge.id}: ${rowKey(row)}.${local}`);
    }),
  );
}

/** The result of a rename. */
export interface Consequence {
  readonly rows: ReadonlyMap<string, WorldRow>;
  /**
   * Whether a value depends on itself over other rows: the identity of a row contains a part of a row that refers back
   * to it.
   */
  readonly isCircular: boolean;
}

interface Change {
  readonly row: WorldRow;
  readonly column: string;
}

const placeOf = ({ row, column }: Change) => `${rowKey(row)}.${column}`;

/** The values that are copies of `change`; undefined if one of them may not change. */
function copiesOf(
  graph: IdentityGraph,
  rows: ReadonlyMap<string, WorldRow>,
  { row, column }: Change,
): Change[] | undefined {
  const copies: Change[] = [];
  for (const member of graph.members) {
    const pairs = member.source === row.table ? member.pairs.filter(({ source }) => source === column) : [];
    if (pairs.length > 0 && !graph.maintenance.includes(member)) return undefined;
    for (const { local } of pairs)
      copies.push({ row: rows.get(keyOf(member.target, row.id)) as WorldRow, column: local });
  }
  for (const edge of graph.edges) {
    const pairs = edge.target === row.table ? edge.pairs.filter(({ source }) => source === column) : [];
    if (pairs.length === 0) continue;
    for (const referrer of rows.values()) {
      if (referrer.table !== edge.receiver || referrer.links.get(edge.id) !== row.id) continue;
      if (!edge.isCandidate) return undefined;
      for (const { local } of pairs) copies.push({ row: referrer, column: local });
    }
  }
  return copies;
}

function hasCircle(steps: ReadonlyMap<string, readonly string[]>): boolean {
  const open = new Set<string>();
  const done = new Set<string>();
  const closes = (place: string): boolean => {
    if (open.has(place)) return true;
    if (done.has(place)) return false;
    open.add(place);
    const found = (steps.get(place) ?? []).some(closes);
    open.delete(place);
    done.add(place);
    return found;
  };
  return [...steps.keys()].some(closes);
}

/**
 * The state after a rename: every copy, and every abstract identity row, has the value of its source. Undefined if the
 * rename must be refused (design 11 §5): a copy would contradict another reference of its row, or the identity of a
 * referenced resource that is not identity-mutable would change.
 */
export function stateAfter(
  graph: IdentityGraph,
  world: IdentityWorld,
  { table, column, ids }: ValueRename,
): Consequence | undefined {
  const rows = copyOf(world);
  const values = new Map<string, string>();
  const steps = new Map<string, string[]>();
  const queue = ids.map((id) => {
    const row = rows.get(keyOf(table, id)) as WorldRow;
    return { change: { row, column }, value: renamed(row.values.get(column) as string) };
  });
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { change, value } = next;
    const place = placeOf(change);
    const known = values.get(place);
    if (known === value) continue;
    if (known !== undefined) return undefined;
    values.set(place, value);
    change.row.values.set(change.column, value);
    const copies = copiesOf(graph, rows, change);
    if (!copies) return undefined;
    steps.set(place, copies.map(placeOf));
    for (const copy of copies) queue.push({ change: copy, value });
  }
  return contradictions(rows, graph.edges).length === 0 ? { rows, isCircular: hasCircle(steps) } : undefined;
}

/** The action of SQL Server for each candidate edge; missing edges are composite `NO ACTION` keys. */
export type EdgeKinds = ReadonlyMap<string, 'cascade' | 'covered' | 'fallback'>;

type WorldTrigger =
  | { readonly kind: 'maintenance'; readonly table: string; readonly member: GraphMember }
  | { readonly kind: 'fallback'; readonly table: string; readonly referrers: readonly IdentityEdge[] };

interface Image {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

type Images = ReadonlyMap<string, Image>;

/** Names the key whose check refused a statement. */
export class Refused extends Error {}

/**
 * A model of how SQL Server runs one UPDATE, after design 11 §3 and 07 §9.3, §9.4. It assumes:
 *
 * 1. a statement applies its own changes and those of all cascades that follow from them; only then every composite
 *    key, cascading or not, is checked, and a violation rejects the statement;
 * 2. then the triggers of all tables that were written run, in an order that `choose` decides; `deleted` and `inserted`
 *    are the rows before the statement and after its cascades, regardless of later changes;
 * 3. each write of a trigger body is a separate statement, with cascades, check and triggers (nested, at once), except
 *    that no statement of a trigger body starts the same trigger again;
 * 4. a fallback trigger handles its referrers in edge order, one statement each; it writes the current value of the
 *    mapped columns that really changed in the target row, only where one differs, and repeats completely for the rows
 *    of its own table that its statements have changed, directly or over cascades;
 * 5. an abstract identity trigger writes the mapped columns of the rows whose identity really changed, and repeats for
 *    the rows of its own table that change over the cascades of that.
 */
export class SqlServerRun {
  readonly rows: Map<string, WorldRow>;
  private readonly graph: IdentityGraph;
  private readonly kinds: EdgeKinds;
  private readonly choose: (count: number) => number;
  private readonly triggers: readonly WorldTrigger[];
  private depth = 0;

  constructor(graph: IdentityGraph, kinds: EdgeKinds, world: IdentityWorld, choose: (count: number) => number) {
    this.graph = graph;
    this.kinds = kinds;
    this.rows = copyOf(world);
    this.choose = choose;
    const fallbacks = inEdgeOrder(graph.edges.filter(({ id }) => kinds.get(id) === 'fallback'));
    this.triggers = [
      ...graph.members.map((member) => ({ kind: 'maintenance' as const, table: member.source, member })),
      ...[...new Set(fallbacks.map(({ target }) => target))].map((table) => ({
        kind: 'fallback' as const,
        table,
        referrers: fallbacks.filter(({ target }) => target === table),
      })),
    ];
  }

  /** Runs the statement of a client. Throws `Refused`. */
  rename({ table, column, ids }: ValueRename): void {
    const writes = ids.map((id) => {
      const row = this.row(table, id);
      return { row, values: new Map([[column, renamed(row.values.get(column) as string)]]) };
    });
    this.statement(writes, undefined);
  }

  private row(table: string, id: number): WorldRow {
    return this.rows.get(keyOf(table, id)) as WorldRow;
  }

  private referrersOf(edge: IdentityEdge, target: WorldRow): WorldRow[] {
    return [...this.rows.values()].filter((row) => row.table === edge.receiver && row.links.get(edge.id) === target.id);
  }

  /** Returns the images of all rows that the statement and its cascades wrote. */
  private statement(
    writes: readonly { row: WorldRow; values: ReadonlyMap<string, string> }[],
    by: WorldTrigger | undefined,
  ): Images {
    this.depth += 1;
    if (this.depth > 32) throw new Refused('nested deeper than 32 levels');
    const before = new Map<string, Map<string, string>>();
    const queue: WorldRow[] = [];
    const write = (row: WorldRow, values: ReadonlyMap<string, string>) => {
      if (!before.has(rowKey(row))) before.set(rowKey(row), new Map(row.values));
      for (const [column, value] of values) row.values.set(column, value);
      queue.push(row);
    };
    for (const { row, values } of writes) write(row, values);
    for (let target = queue.shift(); target; target = queue.shift()) {
      for (const edge of this.graph.edges) {
        if (edge.target !== target.table || this.kinds.get(edge.id) !== 'cascade') continue;
        const copies = new Map(edge.pairs.map(({ source, local }) => [local, target?.values.get(source) as string]));
        const differs = (row: WorldRow) => [...copies].some(([column, value]) => row.values.get(column) !== value);
        for (const row of this.referrersOf(edge, target).filter(differs)) write(row, copies);
      }
    }
    const checked = this.graph.edges.filter(({ id }) => this.kinds.get(id) !== 'fallback');
    const [violation] = contradictions(this.rows, checked);
    if (violation !== undefined) throw new Refused(violation);
    const images: Images = new Map(
      [...before].map(([key, old]) => [key, { before: old, after: new Map(this.rows.get(key)?.values) }]),
    );
    const written = new Set([...before.keys()].map((key) => (this.rows.get(key) as WorldRow).table));
    const pending = this.triggers.filter((trigger) => written.has(trigger.table) && trigger !== by);
    while (pending.length > 0) {
      const [trigger] = pending.splice(pending.length > 1 ? this.choose(pending.length) : 0, 1) as [WorldTrigger];
      this.fire(trigger, images);
    }
    this.depth -= 1;
    return images;
  }

  private changedRows(table: string, images: Images, columns: readonly string[]): WorldRow[] {
    return [...images].flatMap(([key, { before, after }]) => {
      const row = this.rows.get(key) as WorldRow;
      return row.table === table && columns.some((column) => before.get(column) !== after.get(column)) ? [row] : [];
    });
  }

  private fire(trigger: WorldTrigger, images: Images): void {
    if (trigger.kind === 'maintenance') {
      const { source, target, pairs } = trigger.member;
      for (let round: Images = images; round.size > 0; ) {
        const writes = this.changedRows(source, round, this.graph.identities.get(source) ?? []).map((row) => ({
          row: this.row(target, row.id),
          values: new Map(pairs.map((pair) => [pair.local, row.values.get(pair.source) as string])),
        }));
        round = writes.length > 0 ? this.statement(writes, trigger) : new Map();
      }
      return;
    }
    let round: Images = images;
    while (round.size > 0) {
      const own = new Map<string, Image>();
      for (const edge of trigger.referrers) {
        const writes = edge.pairs.flatMap(({ source, local }) =>
          this.changedRows(edge.target, round, [source]).flatMap((target) => {
            const value = target.values.get(source) as string;
            return this.referrersOf(edge, target)
              .filter((row) => row.values.get(local) !== value)
              .map((row) => ({ row, values: new Map([[local, value]]) }));
          }),
        );
        if (writes.length === 0) continue;
        const written = [...this.statement(writes, trigger)];
        for (const [key, { before, after }] of written.filter(([key]) => this.rows.get(key)?.table === trigger.table))
          own.set(key, { before: own.get(key)?.before ?? before, after });
      }
      round = own;
    }
  }
}

/**
 * Calls `run` once per order of its choices, depth first, up to `limit` times. If these are not all orders, calls it
 * `limit` more times with random choices.
 */
export function forEachOrder(limit: number, chance: Chance, run: (choose: (count: number) => number) => void): void {
  const path: number[] = [];
  for (let tried = 0; tried < limit; tried += 1) {
    const counts: number[] = [];
    run((count) => {
      const choice = path[counts.length] ?? 0;
      path[counts.length] = choice;
      counts.push(count);
      return choice;
    });
    path.length = counts.length;
    while (path.length > 0 && (path.at(-1) as number) + 1 >= (counts[path.length - 1] as number)) path.pop();
    if (path.length === 0) return;
    path.push((path.pop() as number) + 1);
  }
  for (let tried = 0; tried < limit; tried += 1) run((count) => Math.floor(chance() * count));
}

import { random, shuffledList } from '@dms/testing';
import { compareBy } from '@dms/values';
import { type CascadeEdge, type CascadeOrigin, edgeOrder } from '../src/v2/cascade-edges.ts';

/** Edges and origins in the order in which derivation passes them. */
export interface RandomCascadeGraph {
  readonly edges: readonly CascadeEdge[];
  readonly origins: readonly CascadeOrigin[];
}

interface RandomTable {
  readonly name: string;
  /** The columns with the names of their values; equal names mean equal initial values. */
  readonly values: ReadonlyMap<string, string>;
  readonly identity: readonly string[];
}

const byTable = compareBy<CascadeOrigin>(({ table }) => table);
const oneOf = <Item>(items: readonly Item[], next: () => number) => items[Math.floor(next() * items.length)] as Item;

/** The local columns of a reference: some are shared with other references, mostly if both repeat one value. */
function localColumns(
  prefix: string,
  target: RandomTable,
  known: ReadonlyMap<string, string>,
  next: () => number,
): string[] {
  const local: string[] = [];
  for (const [part, column] of target.identity.entries()) {
    const value = target.values.get(column);
    const equal = [...known].filter(([name, other]) => other === value && !local.includes(name)).map(([name]) => name);
    const any = [...known.keys()].filter((name) => !local.includes(name));
    const shared = equal.length > 0 && next() < 0.8 ? equal : next() < 0.1 ? any : [];
    local.push(shared.length > 0 ? oneOf(shared, next) : `${prefix}_${part}`);
  }
  return local;
}

/**
 * A random graph without circles. References share columns, sometimes a document id among them, and some are optional.
 * The names of the tables are unrelated to their positions.
 */
export function randomCascades(seed: number): RandomCascadeGraph {
  const next = random(seed);
  const count = 3 + Math.floor(next() * 8);
  const optional = oneOf([0, 0.2, 0.6], next);
  const names = shuffledList(
    Array.from({ length: count }, (_, index) => `${oneOf(['a', 'b'], next)}.T${index}`),
    next,
  );
  const tables: RandomTable[] = [];
  const edges: CascadeEdge[] = [];
  for (const [index, name] of names.entries()) {
    const values = new Map([[`key${index}`, `key${index}`]]);
    const documentIds: string[] = [];
    const references = index === 0 ? 0 : Math.floor(next() * 5);
    for (let reference = 0; reference < references; reference += 1) {
      const target = oneOf(tables, next);
      const prefix = `ref${index}_${reference}`;
      const strange = next() < 0.03 && documentIds.length > 0 ? new Map([[oneOf(documentIds, next), 'an id']]) : values;
      const local = localColumns(prefix, target, strange, next);
      const documentId = `${prefix}_DocumentId`;
      for (const [part, column] of local.entries())
        if (!values.has(column)) values.set(column, target.values.get(target.identity[part] as string) as string);
      documentIds.push(documentId);
      edges.push({
        target: target.name,
        receiver: name,
        columns: [...local, documentId],
        targetColumns: [...target.identity, 'DocumentId'],
        onDelete: 'NoAction',
        isRequired: next() >= optional,
      });
    }
    if (documentIds.length > 0 && next() < 0.03) values.set(oneOf(documentIds, next), 'an id');
    const identity = [...values.keys()].filter(() => next() < 0.8);
    tables.push({ name, values, identity: identity.length > 0 ? identity : [`key${index}`] });
  }
  const origins = tables
    .filter(() => next() < 0.4)
    .map(({ name }) => ({ table: name, isImmutable: next() < 0.3 }))
    .sort(byTable);
  return { edges: edges.sort(edgeOrder), origins };
}

/**
 * Several graphs side by side; the names of their tables are mixed in random order. With a hub, one more table feeds
 * the first table of each graph.
 */
export function sideBySide(graphs: readonly RandomCascadeGraph[], seed: number, hasHub = false): RandomCascadeGraph {
  const next = random(seed);
  const names = new Map<string, string>();
  const nameOf = (index: number, table: string) => {
    const known = names.get(`${index} ${table}`) ?? `a.N${next().toFixed(12)}_${names.size}`;
    names.set(`${index} ${table}`, known);
    return known;
  };
  const edges = graphs.flatMap((graph, index) =>
    graph.edges.map((edge) => ({
      ...edge,
      target: nameOf(index, edge.target),
      receiver: nameOf(index, edge.receiver),
    })),
  );
  const origins = graphs.flatMap((graph, index) =>
    graph.origins.map((origin) => ({ ...origin, table: nameOf(index, origin.table) })),
  );
  const hub = nameOf(-1, 'hub');
  const spokes = graphs.flatMap(({ edges: [first] }, index): CascadeEdge[] =>
    first && hasHub
      ? [
          {
            target: hub,
            receiver: nameOf(index, first.target),
            columns: ['hub', 'hub_DocumentId'],
            targetColumns: ['hub', 'DocumentId'],
            onDelete: 'NoAction',
            isRequired: true,
          },
        ]
      : [],
  );
  return {
    edges: [...edges, ...spokes].sort(edgeOrder),
    origins: [...origins, ...(hasHub ? [{ table: hub, isImmutable: true }] : [])].sort(byTable),
  };
}

/** The connection between the diamonds of one graph: none, all below one table, or each below the previous one. */
export type DiamondShape = 'separate' | 'below one table' | 'chained' | 'chained, every table an origin';

/** Diamonds and triangles: two paths lead the same value to a table, which stores it once. Names are random. */
export function diamonds(count: number, shape: DiamondShape, seed: number): RandomCascadeGraph {
  const next = random(seed);
  const edges: CascadeEdge[] = [];
  const origins: CascadeOrigin[] = [];
  let tables = 0;
  const table = (isOrigin: boolean) => {
    tables += 1;
    const name = `a.N${next().toFixed(12)}_${tables}`;
    if (isOrigin) origins.push({ table: name, isImmutable: false });
    return name;
  };
  const connect = (target: string, receiver: string) => {
    const documentId = `ref${edges.length}_DocumentId`;
    const columns = ['key', documentId];
    edges.push({
      target,
      receiver,
      columns,
      targetColumns: ['key', 'DocumentId'],
      onDelete: 'NoAction',
      isRequired: true,
    });
  };
  const isEvery = shape === 'chained, every table an origin';
  let top = table(true);
  for (let index = 0; index < count; index += 1) {
    if (shape === 'separate' && index > 0) top = table(true);
    const middle = table(isEvery);
    const bottom = table(isEvery);
    connect(top, middle);
    connect(middle, bottom);
    if (next() < 0.5) connect(top, bottom);
    else {
      const other = table(isEvery);
      connect(top, other);
      connect(other, bottom);
    }
    if (shape.startsWith('chained')) top = bottom;
  }
  return { edges: edges.sort(edgeOrder), origins: origins.sort(byTable) };
}

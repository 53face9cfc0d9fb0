import { mustExist } from '@dms/model';
import { groupBy } from '@dms/values';
import { type EntityGraph, edgeNature, type GraphEdge } from './entity-graph.ts';
import { edgeRoom, labelRoom, type PlacedGraph, sizedNodes } from './placed-graph.ts';

/** The space between two nodes, between two lanes, and between the lanes and the nodes, where numbers stand. */
const nodeRoom = 12;
const laneRoom = 8;
const numberRoom = 24;

/** The end of a line at a node. */
interface Port {
  readonly node: string;
  /** The row of the nearest node at the other end. */
  readonly other: number;
  y: number;
}

/** Lines that arrive together: those of the same nature at the same node. */
interface Lane {
  readonly edges: readonly { readonly edge: GraphEdge; readonly start: Port }[];
  readonly end: Port;
}

/**
 * Places nodes below each other: targets, the centre, referrers. Lines run on the left, in lanes; those of the same
 * nature that end at the same node share a lane, so that all names fit a small screen.
 */
export function placeInRows(graph: EntityGraph): PlacedGraph {
  const rows = rowsOf(graph);
  const rowOf = new Map(rows.map((id, row) => [id, row]));
  const numberOf = (id: string) => mustExist(rowOf.get(id), `the row of ${id}`);
  const lanes = [...groupBy(graph.edges, (edge) => `${edge.to}\n${edgeNature(edge)}`).values()].map((edges): Lane => {
    const [{ to } = mustExist(edges[0], 'an edge of a lane')] = edges;
    const starts = edges.map((edge) => {
      return { edge, start: { node: edge.from, other: numberOf(to), y: 0 } };
    });
    const nearest = starts
      .map(({ edge }) => numberOf(edge.from))
      .reduce((best, row) => (Math.abs(row - numberOf(to)) < Math.abs(best - numberOf(to)) ? row : best));
    return { edges: starts, end: { node: to, other: nearest, y: 0 } };
  });
  const ports = groupBy(
    lanes.flatMap(({ edges, end }) => [end, ...edges.map(({ start }) => start)]),
    ({ node }) => node,
  );
  const nodes = sizedNodes(graph, 'narrow', (id) => {
    const labelled = graph.edges.filter(({ from, count }) => from === id && count > 1).length;
    return ((ports.get(id)?.length ?? 0) + 1) * (labelled > 1 ? labelRoom : edgeRoom);
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const tops = new Map<string, number>();
  let height = 0;
  for (const [row, id] of rows.entries()) {
    const node = mustExist(byId.get(id), `the node ${id}`);
    if (row > 0) height += nodeRoom;
    tops.set(id, height);
    const own = [...(ports.get(id) ?? [])].sort((one, other) => one.other - other.other);
    for (const [index, port] of own.entries())
      port.y = height + Math.round((node.height * 10 * (index + 1)) / (own.length + 1)) / 10;
    height += node.height;
  }
  const numbers = numbersOf(lanes);
  const left = Math.max(0, ...[...numbers.values()].map((number) => number + 1)) * laneRoom + numberRoom;
  const points = new Map(
    lanes.flatMap((lane) => {
      const x = left - numberRoom - mustExist(numbers.get(lane), 'the number of a lane') * laneRoom;
      return lane.edges.map(({ edge, start: { y } }) => [edge, { x, start: y, end: lane.end.y }] as const);
    }),
  );
  return {
    width: Math.ceil(left + Math.max(0, ...nodes.map(({ width }) => width))),
    height: Math.ceil(height),
    nodes: nodes.map((node) => ({ ...node, x: left, y: tops.get(node.id) ?? 0 })),
    edges: graph.edges.map((edge) => {
      const { x, start, end } = mustExist(points.get(edge), 'the points of an edge');
      const line = [
        { x: left, y: start },
        { x, y: start },
        { x, y: end },
        { x: left, y: end },
      ];
      return { ...edge, points: line, label: { x: left - numberRoom + 2, y: start - 4 } };
    }),
  };
}

/** The ids of the nodes by row: targets, the farthest first, then the centre, referrers, and other nodes. */
function rowsOf({ nodes, edges }: EntityGraph): readonly string[] {
  const center = nodes.filter(({ kind }) => kind === 'center').map(({ id }) => id);
  const below = (front: readonly string[], seen: Set<string>, end: 'from' | 'to'): string[][] => {
    const levels: string[][] = [];
    const start = end === 'to' ? 'from' : 'to';
    for (let level = [...front]; level.length > 0; ) {
      const next = level.flatMap((id) => edges.filter((edge) => edge[start] === id).map((edge) => edge[end]));
      level = [...new Set(next)].filter((id) => !seen.has(id));
      for (const id of level) seen.add(id);
      if (level.length > 0) levels.push(level);
    }
    return levels;
  };
  const seen = new Set(center);
  const targets = below(center, seen, 'to');
  const referrers = below(center, seen, 'from');
  const rest = nodes.map(({ id }) => id).filter((id) => !seen.has(id));
  return [...targets.reverse().flat(), ...center, ...referrers.flat(), ...rest];
}

/** The number of each lane, from the nodes outwards: short lines are near, and no two in one lane touch. */
function numbersOf(lanes: readonly Lane[]): ReadonlyMap<Lane, number> {
  const spans = lanes.map((lane) => ({ lane, span: spanOf(lane) }));
  spans.sort(({ span: [a, b] }, { span: [c, d] }) => b - a - (d - c) || a - c);
  const taken: (readonly [number, number])[][] = [];
  return new Map(
    spans.map(({ lane, span: [from, to] }) => {
      const isFree = (spans: readonly (readonly [number, number])[]) =>
        spans.every(([start, end]) => to + laneRoom < start || end + laneRoom < from);
      const found = taken.findIndex(isFree);
      const number = found < 0 ? taken.length : found;
      taken[number] = [...(taken[number] ?? []), [from, to]];
      return [lane, number];
    }),
  );
}

const spanOf = ({ edges, end }: Lane): readonly [number, number] => {
  const all = [end.y, ...edges.map(({ start }) => start.y)];
  return [Math.min(...all), Math.max(...all)];
};

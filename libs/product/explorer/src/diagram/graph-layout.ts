import { mustExist } from '@dms/model';
import { groupBy } from '@dms/values';
import type { EntityGraph } from './entity-graph.ts';
import { edgeRoom, labelRoom, type NameWidth, type PlacedGraph, type Point, sizedNodes } from './placed-graph.ts';
import { placeInRows } from './row-layout.ts';

/**
 * Places the nodes of a graph: in a wide room from left to right, referrers before their targets; in a narrow one below
 * each other.
 */
export async function placeGraph(
  graph: EntityGraph,
  engine: LayoutEngine,
  room: NameWidth = 'wide',
): Promise<PlacedGraph> {
  if (room === 'narrow') return placeInRows(graph);
  const edgesAt = new Map(graph.nodes.map(({ id }) => [id, { in: 0, out: 0, labelled: 0 }]));
  for (const { from, to, count } of graph.edges) {
    const start = edgesAt.get(from);
    const end = edgesAt.get(to);
    if (start) start.out += 1;
    if (start && count > 1) start.labelled += 1;
    if (end) end.in += 1;
  }
  // high enough for its edges to arrive at separate points, and to leave with labels that do not touch
  const titled = sizedNodes(graph, room, (id) => {
    const { in: incoming, out: outgoing, labelled } = edgesAt.get(id) ?? { in: 0, out: 0, labelled: 0 };
    const room = labelled > 1 ? labelRoom : edgeRoom;
    return Math.max(incoming * edgeRoom + edgeRoom, outgoing * room + room);
  });
  // uses its own ids, because names of resources may contain anything
  const numbers = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const numberOf = (id: string) => mustExist(numbers.get(id), `the node ${id}`);
  const outline: ElkGraph = {
    id: 'graph',
    children: titled.map(({ id, width, height }) => ({ id: numberOf(id), width, height })),
    edges: graph.edges.map(({ from, to }, index) => ({
      id: `e${index}`,
      sources: [numberOf(from)],
      targets: [numberOf(to)],
    })),
  };
  const placed = await layoutInColumns(outline, engine);
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    nodes: titled.flatMap((node, index) => {
      const box = placed.children[index];
      if (!box) return [];
      const { x = 0, y = 0, width, height } = box;
      return [{ ...node, x: rounded(x), y: rounded(y), width: rounded(width), height }];
    }),
    edges: graph.edges.map((edge, index) => {
      const points = (placed.edges[index]?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ]);
      const [{ x: startX, y: startY } = { x: 0, y: 0 }] = points;
      return {
        ...edge,
        points: points.map(({ x, y }) => ({ x: rounded(x), y: rounded(y) })),
        label: { x: rounded(startX) + 5, y: rounded(startY) - 4 },
      };
    }),
  };
}

const layoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '72',
  'elk.spacing.nodeNode': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.edgeEdge': '8',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.randomSeed': '1',
};

/** The width of the frame for a picture, relative to its height: for a window without its bars. */
const roomRatio = 2;

/** The maximum number of columns for the nodes of a layer. */
const mostColumns = 4;

/**
 * Lays out a graph. If it is too high for its width (for example around a resource that everything refers to), it is
 * laid out in more columns, as long as the picture can then be shown larger.
 */
async function layoutInColumns(graph: ElkGraph, engine: LayoutEngine): Promise<ElkGraph> {
  // the engine writes into the graph that it is given
  const layout = (given: ElkGraph) => engine.layout(structuredClone(given));
  let best = await layout({ ...graph, layoutOptions });
  const crowded = crowdedNodes(graph);
  for (let columns = 2; columns <= mostColumns && crowded.size > 0; columns += 1) {
    const { width = 1, height = 1 } = best;
    if (height * roomRatio <= width) break;
    const next = await layout(inColumns(graph, columns, crowded));
    if (scaleOf(next) <= scaleOf(best)) break;
    best = next;
  }
  return best;
}

/** Up to this number, the nodes of a layer are in one column. */
const crowd = 8;

/** Crowded groups of nodes: the referrers of one node, and the targets of one node. */
function crowdedNodes({ edges }: ElkGraph): ReadonlySet<string> {
  const around = (end: 'sources' | 'targets', other: 'sources' | 'targets') =>
    [...groupBy(edges, (edge) => mustExist(edge[end][0], `a node of the ${end} of an edge`)).values()]
      .map((group) => new Set(group.flatMap((edge) => edge[other])))
      .filter(({ size }) => size > crowd);
  return new Set([...around('targets', 'sources'), ...around('sources', 'targets')].flatMap((nodes) => [...nodes]));
}

/** The graph with its crowded layers split into several columns. */
function inColumns(graph: ElkGraph, columns: number, crowded: ReadonlySet<string>): ElkGraph {
  const split = (id: string) => ({
    'elk.layered.layerUnzipping.layerSplit': crowded.has(id) ? String(columns) : '1',
    'elk.layered.layerUnzipping.resetOnLongEdges': 'false',
  });
  return {
    ...graph,
    layoutOptions: {
      ...layoutOptions,
      'elk.layered.layerUnzipping.strategy': 'ALTERNATING',
      // the other strategy keeps the total height of all columns, to keep edges straight
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: graph.children.map((node) => ({ ...node, layoutOptions: split(node.id) })),
  };
}

/** The scale of a picture in a frame with a height of one. */
const scaleOf = ({ width = 1, height = 1 }: ElkGraph) => Math.min(roomRatio / width, 1 / height);

const rounded = (value: number) => Math.round(value * 10) / 10;

/** A layout engine that takes and returns graphs in ELK's JSON form. */
export interface LayoutEngine {
  layout(graph: ElkGraph): Promise<ElkGraph>;
}

interface ElkGraph {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
  readonly children: readonly {
    readonly id: string;
    readonly width: number;
    readonly height: number;
    readonly layoutOptions?: Readonly<Record<string, string>>;
    readonly x?: number;
    readonly y?: number;
  }[];
  readonly edges: readonly {
    readonly id: string;
    readonly sources: readonly string[];
    readonly targets: readonly string[];
    readonly sections?: readonly {
      readonly startPoint: Point;
      readonly endPoint: Point;
      readonly bendPoints?: readonly Point[];
    }[];
  }[];
}

import { groupBy } from '@dms/files';
import { mustExist } from '@dms/model';

/** A layout engine that takes and returns graphs in ELK's JSON form. */
export interface LayoutEngine {
  layout(graph: ElkGraph): Promise<ElkGraph>;
}

export interface ElkPoint {
  readonly x: number;
  readonly y: number;
}

export interface ElkGraph {
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
      readonly startPoint: ElkPoint;
      readonly endPoint: ElkPoint;
      readonly bendPoints?: readonly ElkPoint[];
    }[];
  }[];
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

/**
 * The width of the frame for a picture, relative to its height: for a window without its bars, and for a small upright
 * screen.
 */
const roomRatios = { wide: 2, upright: 0.8 } as const;

export type Room = keyof typeof roomRatios;

/** The most columns for the nodes of a layer. */
const mostColumns = 4;

/** The scale of a picture in a frame with a height of one. */
const scaleIn = (room: Room, { width = 1, height = 1 }: ElkGraph) => Math.min(roomRatios[room] / width, 1 / height);

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

/**
 * Lays out a graph. If it is too high for its width (for example around a resource that everything refers to), it is
 * laid out in more columns, as long as the picture can then be shown larger.
 */
export async function layoutInRoom(graph: ElkGraph, engine: LayoutEngine, room: Room): Promise<ElkGraph> {
  // the engine writes into the graph that it is given
  const layout = (given: ElkGraph) => engine.layout(structuredClone(given));
  let best = await layout({ ...graph, layoutOptions });
  const crowded = crowdedNodes(graph);
  for (let columns = 2; columns <= mostColumns && crowded.size > 0; columns += 1) {
    const { width = 1, height = 1 } = best;
    if (height * roomRatios[room] <= width) break;
    const next = await layout(inColumns(graph, columns, crowded));
    if (scaleIn(room, next) <= scaleIn(room, best)) break;
    best = next;
  }
  return best;
}

import { mustExist } from '@dms/model';
import type { EntityGraph, GraphEdge, GraphNode } from './entity-graph.ts';
import { type ElkGraph, type ElkPoint, type LayoutEngine, layoutInRoom, type Room } from './room-layout.ts';

/**
 * Character widths of the widest common sans-serif font, bold, in thousandths of the size. Other characters are as wide
 * as a digit or, beyond Latin, as a square.
 */
const narrow = new Set("iljI|.,:;'!()[]{}`");
const slim = new Set('ftr- "*/\\');
const wide = new Set('mwMW@%');

/** The maximum width of a text in pixels. The estimate is the same everywhere, so that the layout is too. */
function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) {
    if (narrow.has(character)) units += 400;
    else if (slim.has(character)) units += 490;
    else if (wide.has(character)) units += 1080;
    else if (character >= 'A' && character <= 'Z') units += 810;
    else if (character > '\u02ff') units += 1000;
    else units += 705;
  }
  return Math.ceil((units * size) / 1000);
}

/** The text, or its beginning with `…` if it is longer than `limit` characters. */
function shortText(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : text;
}

export interface PlacedNode extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The name as shown, possibly shortened. */
  readonly title: string;
}

export interface PlacedEdge extends GraphEdge {
  /** From the referrer to its target. */
  readonly points: readonly ElkPoint[];
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const titleSize = 13;
export const detailSize = 11;
const longestTitle = 48;
const padding = 12;

/** The distances between edges at a node, without and with labels. */
const edgeRoom = 9;
const labelRoom = 1.4 * detailSize;

const rounded = (value: number) => Math.round(value * 10) / 10;

/** Places the nodes of a graph from left to right, referrers before their targets, for a frame of this shape. */
export async function placeGraph(graph: EntityGraph, engine: LayoutEngine, room: Room = 'wide'): Promise<PlacedGraph> {
  const titled = graph.nodes.map((node) => ({ ...node, title: shortText(node.name, longestTitle) }));
  // uses its own ids, because names of resources may contain anything
  const numbers = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const numberOf = (id: string) => mustExist(numbers.get(id), `the node ${id}`);
  const edgesAt = new Map(graph.nodes.map(({ id }) => [id, { in: 0, out: 0, labelled: 0 }]));
  for (const { from, to, count } of graph.edges) {
    const start = edgesAt.get(from);
    const end = edgesAt.get(to);
    if (start) start.out += 1;
    if (start && count > 1) start.labelled += 1;
    if (end) end.in += 1;
  }
  // high enough for its edges to arrive at separate points, and to leave with labels that do not touch
  const heightOf = (id: string) => {
    const { in: incoming, out: outgoing, labelled } = edgesAt.get(id) ?? { in: 0, out: 0, labelled: 0 };
    const room = labelled > 1 ? labelRoom : edgeRoom;
    return Math.max(44, incoming * edgeRoom + edgeRoom, outgoing * room + room);
  };
  const outline: ElkGraph = {
    id: 'graph',
    children: titled.map(({ id, title, detail }) => ({
      id: numberOf(id),
      width: Math.max(textWidth(title, titleSize), textWidth(detail, detailSize)) + 2 * padding,
      height: heightOf(id),
    })),
    edges: graph.edges.map(({ from, to }, index) => ({
      id: `e${index}`,
      sources: [numberOf(from)],
      targets: [numberOf(to)],
    })),
  };
  const placed = await layoutInRoom(outline, engine, room);
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
      return { ...edge, points: points.map(({ x, y }) => ({ x: rounded(x), y: rounded(y) })) };
    }),
  };
}

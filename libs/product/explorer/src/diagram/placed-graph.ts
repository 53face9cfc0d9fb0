import type { EntityGraph, GraphEdge, GraphNode } from './entity-graph.ts';
import { nameLines } from './name-lines.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The name in lines. */
  readonly title: readonly string[];
}

export interface PlacedEdge extends GraphEdge {
  /** From the referrer to its target. */
  readonly points: readonly Point[];
  /** The point where the number of the edge begins. */
  readonly label: Point;
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const titleSize = 13;
export const detailSize = 11;
const padding = 12;

/** The height of a node whose name takes one line, and of each further line. */
const lowestNode = 44;
export const lineHeight = 16;

/** The distances between edges at a node, without and with labels. */
export const edgeRoom = 9;
export const labelRoom = 1.4 * detailSize;

/** A window, or a small screen held upright. */
export type NameWidth = 'wide' | 'narrow';

/** The maximum number of characters in a line of a name. */
const longestLines: Readonly<Record<NameWidth, number>> = { wide: 40, narrow: 28 };

/** A node before it has a place. */
type SizedNode = Omit<PlacedNode, 'x' | 'y'>;

/** The nodes with their names in lines, as high as their edges and their names need. */
export const sizedNodes = (
  { nodes }: EntityGraph,
  room: NameWidth,
  heightForEdges: (id: string) => number,
): readonly SizedNode[] =>
  nodes.map((node) => {
    const title = nameLines(node.name, longestLines[room]);
    const widths = [...title.map((line) => textWidth(line, titleSize)), textWidth(node.detail, detailSize)];
    const height = Math.max(lowestNode + (title.length - 1) * lineHeight, heightForEdges(node.id));
    return { ...node, title, width: Math.max(...widths) + 2 * padding, height };
  });

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

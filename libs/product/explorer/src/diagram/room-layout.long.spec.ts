import type { ELK as Elk } from 'elkjs';
import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import type { EntityGraph } from './entity-graph.ts';
import { type LayoutEngine, placeGraph } from './graph-layout.ts';
import { detailSize, type NameWidth, type PlacedGraph } from './placed-graph.ts';

/** `count` referrers of `Hub`, which refers to `A`, `B` and `C`. */
function star(count: number): EntityGraph {
  const referrers = Array.from({ length: count }, (_, index) => `Referrer${String(index).padStart(2, '0')}`);
  const names = ['A', 'B', 'C', 'Hub', ...referrers];
  const edge = (from: string, to: string) => {
    return { from, to, kind: 'reference', isIdentity: true, propagation: 'none', count: 1 } as const;
  };
  const kindOf = (name: string) => (name === 'Hub' ? ('center' as const) : ('concrete' as const));
  return {
    nodes: names.map((name) => ({ id: name, name, detail: 'Ed-Fi · 1 table', kind: kindOf(name), resource: name })),
    edges: [...['A', 'B', 'C'].map((name) => edge('Hub', name)), ...referrers.map((name) => edge(name, 'Hub'))],
  };
}

const engine = new (ELK as unknown as new () => Elk)() as unknown as LayoutEngine;

/** The scale at which a picture is shown in a frame of 1,400 by 700. */
const scaleOf = ({ width, height }: PlacedGraph) => Math.min(1400 / width, 700 / height);

/** The number of columns of the nodes whose names begin with `start`. */
const columnsOf = ({ nodes }: PlacedGraph, start: string) =>
  new Set(nodes.filter(({ name }) => name.startsWith(start)).map(({ x, width }) => Math.round(x + width))).size;

function expectSound({ nodes, edges, width, height }: PlacedGraph, room: NameWidth = 'wide'): void {
  for (const [index, one] of nodes.entries()) {
    expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height, one.name).toBe(true);
    for (const other of nodes.slice(index + 1)) {
      const isApart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(isApart, `${one.name} and ${other.name}`).toBe(true);
    }
  }
  const at = new Map(nodes.map((node) => [node.id, node]));
  for (const { from, to, points } of edges) {
    const start = at.get(from);
    const end = at.get(to);
    // in a narrow room all lines are on the left
    expect(points[0]?.x).toBe((start?.x ?? 0) + (room === 'wide' ? (start?.width ?? 0) : 0));
    expect(points.at(-1)?.x).toBe(end?.x);
    // each line goes along one of the axes
    for (const [index, point] of points.slice(1).entries())
      expect(point.x === points[index]?.x || point.y === points[index]?.y, `${from} to ${to}`).toBe(true);
  }
}

describe('a diagram in the room of a window', () => {
  it.each([20, 40])(
    'shows %i that refer to one in several columns, and so half as large again at least',
    async (count) => {
      const placed = await placeGraph(star(count), engine);
      expectSound(placed);
      // a node is 44 high, and 14 below it are free
      const inOneColumn = 700 / (count * 58);
      expect(scaleOf(placed)).toBeGreaterThan(1.5 * inOneColumn);
      expect(columnsOf(placed, 'Referrer')).toBeGreaterThan(1);
    },
  );

  it('leaves a few in one column', async () => {
    const placed = await placeGraph(star(4), engine);
    expectSound(placed);
    expect(columnsOf(placed, 'Referrer')).toBe(1);
  });

  it('leaves groups that are not crowded in one column', async () => {
    const placed = await placeGraph(star(40), engine);
    expect(new Set(placed.nodes.filter(({ name }) => name.length === 1).map(({ x }) => x)).size).toBe(1);
  });

  it.each([4, 12, 40])('has one column of %i on a small screen, below what they refer to', async (count) => {
    const placed = await placeGraph(star(count), engine, 'narrow');
    expectSound(placed, 'narrow');
    expect(new Set(placed.nodes.map(({ x }) => x)).size).toBe(1);
    const top = (name: string) => placed.nodes.find((node) => node.name === name)?.y ?? Number.NaN;
    for (const target of ['A', 'B', 'C']) expect(top(target)).toBeLessThan(top('Hub'));
    for (const { name, y } of placed.nodes) if (name.startsWith('Referrer')) expect(y).toBeGreaterThan(top('Hub'));
    // lines of the same nature share a lane, so a screen of 390 pixels shows the names nearly as large as they are
    expect(placed.width).toBeLessThan(390);
  });

  it('has no two lines of different nature in one lane', async () => {
    const { nodes, edges } = star(6);
    const mixed = edges.map((edge, index) => ({
      ...edge,
      isIdentity: index % 2 === 0,
      propagation: 'cascade' as const,
    }));
    const placed = await placeGraph({ nodes, edges: mixed }, engine, 'narrow');
    expectSound(placed, 'narrow');
    const lanes = placed.edges.map(({ to, isIdentity, points }) => {
      const ys = points.map(({ y }) => y);
      return { nature: `${to} ${isIdentity}`, x: points[1]?.x ?? 0, from: Math.min(...ys), to: Math.max(...ys) };
    });
    for (const [index, one] of lanes.entries())
      for (const other of lanes.slice(index + 1))
        if (one.nature !== other.nature && one.x === other.x)
          expect(one.to < other.from || other.to < one.from).toBe(true);
  });

  it.each(['wide', 'narrow'] as const)('has numbers beside lines that do not touch each other: %s', async (room) => {
    const { nodes, edges } = star(1);
    const targets = Array.from({ length: 7 }, (_, index) => `Target${index}`);
    const several = targets.map((to) => ({ ...edges[0], from: 'Hub', to, count: 2 }) as (typeof edges)[number]);
    const further = targets.map((name) => ({ ...nodes[0], id: name, name, resource: name }) as (typeof nodes)[number]);
    const placed = await placeGraph({ nodes: [...nodes, ...further], edges: [...edges, ...several] }, engine, room);
    expectSound(placed, room);
    const heights = placed.edges.filter(({ count }) => count > 1).map(({ points }) => points[0]?.y ?? 0);
    heights.sort((a, b) => a - b);
    expect(heights.length).toBe(7);
    // the lines of a text are 1.2 times as high as its letters
    for (const [index, height] of heights.slice(1).entries())
      expect(height - (heights[index] ?? 0)).toBeGreaterThanOrEqual(1.2 * detailSize);
  });

  it('is the same each time', async () => {
    expect(await placeGraph(star(30), engine)).toEqual(await placeGraph(star(30), engine));
  });
});

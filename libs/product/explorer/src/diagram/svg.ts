import { counted } from '../sentences/phrase.ts';
import {
  detailSize,
  lineHeight,
  type PlacedEdge,
  type PlacedGraph,
  type PlacedNode,
  titleSize,
} from './placed-graph.ts';

/** An element of a picture as data: rendered as text here, and as elements by the page. */
export interface SvgElement {
  readonly tag: 'svg' | 'g' | 'path' | 'rect' | 'text' | 'title' | 'defs' | 'marker' | 'style';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgElement | string)[];
}

/** Space around the graph. */
const margin = 16;

/** The style of the picture outside of the page; light and dark follow the reader's preference. */
const standaloneStyle = `
text { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1c2126; text-rendering: geometricPrecision; }
.node rect { fill: #ffffff; stroke: #8a929b; }
.node.center rect { fill: #e8f0fb; stroke: #0b57b0; stroke-width: 2; }
.node.abstract rect { stroke-dasharray: 4 3; }
.node.child rect { fill: #f6f7f8; }
.node .detail { fill: #59626b; }
.edge path { fill: none; stroke: #8a929b; }
.edge.identity path { stroke-width: 2; stroke: #4a525a; }
.edge.cascade path, .edge.trigger path { stroke: #0b57b0; }
.edge.trigger path { stroke-dasharray: 6 3; }
.edge.subclass path { stroke-dasharray: 2 3; }
.edge.parent path { stroke: #b3bac1; }
.edge text { fill: #59626b; }
.head { fill: #4a525a; }
.head.accent { fill: #0b57b0; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7ea; }
  .node rect { fill: #1d2125; stroke: #6c757e; }
  .node.center rect { fill: #14283f; stroke: #7db4f5; }
  .node.child rect { fill: #181b1e; }
  .node .detail, .edge text { fill: #a5adb5; }
  .edge path { stroke: #6c757e; }
  .edge.identity path { stroke: #b9c0c7; }
  .edge.cascade path, .edge.trigger path { stroke: #7db4f5; }
  .edge.parent path { stroke: #4a525a; }
  .head { fill: #b9c0c7; }
  .head.accent { fill: #7db4f5; }
}
`;

/** The picture of a placed graph, without a style; `nodeElements` are in the order of the nodes. */
export function svgParts(graph: PlacedGraph): {
  readonly viewBox: string;
  readonly width: number;
  readonly height: number;
  readonly definitions: SvgElement;
  readonly edges: readonly SvgElement[];
  readonly nodes: readonly SvgElement[];
} {
  const width = graph.width + 2 * margin;
  const height = graph.height + 2 * margin;
  return {
    viewBox: `${-margin} ${-margin} ${width} ${height}`,
    width,
    height,
    definitions: element('defs', {}, arrowHead('head', 'head'), arrowHead('head-accent', 'head accent')),
    edges: graph.edges.map(edgeElement),
    nodes: graph.nodes.map(nodeElement),
  };
}

const element = (
  tag: SvgElement['tag'],
  attributes: SvgElement['attributes'],
  ...children: readonly (SvgElement | string)[]
): SvgElement => ({ tag, attributes, children });

function arrowHead(id: string, className: string): SvgElement {
  const box = {
    id,
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    markerUnits: 'userSpaceOnUse',
    orient: 'auto',
  };
  return element('marker', box, element('path', { class: className, d: 'M0 0.5 8 4 0 7.5z' }));
}

function edgeElement(edge: PlacedEdge): SvgElement {
  const [start, ...rest] = edge.points;
  const d = start ? `M${start.x} ${start.y}${rest.map(({ x, y }) => `L${x} ${y}`).join('')}` : '';
  const head = edge.kind === 'reference' && edge.propagation !== 'none' ? 'head-accent' : 'head';
  const label = edge.count > 1 ? [element('text', { ...edge.label, 'font-size': detailSize }, `${edge.count}×`)] : [];
  return element(
    'g',
    { class: edgeClass(edge) },
    element('title', {}, edgeTitle(edge)),
    element('path', { d, 'marker-end': `url(#${head})` }),
    ...label,
  );
}

/** CSS classes that distinguish edges. */
function edgeClass({ kind, isIdentity, propagation }: PlacedEdge): string {
  const classes = [
    'edge',
    kind,
    isIdentity && kind === 'reference' ? 'identity' : '',
    kind === 'reference' ? propagation : '',
  ];
  return classes.filter((name) => name !== '' && name !== 'none').join(' ');
}

const edgeWords = {
  cascade: 'a change of identity cascades',
  trigger: 'a trigger carries a change of identity',
  none: '',
} as const;

/** The meaning of an edge, in words. */
function edgeTitle({ from, to, kind, isIdentity, propagation, count }: PlacedEdge): string {
  const verb = { reference: 'refers to', subclass: 'is a', parent: 'belongs to' }[kind];
  const facts = [
    isIdentity && kind === 'reference' ? 'part of the identity' : '',
    kind === 'reference' ? edgeWords[propagation] : '',
    count > 1 ? counted(count, 'reference') : '',
  ].filter((fact) => fact !== '');
  return [`${from} ${verb} ${to}`, ...facts].join('; ');
}

function nodeElement({ id, title, detail, kind, x, y, width, height }: PlacedNode): SvgElement {
  const first = height / 2 - 3 - ((title.length - 1) * lineHeight) / 2;
  const lines = title.map((line, index) =>
    element('text', { x: 12, y: first + index * lineHeight, 'font-size': titleSize, 'font-weight': 600 }, line),
  );
  const below = first + (title.length - 1) * lineHeight + 16;
  return element(
    'g',
    { class: `node ${kind}`, transform: `translate(${x} ${y})` },
    element('title', {}, id),
    element('rect', { width, height, rx: 5 }),
    ...lines,
    element('text', { class: 'detail', x: 12, y: below, 'font-size': detailSize }, detail),
  );
}

/** The picture as a separate file. */
export function svgText(graph: PlacedGraph, title: string): string {
  const { viewBox, width, height, definitions, edges, nodes } = svgParts(graph);
  const start = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${width}" height="${height}" role="img">`;
  const parts = [element('title', {}, title), definitions, ...edges, ...nodes].map(elementText);
  const [name, ...rest] = parts;
  return [start, name, `<style>${standaloneStyle}</style>`, ...rest, '</svg>', ''].join('\n');
}

function elementText({ tag, attributes, children }: SvgElement): string {
  const names = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  const start = `<${tag}${names.join('')}`;
  if (children.length === 0) return `${start}/>`;
  return `${start}>${children.map((child) => (typeof child === 'string' ? escaped(child) : elementText(child))).join('')}</${tag}>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that are not allowed in XML. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string) =>
  text.replace(forbidden, '\ufffd').replace(/[&<>"]/g, (found) => escapes[found] ?? found);

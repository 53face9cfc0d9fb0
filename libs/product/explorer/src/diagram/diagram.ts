import { compileFunction } from 'node:vm';
import { fail, nearestName } from '@dms/diagnostics';
import type { ExploredSet } from '../explored-set.ts';
import { lookUp } from '../model-lookup.ts';
import { unpacked } from '../packed-text.ts';
import { pageBundle } from '../page-bundle.ts';
import { type EntityGraph, entityGraph, type GraphEdge, type GraphOptions } from './entity-graph.ts';
import { type LayoutEngine, placeGraph } from './graph-layout.ts';
import { svgText } from './svg.ts';

/** The formats that documentation tools understand. */
export const diagramFormats = ['svg', 'mermaid', 'dot'] as const;

export type DiagramFormat = (typeof diagramFormats)[number];

/**
 * The text of the diagram around a resource (design 13 §3); same set, same bytes. Throws `EXPLORE_RESOURCE_UNKNOWN` if
 * the set has no such resource, or only a descriptor with this name.
 *
 * @param label `Project:Resource`
 */
export async function resourceDiagram(
  set: ExploredSet,
  label: string,
  format: DiagramFormat,
  options: GraphOptions,
): Promise<string> {
  const lookup = lookUp(set);
  const resource = lookup.resourceByLabel.get(label);
  if (!resource || resource.kind === 'descriptor') {
    const reason = resource ? 'is a descriptor, which has no tables of its own' : 'is not a resource of this set';
    const names = lookup.resources.filter(({ kind }) => kind !== 'descriptor').map((entry) => entry.label);
    const { nearest: near, hint } = nearestName(label, names);
    fail('EXPLORE_RESOURCE_UNKNOWN', `${label} ${reason}${hint}`, { resource: label }, { resource: label, near });
  }
  const graph = entityGraph(lookup, label, options);
  switch (format) {
    case 'mermaid':
      return mermaidDiagram(graph);
    case 'dot':
      return dotDiagram(graph);
    case 'svg':
      return svgText(await placeGraph(graph, await layoutEngine()), `References around ${label}`);
  }
}

function label({ isIdentity, kind, propagation, count }: GraphEdge): string {
  const facts = [
    kind === 'subclass' ? 'is a' : '',
    isIdentity && kind === 'reference' ? 'identity' : '',
    kind === 'reference' && propagation !== 'none' ? propagation : '',
    count > 1 ? `${count}×` : '',
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}

/** The graph as a Mermaid flowchart, for Markdown. */
function mermaidDiagram({ nodes, edges }: EntityGraph): string {
  const numbers = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const lines = nodes.map(({ id, name, kind }) => {
    const [open, close] = kind === 'abstract' ? ['([', '])'] : ['[', ']'];
    return `  ${numbers.get(id)}${open}${mermaidText(name)}${close}`;
  });
  const links = edges.map((edge) => {
    const text = label(edge);
    return `  ${numbers.get(edge.from)} ${arrow(edge)}${text === '' ? '' : `|${mermaidText(text)}|`} ${numbers.get(edge.to)}`;
  });
  const center = nodes.filter(({ kind }) => kind === 'center').map(({ id }) => numbers.get(id));
  const classes = ['  classDef center stroke-width:3px', `  class ${center.join(',')} center`];
  return ['flowchart LR', ...lines, ...links, ...(center.length > 0 ? classes : []), ''].join('\n');
}

/** Mermaid reads entities in quoted texts; other special characters must be escaped. */
const mermaidText = (text: string) =>
  `"${[...text].map((character) => (/[\p{L}\p{N} ._:·×-]/u.test(character) ? character : `#${character.codePointAt(0)};`)).join('')}"`;

function arrow({ kind, isIdentity, propagation }: GraphEdge): string {
  if (kind === 'subclass' || propagation === 'trigger') return '-.->';
  return isIdentity ? '==>' : '-->';
}

/** The graph as DOT, for Graphviz. */
function dotDiagram({ nodes, edges }: EntityGraph): string {
  const boxes = nodes.map(({ id, name, detail, kind }) => {
    const style = { center: 'bold', abstract: 'dashed', child: 'filled', concrete: 'solid' }[kind];
    return `  ${dotText(id)} [label=${`"${dotText(name).slice(1, -1)}\\n${dotText(detail).slice(1, -1)}"`}, style=${style}];`;
  });
  const links = edges.map((edge) => {
    const text = label(edge);
    const style =
      edge.kind === 'subclass'
        ? 'dotted'
        : edge.propagation === 'trigger'
          ? 'dashed'
          : edge.isIdentity
            ? 'bold'
            : 'solid';
    return `  ${dotText(edge.from)} -> ${dotText(edge.to)} [style=${style}${text === '' ? '' : `, label=${dotText(text)}`}];`;
  });
  return [
    'digraph model {',
    '  rankdir=LR;',
    '  node [shape=box, fontname="Helvetica"];',
    ...boxes,
    ...links,
    '}',
    '',
  ].join('\n');
}

const dotText = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ')}"`;

/**
 * The layout library of the page. The package contains it only once, packed and as a classic script, so it runs as a
 * script here.
 */
async function layoutEngine(): Promise<LayoutEngine> {
  const { layout } = await pageBundle();
  const module: { exports: unknown } = { exports: {} };
  compileFunction(unpacked(layout), ['module', 'exports'])(module, module.exports);
  const Engine = module.exports as new () => LayoutEngine;
  return new Engine();
}

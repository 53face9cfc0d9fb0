import type { EntityGraph, GraphEdge } from './entity-graph.ts';

/** Mermaid reads entities in quoted texts; other special characters must be escaped. */
const mermaidText = (text: string) =>
  `"${[...text].map((character) => (/[\p{L}\p{N} ._:·×-]/u.test(character) ? character : `#${character.codePointAt(0)};`)).join('')}"`;

const dotText = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ')}"`;

function label({ isIdentity, kind, propagation, count }: GraphEdge): string {
  const facts = [
    kind === 'subclass' ? 'is a' : '',
    isIdentity && kind === 'reference' ? 'identity' : '',
    kind === 'reference' && propagation !== 'none' ? propagation : '',
    count > 1 ? `${count}×` : '',
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}

function arrow({ kind, isIdentity, propagation }: GraphEdge): string {
  if (kind === 'subclass' || propagation === 'trigger') return '-.->';
  return isIdentity ? '==>' : '-->';
}

/** The graph as a Mermaid flowchart, for Markdown. */
export function mermaidDiagram({ nodes, edges }: EntityGraph): string {
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

/** The graph as DOT, for Graphviz. */
export function dotDiagram({ nodes, edges }: EntityGraph): string {
  const boxes = nodes.map(({ id, name, detail, kind }) => {
    const style = { center: 'bold', abstract: 'dashed', child: 'filled', concrete: 'solid' }[kind];
    return `  ${dotText(id)} [label=${`"${dotText(name).slice(1, -1)}\\n${dotText(detail).slice(1, -1)}"`}, style=${style}];`;
  });
  const links = edges.map((edge) => {
    const text = label(edge);
    const style =
      edge.kind === 'subclass' ? 'dotted' : edge.propagation === 'trigger' ? 'dashed' : edge.isIdentity ? 'bold' : 'solid';
    return `  ${dotText(edge.from)} -> ${dotText(edge.to)} [style=${style}${text === '' ? '' : `, label=${dotText(text)}`}];`;
  });
  return ['digraph model {', '  rankdir=LR;', '  node [shape=box, fontname="Helvetica"];', ...boxes, ...links, '}', ''].join(
    '\n',
  );
}

import { h, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { entityGraph, type GraphOptions } from '../../src/diagram/entity-graph.ts';
import { type PlacedGraph, placeGraph } from '../../src/diagram/graph-layout.ts';
import { type SvgElement, svgParts, svgText } from '../../src/diagram/svg.ts';
import { counted } from '../../src/phrase.ts';
import { withOptions } from '../address.ts';
import { layoutEngine } from '../embedded-data.ts';
import { ViewHeading } from '../parts/blocks.tsx';
import { useExplored, useHref } from '../parts/explored.ts';
import { usePanZoom } from '../parts/pan-zoom.ts';
import { ResourceViews } from '../parts/resource-views.tsx';
import { NotFound } from './not-found.tsx';

const depths = ['1', '2', '3'] as const;

function asElement({ tag, attributes, children }: SvgElement): VNode {
  return h(tag, attributes, ...children.map((child) => (typeof child === 'string' ? child : asElement(child))));
}

type Drawing =
  | { readonly state: 'placing' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'placed'; readonly graph: PlacedGraph };

/** Places the graph once the layout library is there. */
function usePlaced(label: string, depth: number, of: GraphOptions['of']): Drawing {
  const { lookup } = useExplored();
  const [drawing, setDrawing] = useState<Drawing>({ state: 'placing' });
  useEffect(() => {
    let isCurrent = true;
    setDrawing({ state: 'placing' });
    layoutEngine()
      .then((engine) => placeGraph(entityGraph(lookup, label, { depth, of }), engine))
      .then(
        (graph) => isCurrent && setDrawing({ state: 'placed', graph }),
        (error: unknown) => isCurrent && setDrawing({ state: 'failed', reason: String(error) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [lookup, label, depth, of]);
  return drawing;
}

function save(graph: PlacedGraph, label: string): void {
  const blob = new Blob([svgText(graph, `References around ${label}`)], { type: 'image/svg+xml' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${label.replace(/[^\p{L}\p{N}]+/gu, '-')}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function Picture({
  graph,
  label,
  hrefOf,
}: {
  readonly graph: PlacedGraph;
  readonly label: string;
  readonly hrefOf: (resource: string) => string;
}) {
  const frame = useRef<HTMLElement>(null);
  const { definitions, edges, nodes, width, height } = svgParts(graph);
  const center = graph.nodes.find(({ kind }) => kind === 'center');
  const panZoom = usePanZoom(frame, {
    width,
    height,
    center: center ? { x: center.x + center.width / 2, y: center.y + center.height / 2 } : null,
  });
  return (
    <>
      <div class="zoom">
        <button type="button" onClick={() => panZoom.zoom(1.25)}>
          Zoom in
        </button>
        <button type="button" onClick={() => panZoom.zoom(0.8)}>
          Zoom out
        </button>
        <button type="button" onClick={panZoom.fit}>
          Fit
        </button>
        <button type="button" onClick={() => save(graph, label)}>
          Save as SVG
        </button>
      </div>
      <section
        class="picture"
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows and + and − move the picture
        tabIndex={0}
        aria-label={`Diagram around ${label}; arrow keys move it, plus and minus zoom`}
        {...panZoom.handlers}
      >
        <svg
          viewBox={panZoom.viewBox}
          {...group}
          aria-label={`${counted(graph.nodes.length, 'node')}, ${counted(graph.edges.length, 'edge')}`}
        >
          {asElement(definitions)}
          {edges.map((edge, index) => (
            <g key={index}>{asElement(edge)}</g>
          ))}
          {nodes.map((node, index) => {
            const { id = '', resource = '' } = graph.nodes[index] ?? {};
            return (
              <a key={id} href={hrefOf(resource)} data-node={id} draggable={false}>
                {asElement(node)}
              </a>
            );
          })}
        </svg>
      </section>
    </>
  );
}

/** There is no element for a group of links in a picture. */
const group = { role: 'group' } as const;

function Legend() {
  return (
    <ul class="legend">
      <li class="identity">part of the identity</li>
      <li>other reference</li>
      <li class="cascade">a change of identity cascades</li>
      <li class="trigger">a trigger carries it</li>
      <li class="subclass">is a</li>
    </ul>
  );
}

/** The neighbourhood of a resource as a picture. */
export function DiagramView({
  label,
  depth: wantedDepth,
  of: wantedOf,
}: {
  readonly label: string;
  readonly depth: string | undefined;
  readonly of: string | undefined;
}) {
  const { lookup } = useExplored();
  const href = useHref();
  const resource = lookup.resourceByLabel.get(label);
  const depth = depths.find((each) => each === wantedDepth) ?? '1';
  const of = wantedOf === 'tables' ? 'tables' : 'resources';
  const drawing = usePlaced(label, Number(depth), of);
  if (!resource || resource.kind === 'descriptor') return <NotFound what={label} />;
  const [project = '', name = ''] = [label.slice(0, label.indexOf(':')), label.slice(label.indexOf(':') + 1)];
  const addressOf = (of: string, depth: string, resource = `${encodeURIComponent(project)}/${encodeURIComponent(name)}`) =>
    href(withOptions(`/diagram/${resource}`, { depth: depth === '1' ? null : depth, of: of === 'tables' ? of : null }));
  const go = (address: string) => {
    location.hash = address;
  };
  return (
    <>
      <ViewHeading title={`Diagram of ${name}`}>
        <ResourceViews label={label} current="diagram" />
      </ViewHeading>
      <div class="controls">
        <label>
          Depth{' '}
          <select value={depth} onChange={(event) => go(addressOf(of, event.currentTarget.value))}>
            {depths.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label>
          Shows{' '}
          <select value={of} onChange={(event) => go(addressOf(event.currentTarget.value, depth))}>
            <option value="resources">resources</option>
            <option value="tables">tables</option>
          </select>
        </label>
        <Legend />
      </div>
      {drawing.state === 'placing' && <p class="waiting">Placing the nodes …</p>}
      {drawing.state === 'failed' && <p>The diagram cannot be drawn: {drawing.reason}</p>}
      {drawing.state === 'placed' && (
        <Picture
          graph={drawing.graph}
          label={label}
          hrefOf={(target) => {
            const split = target.indexOf(':');
            return addressOf(
              of,
              depth,
              `${encodeURIComponent(target.slice(0, split))}/${encodeURIComponent(target.slice(split + 1))}`,
            );
          }}
        />
      )}
    </>
  );
}

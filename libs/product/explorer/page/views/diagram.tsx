import { labelledResource } from '@dms/api-schema';
import { h, type RefObject, type VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { entityGraph, firstPart, type GraphOptions } from '../../src/diagram/entity-graph.ts';
import { placeGraph } from '../../src/diagram/graph-layout.ts';
import type { NameWidth, PlacedGraph, Point } from '../../src/diagram/placed-graph.ts';
import { type SvgElement, svgParts, svgText } from '../../src/diagram/svg.ts';
import { counted } from '../../src/sentences/phrase.ts';
import { withOptions } from '../address.ts';
import { layoutEngine, useExplored, useHref } from '../explored.ts';
import { NotFound, ResourceViews, ViewHeading } from '../parts/blocks.tsx';
import { type PanZoom, usePanZoom } from '../parts/pan-zoom.ts';

const depths = ['1', '2', '3'] as const;

/** How many neighbours a picture begins with, so that their names can be read. */
const mostFirst: Readonly<Record<NameWidth, number>> = { wide: 24, narrow: 12 };

/** So few more are shown at once. */
const fewLeft = 3;

/** The size of a diagram that has no layout yet. */
const noPicture = { width: 1, height: 1 };

function asElement({ tag, attributes, children }: SvgElement): VNode {
  return h(tag, attributes, ...children.map((child) => (typeof child === 'string' ? child : asElement(child))));
}

type Drawing =
  | { readonly state: 'placing' }
  | { readonly state: 'failed'; readonly reason: string }
  | {
      readonly state: 'placed';
      readonly graph: PlacedGraph;
      readonly room: NameWidth;
      /** How many neighbours there are, and how many of them to begin with. */
      readonly neighbours: number;
      readonly first: number;
    };

const roomOfWindow = (): NameWidth => (matchMedia('(max-width: 48rem)').matches ? 'narrow' : 'wide');

/** Lays out the graph, or what to begin with, once the layout library is ready. */
function usePlaced(label: string, depth: number, of: GraphOptions['of'], isWhole: boolean): Drawing {
  const { lookup } = useExplored();
  const [drawing, setDrawing] = useState<Drawing>({ state: 'placing' });
  useEffect(() => {
    let isCurrent = true;
    setDrawing({ state: 'placing' });
    layoutEngine()
      .then(async (engine): Promise<Drawing> => {
        const room = roomOfWindow();
        const whole = entityGraph(lookup, label, { depth, of });
        const neighbours = whole.nodes.filter(({ kind }) => kind !== 'center').length;
        // who asks for a further step wants to see it
        const isFew = neighbours <= mostFirst[room] + fewLeft || depth > 1;
        const first = isFew ? neighbours : mostFirst[room];
        const shown = isWhole ? whole : firstPart(lookup, whole, first);
        return { state: 'placed', graph: await placeGraph(shown, engine, room), room, neighbours, first };
      })
      .then(
        (placed) => isCurrent && setDrawing(placed),
        (error: unknown) => isCurrent && setDrawing({ state: 'failed', reason: String(error) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [lookup, label, depth, of, isWhole]);
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

function ZoomButtons({ panZoom, onSave }: { readonly panZoom: PanZoom; readonly onSave: () => void }) {
  return (
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
      <button type="button" onClick={onSave}>
        Save as SVG
      </button>
    </div>
  );
}

function Picture({
  graph,
  parts: { width, height, definitions, edges, nodes },
  label,
  frame,
  panZoom,
  room,
  hrefOf,
}: {
  readonly graph: PlacedGraph;
  readonly parts: ReturnType<typeof svgParts>;
  readonly label: string;
  readonly frame: RefObject<HTMLElement | null>;
  readonly panZoom: PanZoom;
  readonly room: NameWidth;
  readonly hrefOf: (resource: string) => string;
}) {
  return (
    <>
      <Legend />
      <section
        class={['picture', room, ...(panZoom.isMoved ? ['moved'] : [])].join(' ')}
        style={room === 'narrow' ? { aspectRatio: `${width} / ${height}` } : undefined}
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

/** The middle of the node that a picture is about, where a part of it begins. */
function middleOf(drawing: Drawing): Point | undefined {
  if (drawing.state !== 'placed') return undefined;
  const node = drawing.graph.nodes.find(({ kind }) => kind === 'center');
  return node && { x: node.x + node.width / 2, y: node.y + node.height / 2 };
}

/** How many of the neighbours are shown, and the way to the others. */
function Rest({
  neighbours,
  first,
  isWhole,
  noun,
  hrefOf,
}: {
  readonly neighbours: number;
  readonly first: number;
  readonly isWhole: boolean;
  readonly noun: string;
  readonly hrefOf: (rest: string | null) => string;
}) {
  if (first === neighbours) return null;
  return (
    <p class="rest">
      {isWhole ? (
        <>
          All {counted(neighbours, noun)} around it. <a href={hrefOf(null)}>Show the nearest {first}</a>
        </>
      ) : (
        <>
          The nearest {first} of {counted(neighbours, noun)} around it. <a href={hrefOf('shown')}>Show all</a>
        </>
      )}
    </p>
  );
}

/** SVG has no element for a group of links. */
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
  rest,
}: {
  readonly label: string;
  readonly depth: string | undefined;
  readonly of: string | undefined;
  readonly rest: string | undefined;
}) {
  const { lookup } = useExplored();
  const href = useHref();
  const resource = lookup.resourceByLabel.get(label);
  const depth = depths.find((each) => each === wantedDepth) ?? '1';
  const of = wantedOf === 'tables' ? 'tables' : 'resources';
  const drawing = usePlaced(label, Number(depth), of, rest === 'shown');
  const parts = useMemo(() => (drawing.state === 'placed' ? svgParts(drawing.graph) : null), [drawing]);
  const frame = useRef<HTMLElement>(null);
  const panZoom = usePanZoom(frame, parts ?? noPicture, middleOf(drawing));
  if (!resource || resource.kind === 'descriptor') return <NotFound what={label} />;
  const { projectName, resourceName: name } = labelledResource(label);
  const own = `${encodeURIComponent(projectName)}/${encodeURIComponent(name)}`;
  const addressOf = (of: string, depth: string, resource = own) =>
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
        {drawing.state === 'placed' && <ZoomButtons panZoom={panZoom} onSave={() => save(drawing.graph, label)} />}
      </div>
      {drawing.state === 'placing' && <p class="waiting">Placing the nodes …</p>}
      {drawing.state === 'placed' && (
        <Rest
          neighbours={drawing.neighbours}
          first={drawing.first}
          isWhole={rest === 'shown'}
          noun={of === 'tables' ? 'table' : 'resource'}
          hrefOf={(wanted) => withOptions(addressOf(of, depth), { rest: wanted })}
        />
      )}
      {drawing.state === 'failed' && <p>The diagram cannot be drawn: {drawing.reason}</p>}
      {drawing.state === 'placed' && parts && (
        <Picture
          graph={drawing.graph}
          parts={parts}
          label={label}
          frame={frame}
          panZoom={panZoom}
          room={drawing.room}
          hrefOf={(target) => {
            const { projectName, resourceName } = labelledResource(target);
            return addressOf(of, depth, `${encodeURIComponent(projectName)}/${encodeURIComponent(resourceName)}`);
          }}
        />
      )}
    </>
  );
}

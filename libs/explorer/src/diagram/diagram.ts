import { compileFunction } from 'node:vm';
import { fail, nearestName } from '@dms/diagnostics';
import type { ExploredSet } from '../explored-set.ts';
import { lookUp } from '../model-lookup.ts';
import { unpacked } from '../packed-text.ts';
import { pageBundle } from '../page-bundle.ts';
import { entityGraph, type GraphOptions } from './entity-graph.ts';
import { placeGraph } from './graph-layout.ts';
import { dotDiagram, mermaidDiagram } from './graph-text.ts';
import type { LayoutEngine } from './room-layout.ts';
import { svgText } from './svg.ts';

/** The formats that documentation tools understand. */
export const diagramFormats = ['svg', 'mermaid', 'dot'] as const;

export type DiagramFormat = (typeof diagramFormats)[number];

/** The layout library of the page. The package contains it only once, packed and as a classic script, so it runs as a script here. */
async function layoutEngine(): Promise<LayoutEngine> {
  const { layout } = await pageBundle();
  const module: { exports: unknown } = { exports: {} };
  compileFunction(unpacked(layout), ['module', 'exports'])(module, module.exports);
  const Engine = module.exports as new () => LayoutEngine;
  return new Engine();
}

/**
 * The text of the diagram around a resource (design 13 §3); same set, same bytes. Throws `EXPLORE_RESOURCE_UNKNOWN` if the set
 * has no such resource, or only a descriptor with this name.
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
    const { nearest: near } = nearestName(label, names);
    const hint = near === null ? '.' : `; the nearest name is ${near}.`;
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

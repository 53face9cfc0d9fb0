import type { JsonRecord } from '../schema-builder.ts';
import * as builder from '../schema-builder.ts';
import { addExtension } from './render-extension.ts';
import { startFamily } from './render-family.ts';
import { startResource } from './render-identity.ts';
import { finishResource } from './render-resource.ts';
import { SchemaSetDraft } from './schema-set-draft.ts';
import { identityParts, type SchemaSetPlan } from './schema-set-plan.ts';

function addDescriptors(set: SchemaSetDraft, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const project = (index === 2 ? set.projects[1] : undefined) ?? set.core;
    const name = `Kind${set.names.next()}Descriptor`;
    project.resources.push(builder.descriptor(name));
    set.descriptors.push({ label: `${project.name}:${name}`, project: project.name });
  }
}

/** Renders the documents of a plan; see `schemaSets` for their contents. */
export function renderSchemaSet(plan: SchemaSetPlan, hasLongNames: boolean): JsonRecord[] {
  const set = new SchemaSetDraft(
    plan.extensionProjects,
    hasLongNames,
    identityParts[plan.hasOddKeys ? 'odd' : 'usual'],
  );
  addDescriptors(set, plan.descriptorCount);
  for (const item of plan.items) {
    if (item.kind === 'resource') startResource(set, item, undefined);
    else startFamily(set, item);
  }
  for (const started of set.resources) finishResource(set, started);
  for (const extension of plan.extensions) addExtension(set, extension);
  return set.projects.map(({ name, endpoint, isExtension, resources, abstractResources }) =>
    builder.project(name, resources, { endpoint, isExtension, abstractResources }),
  );
}

import type { BuiltResource, JsonRecord } from '../schema-builder.ts';
import { NumberedNames } from './numbered-names.ts';
import type { ResourceDraft, SchemaDraft, TargetDraft } from './schema-drafts.ts';
import type { ResourcePlan } from './schema-set-plan.ts';

export interface ProjectDraft {
  readonly name: string;
  readonly endpoint: string;
  readonly isExtension: boolean;
  readonly resources: BuiltResource[];
  readonly abstractResources: Record<string, JsonRecord>;
}

/** A resource whose identity is known. */
export interface StartedResource {
  readonly plan: ResourcePlan;
  readonly schema: SchemaDraft;
  readonly project: ProjectDraft;
  readonly members: JsonRecord;
}

export function chosen<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

export function visible<Item extends { readonly project: string }>(items: readonly Item[], project: string): Item[] {
  return items.filter((item) => item.project === 'Core' || item.project === project);
}

/** A schema set under construction, with the possible targets so far. */
export class SchemaSetDraft {
  readonly names: NumberedNames;
  readonly projects: readonly ProjectDraft[];
  readonly descriptors: { readonly label: string; readonly project: string }[] = [];
  readonly targets: TargetDraft[] = [];
  readonly resources: StartedResource[] = [];

  /** The maximum number of parts of an identity. */
  readonly largestIdentity: number;

  constructor(extensionProjects: number, hasLongNames: boolean, largestIdentity: number) {
    this.largestIdentity = largestIdentity;
    this.names = new NumberedNames(hasLongNames);
    const names = [
      ['Core', 'core'],
      ['ExtA', 'ext-a'],
      ['ExtB', 'ext-b'],
    ] as const;
    this.projects = names.slice(0, extensionProjects + 1).map(([name, endpoint], index) => ({
      name,
      endpoint,
      isExtension: index > 0,
      resources: [],
      abstractResources: {},
    }));
  }

  get core(): ProjectDraft {
    return this.projects[0] as ProjectDraft;
  }
}

export function rootOverride(resource: ResourceDraft): string {
  return `Root${resource.name.replace(/\D/g, '')}`;
}

/** The root base name, with which the names of a resource's tables start. */
export function rootName(set: SchemaSetDraft, resource: ResourceDraft): string {
  const hasOverride = set.resources.some(({ plan, schema }) => schema.resource === resource && plan.hasRootOverride);
  return hasOverride ? rootOverride(resource) : resource.name;
}

import { compareBy, groupBy } from '@dms/canonical-json';
import { counted, formFor } from '@dms/diagnostics';
import { followsKey } from './change-words.ts';
import type { ResourceImpact, SchemaImpact } from './impact.ts';
import { type ImpactClass, unitedClasses } from './impact-class.ts';

/* The summary of an impact, shared by text and Markdown. */

export const productNames = { pgsql: 'PostgreSQL', mssql: 'SQL Server' } as const;

export const classNames: Readonly<Record<ImpactClass, string>> = {
  M: 'data must be migrated',
  W: 'writers break',
  R: 'readers break',
  A: 'something is added',
};

export const classesText = (classes: readonly ImpactClass[]) => classes.join(' ');

/** The changes of all owners in one project, or of `(core)` or `(auth)`. */
export interface ProjectImpact {
  readonly project: string;
  readonly classes: readonly ImpactClass[];
  readonly resources: readonly ResourceImpact[];
}

/** By name of the project. */
export function projectImpacts({ resources }: SchemaImpact): readonly ProjectImpact[] {
  const projects = [...groupBy(resources, ({ project }) => project)].map(([project, owned]) => {
    return { project, classes: unitedClasses(owned.map(({ classes }) => classes)), resources: owned };
  });
  return projects.sort(compareBy(({ project }) => project));
}

/** The name of an owner below the heading of its project. */
export function ownerName({ resource, project }: ResourceImpact): string {
  if (resource === project) return project.startsWith('(') ? 'core objects' : 'the project';
  return resource.slice(project.length + 1);
}

const hashStart = (hash: string) => hash.slice(0, 12);

/** Says whether a database of `before` can still be provisioned with `after`. */
export function hashSentence({ before, after }: SchemaImpact): string {
  const [from, to] = [before.effectiveSchemaHash, after.effectiveSchemaHash];
  if (from === to) return `The effective schema hash stays ${hashStart(from)}….`;
  return (
    `The effective schema hash changes from ${hashStart(from)}… to ${hashStart(to)}…: a database of the old schemas ` +
    'cannot be provisioned again with the new ones; its documents have to move.'
  );
}

const someOf = (labels: readonly string[], limit: number) =>
  labels.slice(0, limit).join(', ') + (labels.length > limit ? ` and ${labels.length - limit} more` : '');

/** The changes of the resource keys, one sentence for each kind. */
export function keySentences({ resourceKeys: { added, removed, moved, reversioned } }: SchemaImpact): readonly string[] {
  return [
    ...(added.length > 0 ? [`${counted(added.length, 'resource key')} added: ${someOf(added, 5)}`] : []),
    ...(removed.length > 0 ? [`${counted(removed.length, 'resource key')} removed: ${someOf(removed, 5)}`] : []),
    ...(moved.length > 0 ? [`${counted(moved.length, 'resource gets', 'resources get')} another id: ${someOf(moved, 3)}`] : []),
    ...(reversioned.length > 0
      ? [`${counted(reversioned.length, 'resource key')} with another version: ${someOf(reversioned, 3)}`]
      : []),
  ];
}

/** Bodies of identity triggers contain the id of their resource, so they change with it. Says for how many resources. */
export function followersSentence({ resources }: ProjectImpact): string | undefined {
  const followers = resources.filter(({ changes }) => changes.some(followsKey));
  if (followers.length === 0) return undefined;
  return followers.length === 1
    ? 'of 1 resource: they name it by its new id'
    : `of ${counted(followers.length, 'resource')}: ${formFor(followers.length, 'it names', 'they name')} them by their new ids`;
}

import { type ChangeClass, changeClasses, verdictWords, worstClass } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { groupBy, hashStart } from '@dms/files';
import { productNames } from '@dms/sql';
import type { OwnerImpact, SchemaImpact } from './schema-impact.ts';

/* The summary of an impact, shared by text and Markdown. */

const pluralWords: Readonly<Record<ChangeClass, string>> = {
  ...verdictWords,
  rewritten: 'rewrite rows',
  checked: 'check rows first',
  loss: 'need a permission',
};

/** `3 free, 1 needs a permission`: how many changes have each class. */
export function classCounts(classes: readonly ChangeClass[]): string {
  const counts = changeClasses.flatMap((name) => {
    const count = classes.filter((each) => each === name).length;
    return count === 0 ? [] : [`${count} ${(count === 1 ? verdictWords : pluralWords)[name]}`];
  });
  return counts.join(', ');
}

/** The changes of all owners in one project, or of `(core)`. */
export interface ProjectImpact {
  readonly project: string;
  readonly verdict: ChangeClass;
  readonly owners: readonly OwnerImpact[];
}

/** In the order of the owners. */
export const projectImpacts = ({ owners }: SchemaImpact): readonly ProjectImpact[] =>
  [...groupBy(owners, ({ project }) => project)].map(([project, owned]) => {
    return { project, verdict: worstClass(owned.map(({ verdict }) => verdict)), owners: owned };
  });

/** The name of an owner below the heading of its project. */
export const ownerName = ({ owner, project }: OwnerImpact): string =>
  owner === project ? 'core objects' : owner.slice(project.length + 1);

const ways: Readonly<Record<ChangeClass, string>> = {
  free: '`upgrade` takes a database of the earlier schemas to the later ones, on any data.',
  rewritten: '`upgrade` takes a database of the earlier schemas to the later ones, with its documents.',
  checked: '`upgrade` takes a database of the earlier schemas to the later ones, if its rows pass the checks.',
  loss: '`upgrade` takes a database of the earlier schemas to the later ones, once `--allow-loss` permits what is lost.',
  impossible: 'no upgrade can make this change. Load the documents into a new database.',
};

/** What the change means for a database of the earlier set. */
export function upgradeSentence({ before, after, verdict, refusal, owners }: SchemaImpact): string {
  const from = before.effectiveSchemaHash;
  const to = after.effectiveSchemaHash;
  if (from === to && owners.length === 0) return `The effective schema hash stays ${hashStart(from)}….`;
  const reason = refusal === null ? '' : ` (${refusal})`;
  return `The effective schema hash changes from ${hashStart(from)}… to ${hashStart(to)}…${reason}: ${ways[verdict]}`;
}

/** `PostgreSQL: needs a permission`. */
export const headline = ({ dialect, verdict, refusal, owners }: SchemaImpact): string =>
  `${productNames[dialect]}: ${owners.length === 0 && refusal === null ? 'nothing changes' : verdictWords[verdict]}`;

/** How many changes have each class, and how many resources of the schema set change. */
export function extentText({ owners }: SchemaImpact): string {
  const counts = classCounts(owners.flatMap(({ changes }) => changes.map((each) => each.class)));
  const changed = owners.filter(({ owner, project }) => owner !== project);
  if (changed.length === 0) return `${counts}. No resource changes.`;
  const projects = new Set(changed.map(({ project }) => project)).size;
  return `${counts}. ${counted(changed.length, 'resource changes', 'resources change')} in ${counted(projects, 'project')}.`;
}

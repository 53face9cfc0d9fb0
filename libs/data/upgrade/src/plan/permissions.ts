import { alternatives, fail } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import type { Place } from '../kinds/change-rules.ts';
import { declaringProject, projectsBySchema } from './plan-items.ts';
import type { UpgradeItem } from './upgrade-plan.ts';

const everything = 'all';

type ModelProjects = RelationalModelSet['projects'];

/** The objects that a translation drops: `Project:Resource`, `schema.table` or `schema.table.column`. */
type Dropped = ReadonlySet<string>;

const nothing: Dropped = new Set();

/**
 * Whether the loss that an item describes is permitted, by an option or by a rule of a translation; `projects` are the
 * projects of the earlier set.
 */
export function permissionsOf(
  permissions: readonly string[],
  projects: ModelProjects,
  dropped: Dropped = nothing,
): Comparison['permits'] {
  const bySchema = projectsBySchema({ projects });
  return (item) => {
    if (isDropped(item, dropped)) return true;
    const names = namesOf(item, bySchema);
    return permissions.some((permission) => names.has(permission));
  };
}

const isDropped = ({ owner, path: [first = '', ...rest] }: Pick<Place, 'owner' | 'path'>, dropped: Dropped) =>
  [owner, first, [first, ...rest].join('.')].some((name) => dropped.has(name));

/**
 * The names by which an item can be permitted: its owner, and the objects that contain it. A table of an extension
 * belongs to the extension too, whichever resource it extends (design 12 §4).
 */
function namesOf(
  { owner, path }: Pick<Place, 'owner' | 'path'>,
  projects: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const [project = '', resource = ''] = owner.split(':');
  const [first = '', ...rest] = path;
  const holder = declaringProject(path, projects);
  const owners = holder === undefined ? [project] : [project, holder];
  return new Set([
    everything,
    ...owners,
    ...(resource === '' ? [] : owners.map((each) => `${each}.${resource}`)),
    ...(first.includes(':') ? [] : [first, [first, ...rest].join('.')]),
  ]);
}

/**
 * The losses that are not permitted; `projects` are the projects of the earlier set. Throws `UPGRADE_PERMISSION_UNUSED`
 * for a permission that permits nothing: its author expects a different change.
 */
export function lossesWithoutPermission(
  items: readonly UpgradeItem[],
  permissions: readonly string[],
  projects: ModelProjects,
  dropped: Dropped = nothing,
): readonly UpgradeItem[] {
  const bySchema = projectsBySchema({ projects });
  const losses = items
    .filter((item) => item.class === 'loss')
    .map((item) => ({ item, names: namesOf({ ...item, owner: item.resource }, bySchema) }));
  for (const permission of permissions) {
    // this permission covers all losses, of which there may be none
    if (permission === everything || losses.some(({ names }) => names.has(permission))) continue;
    const lost = losses.flatMap(({ names }) => [...names]).filter((name) => name !== everything);
    const none = `--allow-loss ${permission}: nothing of that name is lost`;
    const text =
      lost.length === 0
        ? `${none}: the change loses nothing. Take the permission away.`
        : `${none}${alternatives(permission, lost, 'lost')} Take the permission away, or name what is lost.`;
    fail('UPGRADE_PERMISSION_UNUSED', text, {}, { permission });
  }
  return losses
    .filter(({ names }) => !permissions.some((permission) => names.has(permission)))
    .map(({ item }) => item)
    .filter((item) => !isDropped({ ...item, owner: item.resource }, dropped));
}

/**
 * The resources whose documents may break new rules. Throws `UPGRADE_PERMISSION_UNUSED` for a resource without such
 * rules.
 *
 * @param checked the resources with documents to check, by their names in the later set
 */
export function allowedResources(allowInvalid: readonly string[], checked: readonly string[]): ReadonlySet<string> {
  for (const resource of allowInvalid) {
    if (checked.includes(resource)) continue;
    const none = `--allow-invalid ${resource}: no rule of this change checks documents of that name`;
    const text =
      checked.length === 0
        ? `${none}, or of any other. Take the permission away.`
        : `${none}${alternatives(resource, checked, 'checked')} Take the permission away, or name a resource whose documents are checked.`;
    fail('UPGRADE_PERMISSION_UNUSED', text, {}, { permission: resource });
  }
  return new Set(allowInvalid);
}

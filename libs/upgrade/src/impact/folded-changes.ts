import { counted } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import type { ChangedObject } from '../kinds/change-rules.ts';
import type { ImpactChange, OwnerImpact } from './schema-impact.ts';

/** Changes that follow from others, and where one line stands for all of them: the table, or the whole set. */
const foldedBy: Partial<Record<ChangedObject, 'table' | 'set'>> = { trigger: 'table', 'resource key': 'set' };

/** Changes of one kind that a report sums up in one line. */
export interface FoldedChanges {
  readonly class: ImpactChange['class'];
  readonly text: string;
}

const someOf = (labels: readonly string[]) => labels.slice(0, 3).join(', ') + (labels.length > 3 ? ', …' : '');

function folded(list: readonly ImpactChange[]): FoldedChanges[] {
  const [first] = list;
  if (!first) return [];
  const { class: itemClass, object, change, path } = first;
  if (object === 'trigger')
    return [{ class: itemClass, text: `${counted(list.length, 'trigger')} ${first.mark}: ${path[0]}` }];
  const which = someOf(list.map((each) => each.path.join('.')));
  const what = change === 'resource version' ? 'another version' : 'another number';
  return [{ class: itemClass, text: `${counted(list.length, 'resource gets', 'resources get')} ${what}: ${which}` }];
}

/**
 * The changes that are listed one by one, and the lines that stand for the others; with `all`, every change is listed.
 */
export function listedChanges(
  { changes }: Pick<OwnerImpact, 'changes'>,
  all: boolean,
): { readonly told: readonly ImpactChange[]; readonly lines: readonly FoldedChanges[] } {
  if (all) return { told: changes, lines: [] };
  const rest = changes.filter(({ object }) => foldedBy[object] !== undefined);
  const groups = groupBy(rest, ({ object, change, path: [table = ''] }) =>
    [object, change, foldedBy[object] === 'table' ? table : ''].join('\n'),
  );
  return {
    told: changes.filter(({ object }) => foldedBy[object] === undefined),
    lines: [...groups.values()].flatMap(folded),
  };
}

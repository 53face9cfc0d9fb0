import { verdictWords } from '@dms/catalog';
import type { ImpactChange } from '@dms/upgrade';
import { hrefs } from '../../src/search/search-entries.ts';
import { versionsText } from '../../src/sentences/phrase.ts';
import { type ChangedPlace, changeHref } from '../../src/set-changes.ts';
import { useExplored, useHref } from '../explored.ts';
import { ChangeMark, Name } from './names.tsx';
import { WideTable } from './wide-table.tsx';

/** The name of a changed object, as a link to its place on the page. */
function ChangedName({ change }: { readonly change: ChangedPlace }) {
  const href = useHref();
  const { lookup } = useExplored();
  const name = <Name text={change.path.join(' · ')} />;
  const target = changeHref(lookup, change);
  return target === null ? name : <a href={href(target)}>{name}</a>;
}

/** The text of a view for an object that only the earlier set has. */
export function GoneSentence() {
  const href = useHref();
  const { lookup } = useExplored();
  const before = lookup.set.impact?.before.projects ?? [];
  return (
    <p>
      Not in this set any more; {versionsText(before)} has it. See{' '}
      <a href={href(hrefs.difference())}>all differences</a>.
    </p>
  );
}

/** A list of changes: the object, its change, and the work of an upgrade for it. */
export function ChangeList({
  changes,
  label = 'Differences',
  at,
}: {
  readonly changes: readonly ImpactChange[];
  readonly label?: string;
  /** The requested part if it was removed, because then no other row shows it. */
  readonly at?: string | undefined;
}) {
  return (
    <WideTable kind="changes" label={label} head={['Mark', 'Change', 'Name', 'Before', 'After', 'Upgrade']}>
      {changes.map((change) => {
        const isLookedFor = at !== undefined && change.mark === 'removed' && change.path[1] === at;
        const { mark, before, after, definition, reason } = change;
        return (
          <tr key={[change.change, ...change.path].join('\n')} class={isLookedFor ? 'highlighted' : undefined}>
            <td>
              <ChangeMark mark={mark} />
            </td>
            <td>{change.change}</td>
            <th scope="row">
              <ChangedName change={change} />
            </th>
            <td class="value">{before ?? (mark === 'removed' ? definition : '')}</td>
            <td class="value">{after ?? (mark === 'added' ? definition : '')}</td>
            <td class="effect dim">
              {verdictWords[change.class]}
              {reason !== undefined && `: ${reason}`}
            </td>
          </tr>
        );
      })}
    </WideTable>
  );
}

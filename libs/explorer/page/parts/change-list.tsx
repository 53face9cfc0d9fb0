import type { CatalogValue, ImpactChange } from '@dms/change';
import type { ComponentChildren } from 'preact';
import { type ChangedObject, changeHref, keyedResource, valueText } from '../../src/change-href.ts';
import { versionsText } from '../../src/phrase.ts';
import { hrefs } from '../../src/search-entries.ts';
import { classWords } from '../../src/set-changes.ts';
import { WideTable } from './blocks.tsx';
import { useExplored, useHref } from './explored.ts';
import { ChangeMark, LabelLink, Name } from './names.tsx';

const objectNames: Readonly<Record<string, string>> = {
  columnOrder: 'order of columns',
  primaryKey: 'primary key',
  foreignKey: 'foreign key',
  tableType: 'table type',
  seed: 'seed row',
};

/** The name of a changed object, as a link to its place on the page. */
export function ChangedName({ change }: { readonly change: ChangedObject }) {
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
      Not in this set any more; {versionsText(before)} has it. See <a href={href(hrefs.difference())}>all differences</a>.
    </p>
  );
}

/** A value for people; the row of a resource key is shown as its resource. */
function shownValue(change: ImpactChange, value: CatalogValue | undefined): ComponentChildren {
  const label = keyedResource(change, value);
  return label === null ? valueText(value) : <LabelLink label={label} />;
}

/** The old and the new value; for two bodies the hashes show only that they differ. */
function Values({ change }: { readonly change: ImpactChange }) {
  if (change.field === 'body')
    return (
      <td colSpan={2} class="dim">
        another body
      </td>
    );
  return (
    <>
      <td class="value">{shownValue(change, change.before)}</td>
      <td class="value">{shownValue(change, change.after)}</td>
    </>
  );
}

/** Changes one by one: the object, what happened to it, and the effect. */
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
    <WideTable kind="changes" label={label} head={['Change', 'Object', 'Name', 'Before', 'After', 'Effect']}>
      {changes.map((change) => {
        const isLookedFor = at !== undefined && change.change === 'removed' && (change.trigger?.name ?? change.path[1]) === at;
        return (
          <tr
            key={[change.object, ...change.path, change.change, change.field].join('\n')}
            class={isLookedFor ? 'highlighted' : undefined}
          >
            <td>
              <ChangeMark mark={change.change} />
            </td>
            <td>
              {objectNames[change.object] ?? change.object}
              {change.field !== undefined && <span class="dim"> · {change.field}</span>}
            </td>
            <th scope="row">
              <ChangedName change={change} />
            </th>
            <Values change={change} />
            <td class="effect dim">
              {change.classes.map((each) => (
                <div key={each}>
                  {each}: {classWords[each].toLowerCase()}
                </div>
              ))}
            </td>
          </tr>
        );
      })}
    </WideTable>
  );
}

import type { SchemaImpact } from '@dms/change';
import { versionsText } from '../../src/phrase.ts';
import { hrefs } from '../../src/search-entries.ts';
import { classWords } from '../../src/set-changes.ts';
import { Facts, Section, ViewHeading, WideTable } from '../parts/blocks.tsx';
import { ChangedName, ChangeList } from '../parts/change-list.tsx';
import { useExplored, useHref } from '../parts/explored.ts';
import { ChangeMark, LabelLink, Name } from '../parts/names.tsx';

/** A side of the comparison: its projects with their versions, and the fingerprint. */
function Side({ side }: { readonly side: SchemaImpact['before'] }) {
  return (
    <>
      {versionsText(side.projects)} <code class="hash dim">{side.effectiveSchemaHash}</code>
    </>
  );
}

/** A link to the view of an owner: for a resource its own view, for a project or the core its changes. */
function OwnerLink({ owner }: { readonly owner: string }) {
  const href = useHref();
  const { changes } = useExplored();
  if (owner.includes(':')) {
    const mark = changes?.resourceMark(owner);
    // everything here has changed, so only added and removed objects are marked
    return (
      <>
        <LabelLink label={owner} /> {mark !== 'changed' && <ChangeMark mark={mark} />}
      </>
    );
  }
  return (
    <a href={href(hrefs.difference(owner))}>
      <Name text={owner} />
    </a>
  );
}

function ByResource({ resources }: Pick<SchemaImpact, 'resources'>) {
  return (
    <Section id="by-resource" title="By resource" count={resources.length}>
      <WideTable kind="by-resource" label="Changes by resource" head={['Resource', 'Changes', 'Effect']}>
        {resources.map(({ resource, changes, classes }) => (
          <tr key={resource}>
            <th scope="row">
              <OwnerLink owner={resource} />
            </th>
            <td class="number">{changes.length.toLocaleString('en-US')}</td>
            <td>{classes.map((each) => classWords[each]).join(', ')}</td>
          </tr>
        ))}
      </WideTable>
    </Section>
  );
}

function Renames({ renames }: Pick<SchemaImpact, 'renames'>) {
  if (renames.length === 0) return null;
  return (
    <Section id="renames" title="Maybe renamed" count={renames.length}>
      <ul class="plain">
        {renames.map(({ object, before, after, score }) => (
          <li key={`${object} ${before.join('.')}`}>
            {object} <ChangedName change={{ object, path: before }} /> → <ChangedName change={{ object, path: after }} />{' '}
            <span class="dim">likeness {score.toFixed(2)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The effects of the change from the earlier set, by resource and class; or only the changes of one owner. */
export function DifferenceView({ owner }: { readonly owner: string | null }) {
  const { lookup, changes } = useExplored();
  const href = useHref();
  const { impact } = lookup.set;
  if (!impact || !changes)
    return (
      <ViewHeading title="Differences">
        <p>This page was written without an earlier set; write it with one to see what changes.</p>
      </ViewHeading>
    );
  const classes = changes.byClass(owner);
  return (
    <>
      <ViewHeading title={owner === null ? 'Differences' : `Differences of ${owner}`}>
        <Facts
          facts={[
            ['Before', <Side side={impact.before} />],
            ['After', <Side side={impact.after} />],
          ]}
        />
        {owner !== null && (
          <p>
            <a href={href(hrefs.difference())}>All differences</a>
          </p>
        )}
      </ViewHeading>
      {classes.length === 0 && <p>Nothing changes in the database.</p>}
      {owner === null && classes.length > 0 && <ByResource resources={impact.resources} />}
      {owner === null && <Renames renames={impact.renames} />}
      {classes.map(({ class: each, changes: own }) => (
        <Section key={each} id={`class-${each}`} title={`${each}: ${classWords[each]}`} count={own.length}>
          <ChangeList changes={own} label={classWords[each]} />
        </Section>
      ))}
    </>
  );
}

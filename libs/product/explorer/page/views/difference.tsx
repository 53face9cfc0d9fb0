import { type ChangeClass, verdictWords } from '@dms/catalog';
import type { SchemaImpact } from '@dms/upgrade';
import { hrefs } from '../../src/search/search-entries.ts';
import { versionsText } from '../../src/sentences/phrase.ts';
import { useExplored, useHref } from '../explored.ts';
import { Facts, Section, ViewHeading } from '../parts/blocks.tsx';
import { ChangeList } from '../parts/change-list.tsx';
import { ChangeMark, LabelLink, Name } from '../parts/names.tsx';
import { WideTable } from '../parts/wide-table.tsx';

const headings: Readonly<Record<ChangeClass, string>> = {
  free: 'Free',
  rewritten: 'Rewrites rows',
  checked: 'Checks rows first',
  loss: 'Needs a permission',
  impossible: 'Impossible',
};

/** A side of the comparison: its projects with their versions, and the fingerprint. */
function Side({ side }: { readonly side: SchemaImpact['before'] }) {
  return (
    <>
      {versionsText(side.projects)} <code class="hash dim">{side.effectiveSchemaHash}</code>
    </>
  );
}

/** A link to the view of an owner: for a resource its own view, for the core its changes. */
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

function ByResource({ owners }: Pick<SchemaImpact, 'owners'>) {
  return (
    <Section id="by-resource" title="By resource" count={owners.length}>
      <WideTable kind="by-resource" label="Changes by resource" head={['Resource', 'Changes', 'Upgrade']}>
        {owners.map(({ owner, changes, verdict }) => (
          <tr key={owner}>
            <th scope="row">
              <OwnerLink owner={owner} />
            </th>
            <td class="number">{changes.length.toLocaleString('en-US')}</td>
            <td>{verdictWords[verdict]}</td>
          </tr>
        ))}
      </WideTable>
    </Section>
  );
}

function Renames({ candidates }: Pick<SchemaImpact, 'candidates'>) {
  if (candidates.length === 0) return null;
  return (
    <Section id="renames" title="Maybe renamed" count={candidates.length}>
      <ul class="plain">
        {candidates.map(({ before, after }) => (
          <li key={before}>
            <Name text={before} /> → <Name text={after} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/**
 * The changes since the earlier set, by resource and by what an upgrade has to do; or only the changes of one owner.
 */
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
            [
              'Upgrade',
              `${verdictWords[impact.verdict]}${impact.refusal === null ? '' : `: ${impact.refusal.reason}`}`,
            ],
          ]}
        />
        {owner !== null && (
          <p>
            <a href={href(hrefs.difference())}>All differences</a>
          </p>
        )}
      </ViewHeading>
      {classes.length === 0 && impact.refusal === null && <p>Nothing changes in the database.</p>}
      {owner === null && classes.length > 0 && <ByResource owners={impact.owners} />}
      {owner === null && <Renames candidates={impact.candidates} />}
      {classes.map(({ class: each, changes: own }) => (
        <Section key={each} id={`class-${each}`} title={headings[each]} count={own.length}>
          <ChangeList changes={own} label={verdictWords[each]} />
        </Section>
      ))}
    </>
  );
}

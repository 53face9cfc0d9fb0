import { hrefs } from '../../src/search-entries.ts';
import { classWords } from '../../src/set-changes.ts';
import { Facts, Section, ViewHeading, WideTable } from '../parts/blocks.tsx';
import { ChangeList } from '../parts/change-list.tsx';
import { useExplored, useHref } from '../parts/explored.ts';
import { Name } from '../parts/names.tsx';

/** What the change from the earlier set does: by resource, and by what each change asks for. */
export function DifferenceView() {
  const { lookup, changes } = useExplored();
  const href = useHref();
  const { impact } = lookup.set;
  if (!impact || !changes)
    return (
      <ViewHeading title="Differences">
        <p>This page was written without an earlier set; write it with one to see what changes.</p>
      </ViewHeading>
    );
  return (
    <>
      <ViewHeading title="Differences">
        <Facts
          facts={[
            ['Before', <code class="hash">{impact.before.effectiveSchemaHash}</code>],
            ['After', <code class="hash">{impact.after.effectiveSchemaHash}</code>],
          ]}
        />
      </ViewHeading>
      {impact.resources.length === 0 && <p>Nothing changes in the database.</p>}
      {impact.resources.length > 0 && (
        <Section id="by-resource" title="By resource" count={impact.resources.length}>
          <WideTable label="Changes by resource" head={['Resource', 'Changes', 'Ask for']}>
            {impact.resources.map(({ resource, changes: own, classes }) => (
              <tr key={resource}>
                <th scope="row">
                  {resource.includes(':') ? <a href={href(hrefs.resource(resource))}>{resource}</a> : <Name text={resource} />}
                </th>
                <td class="number">{own.length}</td>
                <td>{classes.map((each) => classWords[each]).join(', ')}</td>
              </tr>
            ))}
          </WideTable>
        </Section>
      )}
      {impact.renames.length > 0 && (
        <Section id="renames" title="Maybe renamed" count={impact.renames.length}>
          <ul class="plain">
            {impact.renames.map(({ object, before, after, score }) => (
              <li key={`${object} ${before.join('.')}`}>
                {object} <Name text={before.join(' · ')} /> → <Name text={after.join(' · ')} />{' '}
                <span class="dim">likeness {score.toFixed(2)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {changes.byClass.map(({ class: each, changes: own }) => (
        <Section key={each} id={`class-${each}`} title={`${each}: ${classWords[each]}`} count={own.length}>
          <ChangeList changes={own.map(({ change }) => change)} label={classWords[each]} />
        </Section>
      ))}
    </>
  );
}

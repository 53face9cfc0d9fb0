import { productNames } from '@dms/sql';
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { hrefs } from '../../src/search/search-entries.ts';
import { versionsText } from '../../src/sentences/phrase.ts';
import { derivationNotes, setCounts } from '../../src/set-overview.ts';
import { shortDialectNames, useExplored, useHref } from '../explored.ts';
import { Facts, Section, ViewHeading } from '../parts/blocks.tsx';
import { ChangeMark, Name, Sentence } from '../parts/names.tsx';
import { NoOdsNames } from '../parts/ods-tables.tsx';
import { WideTable } from '../parts/wide-table.tsx';

function Counts() {
  const { embedded } = useExplored();
  const counts = useMemo(() => embedded.dialects.map((name) => setCounts(embedded.dialect(name).lookup)), [embedded]);
  const [first = []] = counts;
  return (
    <WideTable
      kind="counts"
      label="Counts by database"
      head={['What', ...embedded.dialects.map((name) => productNames[name]), 'of which']}
    >
      {first.map((line, row) => (
        <tr key={line.name}>
          <th scope="row">{line.name}</th>
          {embedded.dialects.map((name, column) => (
            <td class="number" key={name}>
              <span class="short dim">{shortDialectNames[name]} </span>
              {(counts[column]?.[row]?.count ?? 0).toLocaleString('en-US')}
            </td>
          ))}
          <td class="dim">{partsText(counts.map((lines) => lines[row]?.parts ?? []))}</td>
        </tr>
      ))}
    </WideTable>
  );
}

/** The parts of a count, with both numbers if the dialects differ. */
function partsText(lists: readonly (readonly { readonly name: string; readonly count: number }[])[]): string {
  const names = [...new Set(lists.flatMap((parts) => parts.map(({ name }) => name)))];
  return names
    .map((name) => {
      const numbers = lists.map((parts) =>
        (parts.find((part) => part.name === name)?.count ?? 0).toLocaleString('en-US'),
      );
      return `${[...new Set(numbers)].length === 1 ? numbers[0] : numbers.join(' / ')} ${name}`;
    })
    .join(' · ');
}

function ResourceList({
  title,
  id,
  entries,
}: {
  readonly title: string;
  readonly id: string;
  readonly entries: readonly { readonly label: string }[];
}) {
  const href = useHref();
  const { changes } = useExplored();
  if (entries.length === 0) return null;
  return (
    <Section id={id} title={title} count={entries.length}>
      <ul class="resources">
        {entries.map(({ label }) => (
          <li key={label}>
            <a href={href(hrefs.resource(label))}>
              <Name text={label.slice(label.indexOf(':') + 1)} />
            </a>{' '}
            <ChangeMark mark={changes?.resourceMark(label)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Notes() {
  const { lookup } = useExplored();
  const notes = useMemo(() => derivationNotes(lookup), [lookup]);
  const topics = [...new Set(notes.map(({ topic }) => topic))];
  return (
    <Section id="notes" title="Notes of the derivation" count={notes.length}>
      {notes.length === 0 && <p class="dim">Nothing to note: every key that must follow a change cascades.</p>}
      {topics.map((topic) => {
        const own = notes.filter((note) => note.topic === topic);
        return (
          <details key={topic}>
            <summary>
              {topic} <span class="count">{own.length}</span>
            </summary>
            <ul class="plain">
              {own.map((note, index) => (
                <li key={index}>
                  <Sentence phrase={note.text} />
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </Section>
  );
}

/** The resources of each project, or of a single one: its own, then those that it extends; after all projects, descriptors. */
function Resources({ project }: { readonly project: string | undefined }) {
  const { lookup } = useExplored();
  const { projects } = lookup.set.model;
  const extensions = [...lookup.extensions.values()];
  const idOf = (projectName: string) => projectName.replace(/\W/g, '-');
  return (
    <>
      {projects
        .filter(({ projectName }) => project === undefined || projectName === project)
        .map(({ projectName }) => (
          <Fragment key={projectName}>
            <ResourceList
              id={`resources-${idOf(projectName)}`}
              title={`Resources of ${projectName}`}
              entries={lookup.resources.filter(
                ({ kind, label }) => kind !== 'descriptor' && label.startsWith(`${projectName}:`),
              )}
            />
            <ResourceList
              id={`extended-${idOf(projectName)}`}
              title={`Extended by ${projectName}`}
              entries={extensions.filter(({ label }) => label.startsWith(`${projectName}:`))}
            />
          </Fragment>
        ))}
      <ResourceList
        id="descriptors"
        title="Descriptors"
        entries={lookup.resources.filter(
          ({ kind, label }) => kind === 'descriptor' && (project === undefined || label.startsWith(`${project}:`)),
        )}
      />
    </>
  );
}

/** The first view: all resources, then the counts of the objects of the set, and the set itself. */
export function StartView({ project }: { readonly project: string | undefined }) {
  const { lookup, changes } = useExplored();
  const href = useHref();
  const { set } = lookup;
  const { projects } = set.model;
  return (
    <>
      <ViewHeading title={versionsText(projects)}>
        {project !== undefined && (
          <p>
            Resources of {project} only. <a href={href('/')}>All resources</a>
          </p>
        )}
        {changes && set.impact && (
          <p>
            Compared with {versionsText(set.impact.before.projects)}:{' '}
            <a href={href(hrefs.difference())}>all differences</a>.
          </p>
        )}
      </ViewHeading>
      <Resources project={project} />
      <Section id="counts" title="Counts">
        <Counts />
      </Section>
      <Section id="set" title="Schema set">
        <Facts
          facts={[
            ...projects.map(
              ({ projectName, projectVersion, physicalSchema, isExtensionProject }) =>
                [
                  isExtensionProject ? 'Extension' : 'Core',
                  <>
                    {projectName} {projectVersion}, schema <Name text={physicalSchema} />
                  </>,
                ] as const,
            ),
            ['Effective schema', <code class="hash">{set.effectiveSchemaHash}</code>],
            ['Mapping', set.relationalMappingVersion],
          ]}
        />
        <NoOdsNames />
      </Section>
      <Notes />
    </>
  );
}

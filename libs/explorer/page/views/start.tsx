import { useMemo } from 'preact/hooks';
import { derivationNotes } from '../../src/derivation-notes.ts';
import type { ExploredResource } from '../../src/model-lookup.ts';
import { hrefs } from '../../src/search-entries.ts';
import type { SetChanges } from '../../src/set-changes.ts';
import { setCounts } from '../../src/set-counts.ts';
import { replaceOptions } from '../address.ts';
import { dialectNames } from '../embedded-data.ts';
import { Facts, Section, ViewHeading, WideTable } from '../parts/blocks.tsx';
import { useExplored, useHref } from '../parts/explored.ts';
import { ChangeMark, Name, Sentence } from '../parts/names.tsx';

/** What became of a resource: all that it has is new or gone, or something of it changed. */
export function resourceMark(changes: SetChanges | null, label: string) {
  const found = changes?.ofResource(label) ?? [];
  const tables = found.filter(({ object }) => object === 'table');
  const [first] = tables;
  if (found.length === 0) return null;
  if (
    first &&
    tables.length > 0 &&
    found.every(({ change }) => change === first.change) &&
    isWhole(
      label,
      tables.map(({ path }) => path[0] ?? ''),
    )
  )
    return first.change;
  return 'changed';
}

/** The root table carries the name of the resource; where it came or went, the resource did. */
function isWhole(label: string, tables: readonly string[]): boolean {
  const name = label.slice(label.indexOf(':') + 1);
  return tables.some((table) => table.slice(table.indexOf('.') + 1) === name);
}

function Counts() {
  const { embedded } = useExplored();
  const counts = useMemo(() => embedded.dialects.map((name) => setCounts(embedded.dialect(name).lookup)), [embedded]);
  const [first = []] = counts;
  return (
    <WideTable
      kind="counts"
      label="Counts by database"
      head={['What', ...embedded.dialects.map((name) => dialectNames[name]), 'of which']}
    >
      {first.map((line, row) => (
        <tr key={line.name}>
          <th scope="row">{line.name}</th>
          {counts.map((lines, column) => (
            <td class="number" key={embedded.dialects[column]}>
              {(lines[row]?.count ?? 0).toLocaleString('en-US')}
            </td>
          ))}
          <td class="dim">{partsText(counts.map((lines) => lines[row]?.parts ?? []))}</td>
        </tr>
      ))}
    </WideTable>
  );
}

/** The parts of a count; where the dialects differ, both numbers. */
function partsText(lists: readonly (readonly { readonly name: string; readonly count: number }[])[]): string {
  const names = [...new Set(lists.flatMap((parts) => parts.map(({ name }) => name)))];
  return names
    .map((name) => {
      const numbers = lists.map((parts) => (parts.find((part) => part.name === name)?.count ?? 0).toLocaleString('en-US'));
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
  readonly entries: readonly ExploredResource[];
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
            <ChangeMark mark={resourceMark(changes, label)} />
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

/** The first view: what the set is, how much of what there is, and all resources. */
export function StartView({ filter }: { readonly filter: string }) {
  const { lookup, changes } = useExplored();
  const href = useHref();
  const { set, resources } = lookup;
  const wanted = filter.trim().toLowerCase();
  const matching = resources.filter(({ label }) => label.toLowerCase().includes(wanted));
  const projects = set.model.projects;
  return (
    <>
      <ViewHeading title={projects.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`).join(' + ')}>
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
      </ViewHeading>
      {changes && (
        <p>
          Compared with an earlier set: <a href={href('/difference')}>all differences</a>.
        </p>
      )}
      <Section id="counts" title="Counts">
        <Counts />
      </Section>
      <Notes />
      <div class="filter">
        <label for="filter">Show resources with</label>
        <input
          id="filter"
          type="text"
          spellcheck={false}
          value={filter}
          onInput={(event) => replaceOptions({ filter: event.currentTarget.value })}
        />
      </div>
      {matching.length === 0 && <p class="dim">No resource has this in its name.</p>}
      {projects.map(({ projectName }) => (
        <ResourceList
          key={projectName}
          id={`resources-${projectName.replace(/\W/g, '-')}`}
          title={`Resources of ${projectName}`}
          entries={matching.filter(({ kind, label }) => kind !== 'descriptor' && label.startsWith(`${projectName}:`))}
        />
      ))}
      <ResourceList id="descriptors" title="Descriptors" entries={matching.filter(({ kind }) => kind === 'descriptor')} />
    </>
  );
}

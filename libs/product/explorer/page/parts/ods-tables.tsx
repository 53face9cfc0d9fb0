import type { ColumnContent } from '@dms/ods';
import { Fragment } from 'preact';
import { type OdsColumnPaths, type OdsTableRows, odsAddress, odsNameIn } from '../../src/ods-lookup.ts';
import { hrefs } from '../../src/search/search-entries.ts';
import { useExplored, useHref } from '../explored.ts';
import { Section } from './blocks.tsx';
import { Name, Names, ResourceLink } from './names.tsx';
import { WideTable } from './wide-table.tsx';

/** The columns of an ODS that hold a path, with the tables that have them. */
export function OdsPlaces({ label, path }: { readonly label: string; readonly path: string }) {
  const { lookup } = useExplored();
  const href = useHref();
  return (
    <>
      {(lookup.ods?.placesOf(label, path) ?? []).map(({ table, column }, index) => (
        <Fragment key={odsAddress(table, column)}>
          {index > 0 && ', '}
          <a href={href(hrefs.resource(label, odsAddress(table, column)))} title={odsAddress(table)}>
            <Name text={`${table.name}.${column.name}`} />
          </a>
        </Fragment>
      ))}
    </>
  );
}

const fixedWords: Readonly<Record<Extract<ColumnContent, { kind: 'fixed' }>['column'], string>> = {
  Discriminator: 'name of the subclass',
  CreateDate: 'when the document was created',
  LastModifiedDate: 'when the document last changed',
  Id: 'id of the document',
};

/** The content of a column that holds no value of the document. */
function Content({ content }: { readonly content: ColumnContent }) {
  switch (content.kind) {
    case 'fixed':
      return <>{fixedWords[content.column]}</>;
    case 'usi':
      return (
        <>
          number of <ResourceLink resource={content.resource} />
        </>
      );
    case 'descriptor':
      return (
        <>
          id of <ResourceLink resource={content.resource} />
        </>
      );
    case 'descriptorColumn':
      return <>id of the descriptor</>;
    case 'value':
      return null;
  }
}

function ColumnRow({
  address,
  entry,
  isHighlighted,
}: {
  readonly address: string;
  readonly entry: OdsColumnPaths;
  readonly isHighlighted: boolean;
}) {
  const { column, isKey, paths } = entry;
  return (
    <tr class={isHighlighted ? 'highlighted' : undefined} title={address}>
      <th scope="row">
        <Name text={column.name} /> {isKey && <span class="tag">key</span>}
      </th>
      <td class="null">{column.isNullable ? 'null' : <span class="dim">not null</span>}</td>
      <td>
        <Names names={paths} />
      </td>
      <td class="remark">
        <Content content={column.content} />
      </td>
    </tr>
  );
}

function OdsTableRowsView({
  rows: { table, columns },
  highlighted,
}: {
  readonly rows: OdsTableRows;
  readonly highlighted: string | undefined;
}) {
  const { dialect } = useExplored();
  const address = odsAddress(table);
  const name = odsNameIn(dialect, table);
  return (
    <details open={highlighted?.startsWith(`${address}.`) || highlighted === address}>
      <summary class={highlighted === address ? 'highlighted' : undefined}>
        <Name text={address} />
        {name !== table.name && (
          <span class="dim">
            {' in PostgreSQL '}
            <Name text={name} />
          </span>
        )}
      </summary>
      <WideTable label={`Columns of ${address}`} head={['ODS column', 'Null', 'JSON paths', 'Holds']}>
        {columns.map((entry) => {
          const at = odsAddress(table, entry.column);
          return <ColumnRow key={at} address={at} entry={entry} isHighlighted={highlighted === at} />;
        })}
      </WideTable>
    </details>
  );
}

/** How to add the names of an ODS to a page without them. */
export function NoOdsNames() {
  const { lookup } = useExplored();
  if (lookup.ods) return null;
  return (
    <p class="dim no-ods">
      This page has no names of an ODS. <code>dms-ddl reporting emit</code> writes them into the folder of the
      artifacts; then <code>dms-ddl explore</code> shows them.
    </p>
  );
}

/** The tables of an ODS that hold the documents of a resource, with the path of each column (design 19). */
export function OdsSection({
  label,
  highlighted,
}: {
  readonly label: string;
  readonly highlighted: string | undefined;
}) {
  const { lookup } = useExplored();
  if (!lookup.ods) return <NoOdsNames />;
  const tables = lookup.ods.tablesOf(label);
  if (tables.length === 0) return null;
  return (
    <Section id="ods" title="ODS tables" count={tables.length}>
      <p class="dim">
        Reporting views have these names and columns: SQL that reads an ODS finds them, and the paths say where their
        values come from.
      </p>
      {tables.map((rows) => (
        <OdsTableRowsView key={odsAddress(rows.table)} rows={rows} highlighted={highlighted} />
      ))}
    </Section>
  );
}

import type { ExploredEarlierTable } from '../../src/earlier-lookup.ts';
import { odsAddress, odsNameIn } from '../../src/ods-lookup.ts';
import { hrefs } from '../../src/search/search-entries.ts';
import { useExplored, useHref } from '../explored.ts';
import { NotFound, Section, ViewHeading } from '../parts/blocks.tsx';
import { LabelLink, Name, Names } from '../parts/names.tsx';
import { rowClass } from '../parts/table-blocks.tsx';
import { WideTable } from '../parts/wide-table.tsx';

/** Where a value of the earlier version is now: the column of the ODS, the resource and the paths of its documents. */
function Source({ address }: { readonly address: string }) {
  const { lookup } = useExplored();
  const href = useHref();
  const place = lookup.ods?.columnAt(address);
  const owner = place && lookup.ods?.ownerOf(place.table);
  if (!place || owner === undefined) return <Name text={address} />;
  const paths = place.table.sources.flatMap((source) => source.paths[place.column.name] ?? []);
  return (
    <>
      <a href={href(hrefs.resource(owner, address))}>
        <Name text={address} />
      </a>{' '}
      of <LabelLink label={owner} />: <Names names={[...new Set(paths)]} />
    </>
  );
}

function Columns({ table, at }: { readonly table: ExploredEarlierTable; readonly at: string | undefined }) {
  return (
    <WideTable label="Columns" head={['Column', 'Null', 'Now in']}>
      {table.columns.map(({ name, isNullable, sources }) => (
        <tr key={name} class={rowClass(name, at)}>
          <th scope="row">
            <Name text={name} /> {table.key.includes(name) && <span class="tag">key</span>}
          </th>
          <td class="null">{isNullable ? 'null' : <span class="dim">not null</span>}</td>
          <td>
            {sources.length === 0 && <span class="dim">nothing: the view has NULL, or no rows</span>}
            {sources.map((source) => (
              <div key={source}>
                <Source address={source} />
              </div>
            ))}
          </td>
        </tr>
      ))}
    </WideTable>
  );
}

/** A table of the ODS of the earlier version: where its columns are now, and what does not come back (design 21). */
export function EarlierTableView({
  address,
  at,
}: {
  readonly address: { readonly schema: string; readonly name: string };
  readonly at: string | undefined;
}) {
  const { lookup, dialect } = useExplored();
  const table = lookup.set.earlierTables?.find((each) => odsAddress(each) === odsAddress(address));
  if (!table) return <NotFound what={odsAddress(address)} />;
  const name = odsNameIn(dialect, table);
  return (
    <>
      <ViewHeading title={odsAddress(table)}>
        <p class="dim">
          A table of the ODS of the earlier version
          {name !== table.name && (
            <>
              , in PostgreSQL <Name text={name} />
            </>
          )}
          . Views of the earlier version have its names and columns.
        </p>
      </ViewHeading>
      <Section id="columns" title="Columns" count={table.columns.length}>
        <Columns table={table} at={at} />
      </Section>
      {table.losses.length > 0 && (
        <Section id="losses" title="Not given back" count={table.losses.length}>
          <ul>
            {table.losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

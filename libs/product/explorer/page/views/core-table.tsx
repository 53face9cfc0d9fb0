import type { CatalogTable } from '@dms/catalog';
import { type DbTableName, qualified } from '@dms/model';
import type { PlainTrackedTable } from '../../src/explored-set.ts';
import { explicitReason } from '../../src/sentences/index-reason.ts';
import { useExplored } from '../explored.ts';
import { Section, SqlDetails } from '../parts/blocks.tsx';
import { Name, Names, NullWords, Sentence, TableLink, TypeName } from '../parts/names.tsx';
import { rowClass, TableChanges, TableHeading, useTexts } from '../parts/table-blocks.tsx';
import { WideTable } from '../parts/wide-table.tsx';

function Columns({ table, at }: { readonly table: CatalogTable; readonly at: string | undefined }) {
  return (
    <WideTable label="Columns" head={['Column', 'Type', 'Null', 'Default']}>
      {table.columns.map((column) => (
        <tr key={column.name} class={rowClass(column.name, at)}>
          <th scope="row">
            <Name text={column.name} />
          </th>
          <td class="type">{column.type}</td>
          <td class="null">
            <NullWords isNullable={column.nullable} />
          </td>
          <td>{column.default !== null && <code>{column.default}</code>}</td>
        </tr>
      ))}
    </WideTable>
  );
}

function Keys({ table }: { readonly table: CatalogTable }) {
  const own = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
  const keys = [...own.map((key) => ({ ...key, target: null })), ...table.foreignKeys];
  return (
    <Section id="keys" title="Keys" count={keys.length}>
      <WideTable label="Keys" head={['Key', 'Columns', 'Refers to']}>
        {keys.map(({ name, columns, target }) => (
          <tr key={name}>
            <th scope="row">
              <Name text={name} />
            </th>
            <td>
              <Names names={columns} />
            </td>
            <td>
              {target && <TableLink table={{ schema: target.schema, name: target.table as DbTableName['name'] }} />}
            </td>
          </tr>
        ))}
      </WideTable>
    </Section>
  );
}

/** Why an index of a core table exists: its reason in the inventory, the foreign keys that it serves, or its columns. */
function Reason({ table, index }: { readonly table: CatalogTable; readonly index: CatalogTable['indexes'][number] }) {
  const { indexes } = useExplored().lookup.set.inventory;
  const entry = indexes.find((each) => qualified(each.table) === qualified(table) && each.name === index.name);
  if (entry) return <Sentence phrase={explicitReason(entry).sentence} />;
  const served = table.foreignKeys.filter(({ columns }) =>
    columns.every((column, position) => index.columns[position] === column),
  );
  return served.length > 0 ? (
    <>
      Serves <Names names={served.map((key) => key.name)} />.
    </>
  ) : (
    <>
      Finds rows by <Names names={index.columns} />.
    </>
  );
}

function Indexes({ table }: { readonly table: CatalogTable }) {
  return (
    <Section id="indexes" title="Indexes" count={table.indexes.length}>
      <WideTable label="Indexes" head={['Index', 'Columns', 'Why']}>
        {table.indexes.map((index) => (
          <tr key={index.name}>
            <th scope="row">
              <Name text={index.name} />
            </th>
            <td>
              <Names names={index.columns} />
            </td>
            <td class="sentence">
              <Reason table={table} index={index} />
            </td>
          </tr>
        ))}
      </WideTable>
    </Section>
  );
}

/** A table that belongs to no resource, as the catalog describes it. */
export function CoreTable({ table, at }: { readonly table: CatalogTable; readonly at: string | undefined }) {
  const texts = useTexts(table);
  const name = qualified(table);
  const tracked = useExplored().lookup.trackedTable(table);
  return (
    <>
      <TableHeading name={name}>
        {tracked ? <TrackedSentence tracked={tracked} /> : <p class="dim">A core table: every set has it.</p>}
      </TableHeading>
      <TableChanges name={name} at={at} />
      {tracked && (
        <Section id="values" title="Tracked values" count={tracked.valueColumns.length}>
          <TrackedValues tracked={tracked} />
        </Section>
      )}
      <Section id="columns" title="Columns" count={table.columns.length}>
        <Columns table={table} at={at} />
      </Section>
      <Keys table={table} />
      {table.indexes.length > 0 && <Indexes table={table} />}
      <Section id="ddl" title="DDL">
        <SqlDetails
          title="Statements that create the table and everything in it"
          text={(texts?.statements ?? []).map(({ text }) => text).join('\n')}
        />
      </Section>
    </>
  );
}

type TrackedColumn = PlainTrackedTable['valueColumns'][number];

const roleWords: Readonly<Record<TrackedColumn['role'], string>> = {
  Scalar: '',
  DescriptorNamespace: 'namespace of the descriptor',
  DescriptorCodeValue: 'code value of the descriptor',
  PersonDocumentId: 'document of the person',
};

const originWords: Readonly<Record<TrackedColumn['origins'][number], string>> = {
  Identity: 'identity',
  SecurableElement: 'authorization',
};

/** The purpose of a table of tracked changes. */
function TrackedSentence({ tracked: { sourceTable } }: { readonly tracked: PlainTrackedTable }) {
  return (
    <p>
      Gets a row when a document of <TableLink table={sourceTable} /> is deleted or gets another key, so that clients
      can follow.
    </p>
  );
}

/** The old and new values that a row of tracked changes keeps. */
function TrackedValues({ tracked }: { readonly tracked: PlainTrackedTable }) {
  return (
    <WideTable label="Tracked values" head={['JSON path', 'Before', 'After', 'Type', 'Holds', 'For']}>
      {tracked.valueColumns.map((value) => (
        <tr key={value.oldColumn}>
          <th scope="row">
            <Name text={value.sourceJsonPath} />
          </th>
          <td>
            <Name text={value.oldColumn} />
          </td>
          <td>
            <Name text={value.newColumn} />
          </td>
          <td>
            <TypeName type={value.scalarType} />
          </td>
          <td>{roleWords[value.role]}</td>
          <td>{value.origins.map((origin) => originWords[origin]).join(', ')}</td>
        </tr>
      ))}
    </WideTable>
  );
}

import { definitionOfScope, resourceLabel } from '@dms/api-schema';
import { triggerSentence, triggerWords } from '@dms/inventory';
import { type ForeignKeyConstraint, qualified, type TableConstraint } from '@dms/model';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { type ExploredTable, type ObjectAddress, ownerKey } from '../../src/model-lookup.ts';
import { indexesOfKeys, indexReason, keySupport } from '../../src/sentences/index-reason.ts';
import { type ObjectTexts, useDefinitions, useExplored } from '../explored.ts';
import { Facts, NotFound, Section, SqlDetails, useHighlighted } from '../parts/blocks.tsx';
import { GoneSentence } from '../parts/change-list.tsx';
import {
  ChangeMark,
  columnKindWords,
  LabelLink,
  Name,
  Names,
  NullWords,
  PartMark,
  ResourceLink,
  Sentence,
  TableLink,
  TypeName,
  Words,
} from '../parts/names.tsx';
import { rowClass, TableChanges, TableHeading, useTexts } from '../parts/table-blocks.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { CoreTable } from './core-table.tsx';

/** A row about a column, key, check or index of a table, with what happened to it since the earlier set. */
function PartRow({
  owned,
  name,
  at,
  children,
}: {
  readonly owned: ExploredTable;
  readonly name: string;
  readonly at: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <tr class={rowClass(name, at)}>
      <th scope="row">
        <Name text={name} /> <PartMark table={owned.table.table} part={name} />
      </th>
      {children}
    </tr>
  );
}

function Columns({ owned, at }: { readonly owned: ExploredTable; readonly at: string | undefined }) {
  const { table } = owned;
  const { changes } = useExplored();
  const definitions = useDefinitions(resourceLabel(ownerKey(owned)));
  const gone = (changes?.ofTable(qualified(table.table)) ?? []).filter(
    ({ object, mark }) => object === 'column' && mark === 'removed',
  );
  return (
    <WideTable label="Columns" head={['Column', 'Type', 'Null', 'Holds', 'JSON path', 'Remark']}>
      {table.columns.map((column) => (
        <PartRow key={column.name} owned={owned} name={column.name} at={at}>
          <td>
            <TypeName type={column.scalarType} />
          </td>
          <td class="null">
            <NullWords isNullable={column.isNullable} />
          </td>
          <td>
            {columnKindWords(column)} {column.targetResource && <ResourceLink resource={column.targetResource} />}
          </td>
          <td>{column.sourcePath !== null && <Name text={column.sourcePath} />}</td>
          <td class="sentence">
            {column.sourcePath !== null && definitions.has(column.sourcePath) && (
              <span class="definition">{definitions.get(column.sourcePath)}</span>
            )}
            {column.storage.kind === 'UnifiedAlias' && (
              <>
                <Words text="alias" /> of <Name text={column.storage.canonicalColumn} />
              </>
            )}
            {table.keyUnificationClasses.some(({ canonicalColumn }) => canonicalColumn === column.name) && (
              <Words text="canonical" />
            )}
          </td>
        </PartRow>
      ))}
      {gone.map(({ path }) => (
        <tr key={path.join('\n')} class={path[1] === at ? 'removed-row highlighted' : 'removed-row'}>
          <th scope="row">
            <Name text={path[1] ?? ''} /> <ChangeMark mark="removed" />
          </th>
          <td colSpan={5} />
        </tr>
      ))}
    </WideTable>
  );
}

function actionWords({ onDelete, onUpdate, deferrable }: ForeignKeyConstraint): string {
  const words = [
    onDelete === 'Cascade' ? 'delete cascades' : '',
    onUpdate === 'Cascade' ? 'update cascades' : '',
    deferrable ? 'checked at commit' : '',
  ].filter((word) => word !== '');
  return words.length > 0 ? words.join(', ') : 'no action';
}

function ForeignKeys({ owned, at }: { readonly owned: ExploredTable; readonly at: string | undefined }) {
  const served = useMemo(() => indexesOfKeys(owned), [owned]);
  return (
    <WideTable
      label="Foreign keys"
      head={['Foreign key', 'Columns', 'Refers to', 'Target columns', 'Actions', 'Index']}
    >
      {owned.foreignKeys.map((key) => {
        const index = served.get(key.name);
        return (
          <PartRow key={key.name} owned={owned} name={key.name} at={at}>
            <td>
              <Names names={key.columns} />
            </td>
            <td>
              <TableLink table={key.targetTable} />
            </td>
            <td>
              <Names names={key.targetColumns} />
            </td>
            <td>
              <Words text={actionWords(key)} />
            </td>
            <td>{index && <Sentence phrase={keySupport(key, index)} />}</td>
          </PartRow>
        );
      })}
    </WideTable>
  );
}

function checkWords(check: TableConstraint) {
  if (check.kind === 'AllOrNoneNullability')
    return (
      <>
        <Names names={[check.fkColumn, ...check.dependentColumns]} />: all have a value, or none
      </>
    );
  if (check.kind === 'NullOrTrue')
    return (
      <>
        <Name text={check.column} />: null or true
      </>
    );
  return null;
}

function Checks({ owned, at }: { readonly owned: ExploredTable; readonly at: string | undefined }) {
  const checks = owned.table.constraints.filter(({ kind }) => kind === 'AllOrNoneNullability' || kind === 'NullOrTrue');
  if (checks.length === 0) return null;
  return (
    <Section id="checks" title="Checks" count={checks.length}>
      <WideTable label="Checks" head={['Check', 'Says']}>
        {checks.map((check) => (
          <PartRow key={check.name} owned={owned} name={check.name} at={at}>
            <td>{checkWords(check)}</td>
          </PartRow>
        ))}
      </WideTable>
    </Section>
  );
}

function Indexes({ owned, at }: { readonly owned: ExploredTable; readonly at: string | undefined }) {
  const served = useMemo(() => indexesOfKeys(owned), [owned]);
  return (
    <WideTable label="Indexes" head={['Index', 'Columns', 'Reason', 'Why']}>
      {owned.indexes.map((index) => {
        const { label, sentence } = indexReason(owned, index, served);
        return (
          <PartRow key={index.name} owned={owned} name={index.name} at={at}>
            <td>
              <Names names={index.keyColumns} />
            </td>
            <td>{label}</td>
            <td class="sentence">
              <Sentence phrase={sentence} />
            </td>
          </PartRow>
        );
      })}
    </WideTable>
  );
}

function statementText(texts: ObjectTexts | null, kind: string, name: string): string {
  return texts?.statements.find((statement) => statement.kind === kind && statement.name === name)?.text ?? '';
}

function Triggers({
  owned,
  texts,
  at,
}: {
  readonly owned: ExploredTable;
  readonly texts: ObjectTexts | null;
  readonly at: string | undefined;
}) {
  return (
    <ul class="plain triggers">
      {owned.triggers.map((trigger) => (
        <li key={trigger.name} class={rowClass(trigger.name, at)}>
          <h3>
            <Name text={trigger.name} />{' '}
            <span class="tag">
              <Words text={triggerWords[trigger.kind].name} />
            </span>{' '}
            <PartMark table={owned.table.table} part={trigger.name} />
          </h3>
          <p>
            <Sentence phrase={triggerSentence(trigger)} />
          </p>
          <SqlDetails title="Body" text={statementText(texts, 'trigger', trigger.name)} />
        </li>
      ))}
    </ul>
  );
}

function Statements({ texts }: { readonly texts: ObjectTexts | null }) {
  const own = (texts?.statements ?? []).filter(({ kind }) => kind !== 'trigger');
  return (
    <SqlDetails
      title="Statements that create the table, its keys and indexes"
      text={own.map(({ text }) => text).join('\n')}
    />
  );
}

function Plans({ texts }: { readonly texts: ObjectTexts | null }) {
  const plans = texts?.plans;
  if (!plans) return <p class="dim">No plan reads or writes it: its rows are written by triggers.</p>;
  const entries = [
    ['Insert', plans.insert],
    ['Update', plans.update],
    ['Delete', plans.delete],
    ['Read', plans.read],
  ] as const;
  return (
    <>
      {entries.map(([title, text]) => (text === null ? null : <SqlDetails key={title} title={title} text={text} />))}
      {plans.update === null && <p class="dim">Rows are replaced, not updated.</p>}
      {plans.delete === null && <p class="dim">Rows go with their document.</p>}
    </>
  );
}

function IncomingKeys({ owned }: { readonly owned: ExploredTable }) {
  if (owned.incoming.length === 0) return <p class="dim">No table refers to it.</p>;
  return (
    <WideTable label="Tables that refer to this one" head={['Table', 'Foreign key', 'Columns', 'Actions', 'Resource']}>
      {owned.incoming.map(({ from, key }) => (
        <tr key={`${from.address.name} ${key.name}`}>
          <th scope="row">
            <TableLink table={from.table.table} detail={key.name} />
          </th>
          <td>
            <Name text={key.name} />
          </td>
          <td>
            <Names names={key.columns} />
          </td>
          <td>
            <Words text={actionWords(key)} />
          </td>
          <td>
            <ResourceLink resource={ownerKey(from)} />
          </td>
        </tr>
      ))}
    </WideTable>
  );
}

function ModelTable({ owned, at }: { readonly owned: ExploredTable; readonly at: string | undefined }) {
  const { lookup } = useExplored();
  const texts = useTexts(owned.address);
  const { table } = owned;
  const name = qualified(table.table);
  const tracked = owned.isRoot ? lookup.trackedTableOf(table.table) : undefined;
  const definition = definitionOfScope(useDefinitions(resourceLabel(ownerKey(owned))), table.jsonScope);
  const extension = [...lookup.extensions.values()].find(({ tables }) => tables.includes(owned))?.label ?? null;
  return (
    <>
      <TableHeading name={name}>
        {definition !== undefined && <p class="definition">{definition}</p>}
        <Facts
          facts={[
            ['Resource', <ResourceLink key={resourceLabel(ownerKey(owned))} resource={ownerKey(owned)} />],
            ...(extension === null ? [] : [['Extension', <LabelLink key="extension" label={extension} />] as const]),
            ['Scope', <Name text={table.jsonScope} />],
            ['Primary key', <Names names={table.key.columns.map((column) => column.name)} />],
            ...(tracked === undefined
              ? []
              : [['Tracked changes', <TableLink key="tracked" table={tracked.table} />] as const]),
            ...(owned.address.name === table.table.name
              ? []
              : [['Full name', <Name text={owned.address.name} />] as const]),
          ]}
        />
      </TableHeading>
      <TableChanges name={name} at={at} />
      <Section id="columns" title="Columns" count={table.columns.length}>
        <Columns owned={owned} at={at} />
      </Section>
      <Section id="referrers" title="Referred to by" count={owned.incoming.length}>
        <IncomingKeys owned={owned} />
      </Section>
      <Section id="keys" title="Foreign keys" count={owned.foreignKeys.length}>
        <ForeignKeys owned={owned} at={at} />
      </Section>
      <Checks owned={owned} at={at} />
      <Section id="indexes" title="Indexes" count={owned.indexes.length}>
        <Indexes owned={owned} at={at} />
      </Section>
      <Section id="triggers" title="Triggers" count={owned.triggers.length}>
        {owned.triggers.length === 0 ? <p class="dim">None.</p> : <Triggers owned={owned} texts={texts} at={at} />}
      </Section>
      <Section id="plans" title="Plans">
        <Plans texts={texts} />
      </Section>
      <Section id="ddl" title="DDL">
        <Statements texts={texts} />
      </Section>
    </>
  );
}

/** A table that only the earlier set has. */
function GoneTable({ name, at }: { readonly name: string; readonly at: string | undefined }) {
  const owner = useExplored().changes?.ownerOf(name);
  return (
    <>
      <TableHeading name={name} mark="removed">
        {owner?.includes(':') && <Facts facts={[['Resource', <LabelLink key="resource" label={owner} />]]} />}
        <GoneSentence />
      </TableHeading>
      <TableChanges name={name} at={at} />
    </>
  );
}

/** A table: columns, keys, indexes with their reasons, triggers with their effects, plans and DDL. */
export function TableView({ address, at }: { readonly address: ObjectAddress; readonly at: string | undefined }) {
  const { lookup, changes } = useExplored();
  useHighlighted(at);
  const owned = lookup.tableAt(address);
  if (owned) return <ModelTable owned={owned} at={at} />;
  const core = lookup.coreTable(address);
  if (core) return <CoreTable table={core} at={at} />;
  const name = qualified(address);
  if ((changes?.ofTable(name) ?? []).length > 0) return <GoneTable name={name} at={at} />;
  return <NotFound what={name} />;
}

import { qualified } from '@dms/model';
import { type ComponentChildren, type ComponentProps, Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ExploredTable, ObjectAddress } from '../../src/model-lookup.ts';
import { counted } from '../../src/sentences/phrase.ts';
import { type ObjectTexts, readTexts, useExplored } from '../explored.ts';
import { Facts, Section, ViewHeading } from './blocks.tsx';
import { ChangeList } from './change-list.tsx';
import { ChangeMark, Name, Names, TableLink } from './names.tsx';

/** The texts of the statements and plans of a table; null until they are read. */
export function useTexts({ schema, name }: ObjectAddress): ObjectTexts | null {
  const { position } = useExplored();
  const [texts, setTexts] = useState<ObjectTexts | null>(null);
  useEffect(() => {
    let isCurrent = true;
    readTexts(schema, name, position).then((found) => isCurrent && setTexts(found));
    return () => {
      isCurrent = false;
    };
  }, [schema, name, position]);
  return texts;
}

/** Marks the row that an address names. */
export const rowClass = (name: string, at: string | undefined) => (name === at ? 'highlighted' : undefined);

/** The heading of the view of a table, with the mark of its change since the earlier set. */
export function TableHeading({
  name,
  mark,
  children,
}: {
  readonly name: string;
  readonly mark?: ComponentProps<typeof ChangeMark>['mark'];
  readonly children: ComponentChildren;
}) {
  const { changes } = useExplored();
  const title = (
    <>
      <Name text={name} /> <ChangeMark mark={mark ?? changes?.tableMark(name)} />
    </>
  );
  return <ViewHeading title={title}>{children}</ViewHeading>;
}

/** The differences of a table from the earlier set, if there are any. */
export function TableChanges({ name, at }: { readonly name: string; readonly at: string | undefined }) {
  const own = useExplored().changes?.ofTable(name) ?? [];
  if (own.length === 0) return null;
  return (
    <Section id="changes" title="Differences" count={own.length}>
      <ChangeList changes={own} at={at} />
    </Section>
  );
}

/** The mark of a changed table, after its name. */
export function TableMark({ table: { table } }: { readonly table: ExploredTable }) {
  const { changes } = useExplored();
  const mark = changes?.tableMark(qualified(table.table));
  return mark ? (
    <>
      {' '}
      <ChangeMark mark={mark} />
    </>
  ) : null;
}

/** The tables that a table refers to, each once. */
function TargetTables({ owned }: { readonly owned: ExploredTable }) {
  const targets = new Map(owned.foreignKeys.map(({ targetTable }) => [qualified(targetTable), targetTable]));
  return (
    <>
      {[...targets].map(([name, target], index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          <TableLink table={target} />
        </Fragment>
      ))}
    </>
  );
}

function TableCard({ owned }: { readonly owned: ExploredTable }) {
  const { table, foreignKeys, indexes, triggers } = owned;
  const checks = table.constraints.filter(({ kind }) => kind === 'AllOrNoneNullability' || kind === 'NullOrTrue');
  const uniques = table.constraints.filter((constraint) => constraint.kind === 'Unique');
  return (
    <li class="card">
      <h3>
        <TableLink table={table.table} />
        <TableMark table={owned} />
      </h3>
      <Facts
        facts={[
          ['Scope', <Name text={table.jsonScope} />],
          ['Key', <Names names={table.key.columns.map(({ name }) => name)} />],
          ...uniques.map(({ name, columns }) => [`Unique`, <Names key={name} names={columns} />] as const),
          ['Refers to', <TargetTables key="targets" owned={owned} />],
          [
            'Has',
            [
              counted(table.columns.length, 'column'),
              counted(foreignKeys.length, 'foreign key'),
              ...(checks.length > 0 ? [counted(checks.length, 'check')] : []),
              counted(indexes.length, 'index', 'indexes'),
              counted(triggers.length, 'trigger'),
            ].join(', '),
          ],
        ]}
      />
    </li>
  );
}

/** Tables with their contents, each as a card. */
export function TableCards({ tables }: { readonly tables: readonly ExploredTable[] }) {
  return (
    <ul class="cards">
      {tables.map((owned) => (
        <TableCard key={`${owned.address.schema}.${owned.address.name}`} owned={owned} />
      ))}
    </ul>
  );
}

import { qualified } from '@dms/model';
import { Fragment } from 'preact';
import type { ExploredTable } from '../../src/model-lookup.ts';
import { counted } from '../../src/phrase.ts';
import { useExplored } from '../explored.ts';
import { Facts } from './blocks.tsx';
import { ChangeMark, Name, Names, TableLink } from './names.tsx';

/** What happened to a table, shown after its name. */
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

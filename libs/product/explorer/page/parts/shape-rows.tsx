import { definitionOfScope } from '@dms/api-schema';
import { lastPart } from '@dms/model';
import {
  type DocumentShape,
  type NodeFacts,
  placesBelow,
  type ShapeColumn,
  type ShapeNode,
} from '../../src/document-shape.ts';
import { hrefs } from '../../src/search/search-entries.ts';
import { useDefinitions, useExplored, useHref } from '../explored.ts';
import { Name, NullWords, PartMark, ResourceLink, Sentence, TableLink, TypeName } from './names.tsx';
import { OdsPlaces } from './ods-tables.tsx';
import { TableMark } from './table-blocks.tsx';

/** The target of a path, besides its columns. */
function PathTarget({ reference, descriptor }: Pick<NodeFacts, 'reference' | 'descriptor'>) {
  if (reference)
    return (
      <>
        refers to <ResourceLink resource={reference.targetResource} />
      </>
    );
  if (descriptor)
    return (
      <>
        descriptor <ResourceLink resource={descriptor.descriptorResource} />
      </>
    );
  return null;
}

function ColumnCells({
  label,
  entry,
  path,
  facts,
}: {
  readonly label: string;
  readonly entry: ShapeColumn;
  readonly path: string;
  readonly facts: NodeFacts;
}) {
  const { lookup } = useExplored();
  const definition = useDefinitions(label).get(path);
  const { table, column, remark } = entry;
  return (
    <>
      <td>
        <Column entry={entry} /> <PartMark table={table.table.table} part={column.name} />
      </td>
      <td>
        <TypeName type={column.scalarType} />
      </td>
      <td class="null">
        <NullWords isNullable={column.isNullable} />
      </td>
      <td class="remark">
        {column.sourcePath !== null && definition !== undefined && <span class="definition">{definition}</span>}
        {column.sourcePath !== null && <PathTarget reference={facts.reference} descriptor={facts.descriptor} />}
        {remark && (
          <span>
            {' '}
            <Sentence phrase={remark} />
          </span>
        )}
      </td>
      {lookup.ods && <td>{column.sourcePath !== null && <OdsPlaces label={label} path={column.sourcePath} />}</td>}
    </>
  );
}

function Column({ entry: { table, column } }: { readonly entry: ShapeColumn }) {
  const href = useHref();
  const isAlias = column.storage.kind === 'UnifiedAlias';
  return (
    <a class={isAlias ? 'alias' : undefined} href={href(hrefs.table(table.address, column.name))}>
      <Name text={column.name} />
    </a>
  );
}

const kindWords: Readonly<Record<NodeFacts['kind'], string>> = {
  document: 'document',
  object: 'object',
  array: 'array',
  reference: 'reference',
  descriptor: 'descriptor',
  value: '',
  extension: 'extensions',
};

/** A place of a document with its columns, and the places below it. */
export function ShapeRows({
  label,
  shape,
  node,
  depth,
  highlighted,
}: {
  readonly label: string;
  readonly shape: DocumentShape;
  readonly node: ShapeNode;
  readonly depth: number;
  readonly highlighted: string | undefined;
}) {
  const { lookup } = useExplored();
  const definition = definitionOfScope(useDefinitions(label), node.path);
  const facts = shape.factsOf(node);
  const entries = [...facts.columns, ...facts.bookkeeping];
  const rowClass = node.path === highlighted ? 'highlighted' : facts.table ? 'scope' : undefined;
  const title = (
    <th
      scope="row"
      class="path"
      title={node.path}
      style={{ paddingLeft: `${0.5 + depth * 1.1}rem` }}
      rowSpan={facts.table ? 1 : Math.max(1, entries.length)}
    >
      <Name text={lastPart(node.path)} /> {facts.isIdentity && <span class="tag">identity</span>}
      {facts.reference?.isIdentityComponent && <span class="tag">identity</span>}
      <span class="unseen"> {node.path}</span>
    </th>
  );
  return (
    <>
      {facts.table || entries.length === 0 ? (
        <tr class={rowClass}>
          {title}
          <td colSpan={lookup.ods ? 5 : 4} class="dim">
            {kindWords[facts.kind]}
            {facts.table && (
              <>
                {' in '}
                <TableLink table={facts.table.table.table} />
                <TableMark table={facts.table} />
              </>
            )}
            {definition !== undefined && depth > 0 && <span class="definition">{definition}</span>}
          </td>
        </tr>
      ) : null}
      {entries.map((entry, index) => {
        const isBookkeeping = entry.column.sourcePath === null;
        return (
          <tr key={`${entry.table.address.name}.${entry.column.name}`} class={isBookkeeping ? 'bookkeeping' : rowClass}>
            {facts.table ? <td class="path" /> : index === 0 && title}
            <ColumnCells label={label} entry={entry} path={node.path} facts={facts} />
          </tr>
        );
      })}
      {placesBelow(node).map((child) => (
        <ShapeRows
          key={child.path}
          label={label}
          shape={shape}
          node={child}
          depth={depth + 1}
          highlighted={highlighted}
        />
      ))}
    </>
  );
}

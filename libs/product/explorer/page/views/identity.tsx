import { labelledResource } from '@dms/api-schema';
import { triggerWords } from '@dms/inventory';
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { type ExploredTable, ownerKey } from '../../src/model-lookup.ts';
import { type ChangeNode, identityChangeOf } from '../../src/sentences/identity-change.ts';
import { counted } from '../../src/sentences/phrase.ts';
import { useExplored } from '../explored.ts';
import { FoldedList, NotFound, ResourceViews, Section, ViewHeading } from '../parts/blocks.tsx';
import { Name, Names, ResourceLink, TableLink, Words } from '../parts/names.tsx';

function EdgeWords({ node }: { readonly node: ChangeNode }) {
  const { edge } = node;
  if (!edge) return <>the change begins here</>;
  const columns = <Names names={edge.pairs.map(({ target }) => target)} />;
  switch (edge.kind) {
    case 'cascade':
      return (
        <>
          <strong>
            <Words text="cascade" />
          </strong>{' '}
          of <Name text={edge.key.name} /> into {columns}
        </>
      );
    case 'fallback':
      return (
        <>
          <strong>trigger</strong> <Name text={edge.trigger.name} /> copies into {columns}
        </>
      );
    case 'abstract':
      return (
        <>
          <strong>abstract identity</strong>: <Name text={edge.trigger.name} /> writes {columns}
        </>
      );
    case 'covered':
      return (
        <>
          <strong>covered</strong>: <Name text={edge.key.name} /> holds, another key updates {columns}
        </>
      );
    case 'refused':
      return (
        <>
          <strong>refused</strong> by <Name text={edge.key.name} /> while a row refers to what changes
        </>
      );
  }
}

function Effects({ node }: { readonly node: ChangeNode }) {
  const kinds = [...new Set(node.effects.map(({ kind }) => triggerWords[kind].name.toLowerCase()))];
  if (kinds.length === 0) return null;
  return (
    <span class="dim">
      {' '}
      Triggers: <Words text={kinds.join(', ')} />.
    </span>
  );
}

/** A longer list of steps, or of keys, is folded. */
const longestList = 8;

/** The words for each kind of step. */
const waysOf = {
  cascade: 'by cascade',
  fallback: 'by trigger',
  abstract: 'by abstract identity',
  covered: 'covered by another key',
} as const;

function stepWords(nodes: readonly ChangeNode[]): string {
  const ways = (Object.keys(waysOf) as (keyof typeof waysOf)[]).flatMap((kind) => {
    const count = nodes.filter(({ edge }) => edge?.kind === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${waysOf[kind]}`];
  });
  const all = `${counted(nodes.length, 'step')} from here`;
  return ways.length === 1 ? `${all}, each ${ways[0]?.replace(/^\S+ /, '')}` : `${all}: ${ways.join(', ')}`;
}

/** The steps from a table; many of them on demand, so that the way of the change can be seen before. */
function Steps({ nodes }: { readonly nodes: readonly ChangeNode[] }) {
  const steps = nodes.filter(({ edge }) => edge?.kind !== 'refused');
  if (steps.length <= longestList) return <Tree nodes={nodes} />;
  return (
    <>
      <details>
        <summary>{stepWords(steps)}</summary>
        <Tree nodes={steps} />
      </details>
      {steps.length < nodes.length && <Tree nodes={nodes.filter(({ edge }) => edge?.kind === 'refused')} />}
    </>
  );
}

function Tree({ nodes }: { readonly nodes: readonly ChangeNode[] }) {
  const refused = nodes.filter(({ edge }) => edge?.kind === 'refused');
  const others = nodes.filter(({ edge }) => edge?.kind !== 'refused');
  return (
    <ul class="tree">
      {others.map((node, index) => (
        <li key={index} class={node.edge?.kind}>
          <TableLink table={node.table.table.table} /> <span class="dim">of</span>{' '}
          <ResourceLink resource={ownerKey(node.table)} />
          {node.changesIdentity && <span class="tag">identity changes</span>}
          <div class="via">
            <EdgeWords node={node} />.
            <Effects node={node} />
            {node.isShownElsewhere && node.edge?.kind !== 'covered' && (
              <span class="dim"> What follows stands above.</span>
            )}
          </div>
          {node.children.length > 0 && <Steps nodes={node.children} />}
        </li>
      ))}
      {refused.length > 0 && (
        <li class="refused">
          <details open={refused.length < longestList}>
            <summary>
              <strong>refused</strong> while {refused.length === 1 ? 'a row refers' : 'rows refer'} to it by{' '}
              {counted(refused.length, 'key')} without a cascade
            </summary>
            <ul class="plain">
              {refused.map((node) => (
                <li key={node.edge && 'key' in node.edge ? node.edge.key.name : ''}>
                  <TableLink table={node.table.table.table} /> <span class="dim">by</span>{' '}
                  {node.edge && 'key' in node.edge && <Name text={node.edge.key.name} />}
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
    </ul>
  );
}

/** The most tables in a sentence; if there are more, it names one fewer and counts the rest. */
const namedTables = 3;

/** The names of a list that are shown at once. */
const firstListed = 12;

/** The tables that can refuse the change; the view lists the tables that the sentence only counts. */
function RefusalSentence({ tables }: { readonly tables: readonly ExploredTable[] }) {
  const named = tables.length > namedTables ? tables.slice(0, namedTables - 1) : tables;
  const rest = tables.length - named.length;
  const separator = (index: number) => (index === 0 ? '' : index === tables.length - 1 ? ' and ' : ', ');
  return (
    <>
      {named.map(({ table }, index) => (
        <Fragment key={index}>
          {separator(index)}
          <TableLink table={table.table} />
        </Fragment>
      ))}
      {rest > 0 && ` and ${counted(rest, 'more table')}`} can refuse it.
    </>
  );
}

/** Everything that a change of the identity of a resource's documents touches. */
export function IdentityView({ label }: { readonly label: string }) {
  const { lookup } = useExplored();
  const change = useMemo(() => identityChangeOf(lookup, label), [lookup, label]);
  if (!change) return <NotFound what={label} />;
  const { tables, resources, referentialIds, refusingTables } = change;
  const others = tables.length - 1;
  const storesIds = lookup.set.inventory.triggers.some(({ kind }) => kind === 'ReferentialIdentityMaintenance');
  return (
    <>
      <ViewHeading title={`Identity change of ${label.slice(label.indexOf(':') + 1)}`}>
        <ResourceViews label={label} current="identity" />
      </ViewHeading>
      <p class="lead">
        Touches up to <strong>{counted(tables.length, 'table')}</strong> of {counted(resources.length, 'resource')}: its
        own
        {others > 0 && ` and ${others} more`}.{' '}
        {storesIds && (
          <>
            {counted(referentialIds.length, 'resource')} {referentialIds.length === 1 ? 'gets' : 'get'} new{' '}
            <Words text="referential ids" />.{' '}
          </>
        )}
        Every document written gets a new version.
        {refusingTables.length > 0 && ' '}
        {refusingTables.length > 0 && <RefusalSentence tables={refusingTables} />}
      </p>
      <Section id="tree" title="Where the change goes">
        <Tree nodes={[change.root]} />
      </Section>
      {refusingTables.length > namedTables && (
        <Section id="refusals" title="Tables that can refuse it" count={refusingTables.length}>
          <FoldedList
            kind="resources"
            first={firstListed}
            entries={refusingTables.map(({ table, address }) => (
              <TableLink key={`${address.schema}.${address.name}`} table={table.table} />
            ))}
          />
        </Section>
      )}
      {storesIds && (
        <Section id="ids" title="New referential ids" count={referentialIds.length}>
          <FoldedList
            kind="resources"
            first={firstListed}
            entries={referentialIds.map((each) => <ResourceLink key={each} resource={labelledResource(each)} />)}
          />
        </Section>
      )}
    </>
  );
}

import { resourceLabel } from '@dms/api-schema';
import { type ForeignKeyConstraint, qualified } from '@dms/model';
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { documentShape } from '../../src/document-shape.ts';
import type { PlainReference } from '../../src/explored-set.ts';
import type { ExploredResource, ExploredTable } from '../../src/model-lookup.ts';
import { useDefinitions, useExplored } from '../explored.ts';
import { NotFound, ResourceViews, Section, useHighlighted } from '../parts/blocks.tsx';
import { LabelLink, Name, Names, ResourceLink, TableLink, TypeName, Words } from '../parts/names.tsx';
import { OdsSection } from '../parts/ods-tables.tsx';
import { ShapeRows } from '../parts/shape-rows.tsx';
import { TableCards } from '../parts/table-blocks.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { ExtensionView, GoneResource, ResourceChanges, ResourceHeading } from './extension.tsx';

function TablesSection({ entry }: { readonly entry: ExploredResource }) {
  const { lookup } = useExplored();
  const tables = lookup.tablesOf(entry);
  return (
    <Section id="tables" title="Tables" count={tables.length}>
      <TableCards tables={tables} />
    </Section>
  );
}

function keyOf(owned: ExploredTable | undefined, binding: PlainReference): ForeignKeyConstraint | undefined {
  return owned?.foreignKeys.find(({ columns }) => columns[0] === binding.fkColumn);
}

/** The effect of a change of the target's identity on a reference. */
function UpdateWords({ binding }: { readonly binding: PlainReference }) {
  const { lookup } = useExplored();
  const key = keyOf(lookup.table(binding.table), binding);
  return <>{key?.onUpdate === 'Cascade' ? <Words text="cascades" /> : <span class="dim">no action</span>}</>;
}

function Referrers({ label }: { readonly label: string }) {
  const { lookup } = useExplored();
  const referrers = lookup.referrers.get(label) ?? [];
  const uses = lookup.descriptorUses.get(label) ?? [];
  if (referrers.length + uses.length === 0) return <p class="dim">Nothing refers to it.</p>;
  return (
    <WideTable label={`References to ${label}`} head={['Resource', 'Path', 'Table', 'Identity', 'On update']}>
      {referrers.map(({ resource, binding }) => (
        <tr key={`${resourceLabel(resource.resourceKey)} ${binding.referenceObjectPath}`}>
          <th scope="row">
            <ResourceLink resource={resource.resourceKey} />
          </th>
          <td>
            <Name text={binding.referenceObjectPath} />
          </td>
          <td>
            <TableLink table={binding.table} detail={binding.fkColumn} />
          </td>
          <td>{binding.isIdentityComponent ? 'part of identity' : ''}</td>
          <td>
            <UpdateWords binding={binding} />
          </td>
        </tr>
      ))}
      {uses.map(({ resource, path, table }) => (
        <tr key={`${resourceLabel(resource.resourceKey)} ${path}`}>
          <th scope="row">
            <ResourceLink resource={resource.resourceKey} />
          </th>
          <td>
            <Name text={path} />
          </td>
          <td>
            <TableLink table={table} />
          </td>
          <td />
          <td />
        </tr>
      ))}
    </WideTable>
  );
}

function ReferrersSection({ label }: { readonly label: string }) {
  const { lookup } = useExplored();
  return (
    <Section id="referrers" title="Referred to by" count={(lookup.referrers.get(label) ?? []).length}>
      <Referrers label={label} />
    </Section>
  );
}

function OutgoingReferences({ bindings }: { readonly bindings: readonly PlainReference[] }) {
  return (
    <WideTable label="References to other resources" head={['Path', 'Resource', 'Columns', 'Identity', 'On update']}>
      {bindings.map((binding) => (
        <tr key={binding.referenceObjectPath}>
          <th scope="row">
            <Name text={binding.referenceObjectPath} />
          </th>
          <td>
            <ResourceLink resource={binding.targetResource} />
          </td>
          <td>
            <Names names={[binding.fkColumn, ...binding.identityBindings.map(({ column }) => column)]} />
          </td>
          <td>{binding.isIdentityComponent ? 'part of identity' : ''}</td>
          <td>
            <UpdateWords binding={binding} />
          </td>
        </tr>
      ))}
    </WideTable>
  );
}

function Identity({ resource }: { readonly resource: Extract<ExploredResource, { kind: 'concrete' }>['resource'] }) {
  return (
    <>
      <WideTable label="Paths of the identity" head={['Path', 'Column', 'Type']}>
        {resource.identityElements.map((element) => (
          <tr key={element.identityJsonPath}>
            <th scope="row">
              <Name text={element.identityJsonPath} />
            </th>
            <td>
              <Name text={element.column} />
            </td>
            <td>{element.isDescriptor ? 'descriptor' : <TypeName type={element.scalarType} />}</td>
          </tr>
        ))}
      </WideTable>
      {resource.naturalKey.columns.length > 0 && (
        <p class="dim">
          Unique as <Names names={resource.naturalKey.columns} />.
        </p>
      )}
    </>
  );
}

function ConcreteResource({
  entry,
  path,
}: {
  readonly entry: Extract<ExploredResource, { kind: 'concrete' }>;
  readonly path: string | undefined;
}) {
  const { lookup } = useExplored();
  const { resource, label } = entry;
  const shape = useMemo(() => documentShape(lookup, resource), [lookup, resource]);
  return (
    <>
      <Section id="document" title="Document">
        <WideTable
          kind="document"
          label="JSON paths and their columns"
          head={['JSON path', 'Column', 'Type', 'Null', 'Remark', ...(lookup.ods ? ['ODS'] : [])]}
        >
          <ShapeRows label={label} shape={shape} node={shape.root} depth={0} highlighted={path} />
        </WideTable>
      </Section>
      <Section id="identity" title="Identity">
        <Identity resource={resource} />
      </Section>
      <ReferrersSection label={label} />
      {resource.documentReferenceBindings.length > 0 && (
        <Section id="references" title="Refers to" count={resource.documentReferenceBindings.length}>
          <OutgoingReferences bindings={resource.documentReferenceBindings} />
        </Section>
      )}
      <TablesSection entry={entry} />
    </>
  );
}

function AbstractResource({ entry }: { readonly entry: Extract<ExploredResource, { kind: 'abstract' }> }) {
  const { lookup } = useExplored();
  const members = lookup.members.get(entry.label) ?? [];
  return (
    <>
      <p>
        An abstract resource: its members are documents of their own; their common identity stands in{' '}
        <TableLink table={entry.abstract.table.table} />
        {entry.view && (
          <>
            , and the view <Name text={qualified(entry.view.view)} /> shows them together
          </>
        )}
        .
      </p>
      <Section id="members" title="Members" count={members.length}>
        <ul class="resources">
          {members.map(({ resourceKey }) => (
            <li key={resourceLabel(resourceKey)}>
              <ResourceLink resource={resourceKey} />
            </li>
          ))}
        </ul>
      </Section>
      <ReferrersSection label={entry.label} />
      <TablesSection entry={entry} />
    </>
  );
}

function DescriptorResource({ label }: { readonly label: string }) {
  const { lookup } = useExplored();
  return (
    <>
      <p>
        A descriptor: its documents are rows of <TableLink table={{ schema: 'dms', name: 'Descriptor' } as never} />,
        told apart by their resource key.
      </p>
      <Section id="referrers" title="Named by" count={(lookup.descriptorUses.get(label) ?? []).length}>
        <Referrers label={label} />
      </Section>
    </>
  );
}

/** The extensions of a resource, in the line below its name. */
function ExtendedBy({ label }: { readonly label: string }) {
  const { lookup } = useExplored();
  const extensions = [...lookup.extensions.values()].filter(({ base }) => base.label === label);
  if (extensions.length === 0) return null;
  return (
    <>
      {' · extended by '}
      {extensions.map((extension, index) => (
        <Fragment key={extension.label}>
          {index > 0 && ', '}
          <LabelLink label={extension.label} />
        </Fragment>
      ))}
    </>
  );
}

/** A resource: where its documents are stored, what identifies them, who refers to it. */
function PresentResource({ entry, path }: { readonly entry: ExploredResource; readonly path: string | undefined }) {
  const { changes } = useExplored();
  useHighlighted(path);
  const { label } = entry;
  const definition = useDefinitions(label).get('$');
  const ownChanges = changes?.ofResource(label) ?? [];
  const key = entry.kind === 'abstract' ? entry.abstract.resourceKey : entry.resource.resourceKey;
  const superclass = entry.kind === 'abstract' ? null : entry.resource.superclass;
  return (
    <>
      <ResourceHeading label={label}>
        <p class="dim">
          {key.projectName} · version {key.resourceVersion} · resource key {key.id}
          {superclass && (
            <>
              {' · member of '}
              <ResourceLink resource={superclass.resource} />
            </>
          )}
          <ExtendedBy label={label} />
        </p>
        {definition !== undefined && <p class="definition">{definition}</p>}
        {entry.kind !== 'descriptor' && <ResourceViews label={label} current="resource" />}
      </ResourceHeading>
      <ResourceChanges changes={ownChanges} />
      {entry.kind === 'concrete' && <ConcreteResource entry={entry} path={path} />}
      {entry.kind === 'abstract' && <AbstractResource entry={entry} />}
      {entry.kind === 'descriptor' && <DescriptorResource label={label} />}
      <OdsSection label={label} highlighted={path} />
    </>
  );
}

/** A resource of the set, an extension, or a removed resource. */
export function ResourceView({ label, path }: { readonly label: string; readonly path: string | undefined }) {
  const { lookup, changes } = useExplored();
  const entry = lookup.resourceByLabel.get(label);
  if (entry) return <PresentResource entry={entry} path={path} />;
  const extension = lookup.extensions.get(label);
  if (extension) return <ExtensionView extension={extension} />;
  if (changes?.resourceMark(label) === 'removed') return <GoneResource label={label} />;
  return <NotFound what={label} />;
}

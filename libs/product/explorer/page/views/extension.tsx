import { labelledResource } from '@dms/api-schema';
import type { ImpactChange } from '@dms/upgrade';
import type { ComponentChildren } from 'preact';
import type { ResourceExtension } from '../../src/model-lookup.ts';
import { useExplored } from '../explored.ts';
import { Section, ViewHeading } from '../parts/blocks.tsx';
import { ChangeList, GoneSentence } from '../parts/change-list.tsx';
import { ChangeMark, LabelLink, Name } from '../parts/names.tsx';
import { TableCards } from '../parts/table-blocks.tsx';

/** The name of a resource with what happened to it. */
export function ResourceHeading({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const { changes } = useExplored();
  return (
    <ViewHeading
      title={
        <>
          {labelledResource(label).resourceName} <ChangeMark mark={changes?.resourceMark(label)} />
        </>
      }
    >
      {children}
    </ViewHeading>
  );
}

export function ResourceChanges({ changes }: { readonly changes: readonly ImpactChange[] }) {
  if (changes.length === 0) return null;
  return (
    <Section id="changes" title="Differences" count={changes.length}>
      <ChangeList changes={changes} />
    </Section>
  );
}

/** The objects below `_ext` with the members that an extension adds. */
function placesOf({ tables }: ResourceExtension): string[] {
  return [...new Set(tables.flatMap(({ table }) => /^.*?\._ext\.[^.]+/.exec(table.jsonScope)?.[0] ?? []))];
}

/** The additions of an extension project to a resource of another project. */
export function ExtensionView({ extension }: { readonly extension: ResourceExtension }) {
  const { changes } = useExplored();
  const { label, base, tables } = extension;
  return (
    <>
      <ResourceHeading label={label}>
        <p class="dim">
          {labelledResource(label).projectName} · extends <LabelLink label={base.label} />
        </p>
      </ResourceHeading>
      <p>
        What it adds stands in the documents of <LabelLink label={base.label} />, below{' '}
        {placesOf(extension).map((path, index) => (
          <>
            {index > 0 && ', '}
            <LabelLink label={base.label} path={path}>
              <Name text={path} />
            </LabelLink>
          </>
        ))}
        .
      </p>
      <Section id="tables" title="Extension tables" count={tables.length}>
        <TableCards tables={tables} />
      </Section>
      <ResourceChanges changes={changes?.ofResource(label) ?? []} />
    </>
  );
}

/** A resource or an extension that only the earlier set has. */
export function GoneResource({ label }: { readonly label: string }) {
  const { changes } = useExplored();
  const base = changes?.formerlyExtended(label) ?? null;
  return (
    <>
      <ResourceHeading label={label}>
        <p class="dim">
          {labelledResource(label).projectName}
          {base !== null && (
            <>
              {' · extended '}
              <LabelLink label={base} />
            </>
          )}
        </p>
        <GoneSentence />
      </ResourceHeading>
      <ResourceChanges changes={changes?.ofResource(label) ?? []} />
    </>
  );
}

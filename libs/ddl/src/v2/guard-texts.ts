import { core, qualified } from '@dms/model';
/** What to do with a database that lost the rows that a server binds its state to (design 16 §5.1). */
export const recreate = 'Drop and recreate the database.';

const trace = (kind: 'column' | 'relation', name: string, what: string) => ({
  kind,
  name,
  text: `${what} is of another layout of schema dms. ${recreate}`,
});

/** Traces of another layout, in the order in which they are checked (design 16 §5.1). */
export const layoutTraces = [
  trace('column', 'Etag', `The column ${qualified(core.documentCache)}.Etag`),
  trace('relation', 'UX_DocumentCache_DocumentUuid', 'The constraint UX_DocumentCache_DocumentUuid'),
  trace(
    'relation',
    'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
    'The index IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
  ),
] as const;

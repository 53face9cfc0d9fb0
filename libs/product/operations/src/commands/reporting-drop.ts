import { changing, connected, type DroppedViews } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { dropViews, hasViewsDatabase } from '@dms/ods';
import { databaseOperation } from '../declaring/operation.ts';
import { flag, related, writtenOption } from '../declaring/option.ts';
import { setInDatabases } from '../declaring/subject.ts';
import {
  earlierDatabase,
  earlierTarget,
  sharedViews,
  type ViewsDatabaseOptions,
  viewsDatabase,
  viewsTarget,
  viewsText,
} from './reporting-options.ts';

/**
 * Refuses `--earlier` alone on SQL Server, where each kind of views has its own database and only the option names that of
 * the earlier version.
 */
function expectEarlierDatabase({
  earlier = false,
  earlierDatabase: named,
}: ViewsDatabaseOptions & {
  readonly earlier?: boolean | undefined;
}): void {
  const option = writtenOption('earlierDatabase', earlierDatabase);
  if (!earlier || named !== undefined) return;
  const text = `On SQL Server --earlier needs ${option}: the name of the database that has the views.`;
  fail('OPTION_MISSING', text, {}, { options: [option] });
}

/** What was removed, as a result: the table of descriptors, and a second one if both layers had one. */
function droppedValue({ views, descriptorTables: [descriptorTable, ...others] }: DroppedViews) {
  return {
    views,
    descriptorTable: descriptorTable ?? null,
    ...(others.length === 0 ? {} : { otherDescriptorTables: others }),
  };
}

const dropOptions = {
  earlier: flag('remove the views of the earlier version, and leave those of the set', {
    conflicts: ['withEarlier'],
  }),
  withEarlier: flag('remove the views of the earlier version too', {
    onlyOn: {
      dialect: 'pgsql',
      elsewhere: `the views of the earlier version are in a database of their own; remove them with --earlier and ${writtenOption('earlierDatabase', earlierDatabase)}`,
    },
  }),
  viewsDatabase,
  ...related({ earlierDatabase }, { conflicts: ['withEarlier'] }),
};

/**
 * Removes the views of an ODS from a database, whatever schema set it has (design 19 §8). Throws
 * `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED` and `DB_*`.
 */
export const dropReporting = databaseOperation({
  name: 'reporting drop',
  group: 'ods',
  summary: 'remove the views from a database',
  description:
    'Removes all views that reporting apply made, and its table of descriptors, in one transaction, whatever schema set they are of. ' +
    'Fails if others have made something on top of them, and names it. Views of an earlier version stand on those of the set: --earlier ' +
    'removes them alone, --with-earlier both.',
  examples: ['reporting drop --connection-env CAMPUS_DB', 'reporting drop --connection-env CAMPUS_DB --with-earlier'],
  worksOn: { ...setInDatabases(), source: 'possibleSet' },
  options: dropOptions,
  checkDatabases: sharedViews,
  async run({ target, dialect }, { options }, context) {
    const { signal, onWaiting } = context;
    const { earlier = false, withEarlier = false } = options;
    if (hasViewsDatabase(dialect)) expectEarlierDatabase(options);
    const place =
      options.earlierDatabase === undefined
        ? viewsTarget(target, options.viewsDatabase)
        : earlierTarget(target, options.earlierDatabase);
    const layers = withEarlier ? undefined : [earlier ? ('earlier' as const) : ('own' as const)];
    const dropped = await connected(place, context, (connection) =>
      changing(() => dropViews(connection, { layers, signal, onWaiting })),
    );
    return { dialect, ...dropped, diagnostics: [] };
  },
  lines: ({ views, descriptorTables }) => [
    views + descriptorTables.length === 0
      ? 'The database has no reporting views'
      : `Dropped ${viewsText(views, descriptorTables)}`,
  ],
  value: ({ dialect, ...dropped }) => ({ dialect, ...droppedValue(dropped) }),
  entry: ({ views, descriptorTables }) => ({
    outcome: views + descriptorTables.length === 0 ? 'without views' : 'dropped',
    detail: viewsText(views, descriptorTables),
    value: droppedValue({ views, descriptorTables }),
  }),
});

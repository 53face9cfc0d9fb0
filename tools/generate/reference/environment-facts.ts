/** An environment variable that the product reads. */
interface EnvironmentFacts {
  /** The program or library that reads it. */
  readonly reader: string;
  readonly does: string;
  /** The file that interprets its value. */
  readonly file: string;
}

const terminal = 'libs/product/cli/src/terminal.ts';
const printer = 'libs/product/cli/src/output/printer.ts';
const folders = 'libs/base/files/src/temporary-folder.ts';
const shapes = 'libs/product/operations/src/build-steps/known-shapes-file.ts';
const generator = 'plugins/nx-dms/src/generators/mapping-set.ts';

/** The variables that the product reads by a fixed name. `reference.spec.ts` finds missing ones. */
export const environmentFacts: Readonly<Record<string, EnvironmentFacts>> = {
  NO_COLOR: { reader: '`dms-ddl`', does: 'Any text: no colours, whatever `FORCE_COLOR` says.', file: printer },
  FORCE_COLOR: {
    reader: '`dms-ddl`',
    does: 'Colours also where there is no terminal; `0` and `false`: no colours.',
    file: printer,
  },
  TERM: { reader: '`dms-ddl`', does: '`dumb`: codes of diagnostics are not links.', file: printer },
  CI: {
    reader: '`dms-ddl`, generators',
    does: 'Any value but `false`: nobody is asked for what options lack.',
    file: terminal,
  },
  NX_INTERACTIVE: { reader: 'generators', does: '`false`: nobody is asked for what options lack.', file: generator },
  NX_CACHE_PROJECT_GRAPH: {
    reader: 'the plugin',
    does: '`false`: Nx starts no process for a target of the plugin, whose run is `TASK_GRAPH_NOT_KEPT`. In a run that also asks for other targets, these run, and the tasks of the plugin end with the message of Nx, `No cached ProjectGraph is available`, unless an earlier run has left a graph.',
    file: 'plugins/nx-dms/src/asked-targets.ts',
  },
  XDG_CACHE_HOME: {
    reader: '`verify`, `verify-db`',
    does: 'The folder below which known shapes are kept; `~/.cache` by default.',
    file: shapes,
  },
  LOCALAPPDATA: { reader: 'the same', does: 'On Windows the same folder.', file: shapes },
  TMPDIR: {
    reader: 'everything that makes a temporary folder',
    does: 'The folder for temporary files; then `TMP` and `TEMP` count. On Windows these two alone count, `TEMP` first.',
    file: folders,
  },
  TMP: { reader: 'the same', does: 'See `TMPDIR`.', file: folders },
  TEMP: { reader: 'the same', does: 'See `TMPDIR`.', file: folders },
  DOCKER_HOST: {
    reader: 'what can start a SQL Server in a container: `verify`, `doctor`',
    does: 'Where Docker answers, if not at its usual socket.',
    file: 'libs/data/databases/src/engines/throw-away-server.ts',
  },
  ...Object.fromEntries(
    [
      ['PGHOST', 'The server that a connection to PostgreSQL does not name.'],
      ['PGPORT', 'Likewise its port.'],
      ['PGDATABASE', 'Likewise the database.'],
      ['PGUSER', 'Likewise the user.'],
      ['PGPASSWORD', 'Likewise the password.'],
      ['PGPASSFILE', 'The password file; `~/.pgpass` by default. It counts where nothing else names a password.'],
      ['PGSERVICE', 'A service, whose settings count before the other variables.'],
      ['PGSERVICEFILE', 'The file with the services; `~/.pg_service.conf` by default.'],
      ['PGSYSCONFDIR', 'A folder whose `pg_service.conf` has the services that the other file lacks.'],
      ['PGSSLMODE', 'The `sslmode` that a connection lacks; `allow` and `prefer` have no effect.'],
      [
        'PGSSLROOTCERT',
        'Likewise `sslrootcert`; `~/.postgresql/root.crt` by default, where certificates are verified.',
      ],
      ['PGCONNECT_TIMEOUT', 'Likewise `connect_timeout`.'],
      ['PGAPPNAME', 'Likewise `application_name`.'],
    ].map(([name = '', does = '']) => [
      name,
      {
        reader: 'connections to PostgreSQL',
        does,
        file: 'libs/data/databases/src/addressing/libpq-places.ts',
      },
    ]),
  ),
  HOME: {
    reader: 'the same',
    does: 'The folder of these files; on Windows it is `%APPDATA%\\postgresql`.',
    file: 'libs/data/databases/src/addressing/libpq-places.ts',
  },
  APPDATA: { reader: 'the same', does: 'See `HOME`.', file: 'libs/data/databases/src/addressing/libpq-places.ts' },
  DMS_VALIDATE_MODEL: {
    reader: 'what derives a model',
    does: '`1`: the invariants of each derived model are checked.',
    file: 'libs/compiler/derivation/src/derive-model.ts',
  },
  DMS_SCHEMA_CHECK_SECONDS: {
    reader: 'what checks documents against JSON schemas: `load`, `check --data`, upgrades, `read-ods`',
    does: 'Seconds for the check of one document, if its schema may be slow; 1 by default. A batch has five times as many.',
    file: 'libs/data/documents/src/checking/schema-check.ts',
  },
  NX_DMS_TRACE: {
    reader: 'executors',
    does: 'A file to which each executed task appends `project:target`; for tests.',
    file: 'plugins/nx-dms/src/executors/task.ts',
  },
};

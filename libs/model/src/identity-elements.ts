import type { JsonPath } from '@dms/api-schema';
import { type DiagnosticCode, fail } from '@dms/diagnostics';
import type { ColumnKind } from './model.ts';

/** The facts about a resource that decide its identity columns; names are full-length. */
export interface IdentityFacts<Column extends { readonly name: string; readonly kind: ColumnKind }> {
  readonly label: string;
  readonly identityJsonPaths: readonly JsonPath[];
  /** Root columns with that source path, ordered by full name. */
  rootColumnsAt(path: string): readonly Column[];
  /** References of the resource that bind the path, each with the column of its first identity binding for it. */
  bindingsAt(path: string): readonly {
    readonly isOnRoot: boolean;
    readonly isIdentityComponent: boolean;
    readonly column: Column | undefined;
  }[];
}

/**
 * The root column of each identity path, in schema order (design 05 §4.1): for a part of a reference the column of its first
 * identity binding, otherwise the column of the path. Throws `IDENTITY_NOT_ON_ROOT`, `IDENTITY_PATH_AMBIGUOUS`,
 * `SOURCE_PATH_KINDS`, `TRG_IDENTITY_REF_*`.
 */
export function identityColumns<Column extends { readonly name: string; readonly kind: ColumnKind }>(
  facts: IdentityFacts<Column>,
): { readonly path: JsonPath; readonly column: Column }[] {
  const report = (code: DiagnosticCode, path: string, text: string): never =>
    fail(
      code,
      `${facts.label}: the identity path ${path} ${text}.`,
      { resource: facts.label, path },
      { resource: facts.label, path },
    );
  return facts.identityJsonPaths.map((path) => {
    const { canonical } = path;
    const [binding, ...others] = facts.bindingsAt(canonical);
    if (others.length > 0) report('IDENTITY_PATH_AMBIGUOUS', canonical, 'is bound by two references');
    if (binding) {
      if (!binding.isOnRoot) report('IDENTITY_NOT_ON_ROOT', canonical, 'belongs to a reference outside the root table');
      if (!binding.isIdentityComponent)
        report('TRG_IDENTITY_REF_NOT_COMPONENT', canonical, 'belongs to a reference that is not part of the identity');
      return {
        path,
        column: binding.column ?? report('TRG_IDENTITY_REF_EMPTY', canonical, 'is bound to no column of the root table'),
      };
    }
    const columns = facts.rootColumnsAt(canonical);
    const [column] = columns;
    if (!column) return { path, column: report('IDENTITY_NOT_ON_ROOT', canonical, 'has no column in the root table') };
    if (columns.some(({ kind }) => kind !== column.kind)) {
      const kinds = columns.map(({ name, kind }) => `${name} (${kind})`).join(', ');
      report('SOURCE_PATH_KINDS', canonical, `feeds columns of different kinds: ${kinds}`);
    }
    return { path, column };
  });
}

import type { ColumnKind, ReferentialAction, TableIdentity, TableKind } from '@dms/model';
import type {
  ConstraintMeaning,
  DescriptorTarget,
  NaturalKeyProbeTarget,
  NaturalKeysDescription,
  QueryFieldFailure,
  QueryOmission,
  TextForm,
} from '@dms/plans';
import { kindFacts, ofKinds, type SqlDialect } from '@dms/sql';
import * as format from './pack-format.ts';

/** Maps between the words of the model and their numbers in a pack. */
export interface Tokens<Token extends string> {
  code(token: Token): number;
  /** Undefined if this version does not know the number. */
  token(code: number): Token | undefined;
}

function tokens<const Token extends string>(codes: Readonly<Record<Token, number>>): Tokens<Token> {
  const byCode = new Map(Object.entries<number>(codes).map(([token, code]) => [code, token as Token]));
  return { code: (token) => codes[token], token: (code) => byCode.get(code) };
}

/** The mapping without the words for which `isKnown` is false. */
export function restrictedTokens<Token extends string>(
  all: Tokens<Token>,
  isKnown: (token: Token) => boolean,
): Tokens<Token> {
  return {
    code: all.code,
    token: (code) => {
      const token = all.token(code);
      return token !== undefined && isKnown(token) ? token : undefined;
    },
  };
}

export const dialectTokens = tokens<SqlDialect>({ pgsql: format.sqlDialect.pgsql, mssql: format.sqlDialect.mssql });

export const columnKindTokens = tokens<ColumnKind>({
  Scalar: format.columnKind.scalar,
  DocumentFk: format.columnKind.documentFk,
  DescriptorFk: format.columnKind.descriptorFk,
  Ordinal: format.columnKind.ordinal,
  ParentKeyPart: format.columnKind.parentKeyPart,
  CollectionKey: format.columnKind.collectionKey,
  MirroredContentVersion: format.columnKind.mirroredContentVersion,
  MirroredContentLastModifiedAt: format.columnKind.mirroredContentLastModifiedAt,
  ResourceKeyId: format.columnKind.resourceKeyId,
});

export const scalarKindTokens = tokens(ofKinds((kind) => format.scalarKind[kindFacts[kind].packName]));

export const actionTokens = tokens<ReferentialAction>({
  NoAction: format.referentialAction.noAction,
  Cascade: format.referentialAction.cascade,
});

/** The kinds of tables in a pack; only tables of abstract resources have no kind. */
export const tableKindTokens = tokens<Exclude<TableKind, 'Unspecified'>>({
  Root: format.tableKind.root,
  Collection: format.tableKind.collection,
  RootExtension: format.tableKind.rootExtension,
  CollectionExtensionScope: format.tableKind.collectionExtensionScope,
  ExtensionCollection: format.tableKind.extensionCollection,
});

export const identitySourceTokens = tokens<TableIdentity['semanticIdentitySource']>({
  Unspecified: format.semanticIdentitySource.unspecified,
  ArrayUniquenessConstraint: format.semanticIdentitySource.arrayUniquenessConstraint,
  ReferenceFallback: format.semanticIdentitySource.referenceFallback,
});

export const omissionTokens = tokens<QueryOmission>({
  unsupported_query_fields: format.queryOmissionKind.unsupportedQueryFields,
  descriptor_resource: format.queryOmissionKind.descriptorResource,
  api_schema_mismatch: format.queryOmissionKind.apiSchemaMismatch,
});

export const failureTokens = tokens<QueryFieldFailure>({
  multi_path: format.queryFieldFailure.multiPath,
  array_crossing: format.queryFieldFailure.arrayCrossing,
  non_root_table: format.queryFieldFailure.nonRootTable,
  unmapped_path: format.queryFieldFailure.unmappedPath,
  ambiguous_root_target: format.queryFieldFailure.ambiguousRootTarget,
});

export const descriptorTargetTokens = tokens<DescriptorTarget>({
  document_uuid: format.descriptorQueryTarget.documentUuid,
  namespace: format.descriptorQueryTarget.namespace,
  code_value: format.descriptorQueryTarget.codeValue,
  short_description: format.descriptorQueryTarget.shortDescription,
  description: format.descriptorQueryTarget.description,
  effective_begin_date: format.descriptorQueryTarget.effectiveBeginDate,
  effective_end_date: format.descriptorQueryTarget.effectiveEndDate,
});

export const textFormTokens = tokens<TextForm>({
  text: format.textForm.text,
  integer: format.textForm.integer,
  decimal: format.textForm.decimal,
  boolean: format.textForm.boolean,
  date: format.textForm.date,
  dateTime: format.textForm.dateTime,
  time: format.textForm.time,
  descriptor: format.textForm.descriptor,
});

export const probeKindTokens = tokens<NaturalKeyProbeTarget['kind']>({
  concrete: format.probeTargetKind.concrete,
  abstract: format.probeTargetKind.abstract,
});

export const textEqualityTokens = tokens<NaturalKeysDescription['textEquality']>({
  exact: format.textEquality.exact,
  ignoreCase: format.textEquality.ignoreCase,
});

export const meaningTokens = tokens<ConstraintMeaning['meaning']>({
  identity: format.constraintMeaningKind.identity,
  element: format.constraintMeaningKind.element,
  reference: format.constraintMeaningKind.reference,
  descriptor: format.constraintMeaningKind.descriptor,
});

export {
  collectDefinitions,
  definitionOf,
  definitionOfScope,
  schemaParts,
} from './definitions.ts';
export {
  type DocumentSchemas,
  documentSchemas,
  documentSchemasText,
  ignoredAtRoot,
  ignoredInReference,
  keywordsLeftOut,
  readDocumentSchemas,
} from './document-schemas.ts';
export { everyItem, pathSteps, valueAt, valuesAt } from './document-values.ts';
export {
  buildEffectiveSchema,
  type ExaminedSchemaSet,
  examineSchemaSet,
} from './effective-schema/build-effective-schema.ts';
export {
  byResource,
  type EffectiveProject,
  type EffectiveSchemaInfo,
  type EffectiveSchemaSet,
  labelledResource,
  type ResourceKeyEntry,
  resourceLabel,
} from './effective-schema/effective-schema.ts';
export {
  type EffectiveSchemaManifest,
  effectiveSchemaManifestText,
  readEffectiveSchemaManifest,
  type StoredEffectiveSchema,
  storedEffectiveSchema,
  withGeneration,
} from './effective-schema/effective-schema-manifest.ts';
export {
  assembleEffectiveSchema,
  effectiveSchemaHash,
  setOfGeneration,
} from './effective-schema/effective-schema-set.ts';
export { resourceKeyLimit, resourceKeySeedHash } from './effective-schema/resource-keys.ts';
export {
  abstractResourceSchema,
  type DocumentPathEntry,
  type FormatFinding,
  findingText,
  queryFieldPaths,
  type ResourceSchema,
  readDocumentPathEntry,
  readFormat,
  readReferencePathPair,
  resourceSchema,
  securedResourceSchema,
} from './format.ts';
export {
  arrayDepth,
  arrayScope,
  childPath,
  compileJsonPath,
  concatPaths,
  elementPath,
  isBelow,
  isExtensionScoped,
  isPathName,
  isPathPrefix,
  isWithin,
  type JsonPath,
  type JsonPathSegment,
  type PlainPath,
  parentPath,
  parseJsonPath,
  pathOf,
  propertyNames,
  rootPath,
  stripExtensionPrefix,
} from './json-path.ts';
export { convertLegacySchema } from './legacy-format/convert.ts';
export { type ShippedFacts, withShippedFacts } from './legacy-format/shipped-facts.ts';
export {
  type ApiSchemaDocument,
  type ApiSchemaFile,
  coreFirst,
  loadApiSchemaFile,
  loadApiSchemaFiles,
  type ReadApiSchemas,
  readApiSchemaFiles,
} from './load.ts';
export {
  defaultMappingVersion,
  fingerprintVersions,
  generationMember,
  generationPurposes,
  type MappingVersion,
  mappingVersions,
  readFingerprintVersion,
  readGeneration,
  readMappingVersion,
  serviceMappingVersion,
} from './mapping-version.ts';
export { normalizedSchemaText } from './normalized-schema.ts';
export { parseApiSchema } from './parse-api-schema.ts';
export { loadSchemas, readSchemas, type SchemaInput, type SchemaText } from './schema-input.ts';
export { type SourcePlace, type SourcePositions, sourcePositions } from './source-positions.ts';

import type { DiagnosticCode } from './catalogue.ts';

/** A row of the reference of codes. */
interface CodeMeaning {
  /** The code, or the variants of one condition. */
  readonly codes: readonly [DiagnosticCode, ...DiagnosticCode[]];
  /** When it is reported and, where that does not follow, what to do. */
  readonly meaning: string;
  /** Where its rule stands, such as `02, 05`. */
  readonly chapters: string;
}

/**
 * What every code means, by subject: the source of docs/reference/codes.md. No command needs these texts, so the index
 * of the package does not export them, and no bundle contains them.
 */
export const codeMeanings: Readonly<Record<string, readonly CodeMeaning[]>> = {
  'Input files and the effective schema': [
    { codes: ['INPUT_NO_FILES'], meaning: 'No ApiSchema file was given.', chapters: '01' },
    {
      codes: ['INPUT_FILE_NOT_FOUND', 'INPUT_FILE_UNREADABLE'],
      meaning: 'A path does not exist, cannot be read, or does not lead to a regular file.',
      chapters: '01',
    },
    {
      codes: ['INPUT_TOO_LARGE'],
      meaning: 'A file has more bytes than the runtime can hold as a text.',
      chapters: '01',
    },
    {
      codes: ['INPUT_UNICODE_INVALID'],
      meaning: 'The bytes are not UTF-8 (UTF-16 and UTF-32 are named), or a text holds half a surrogate pair.',
      chapters: '01',
    },
    {
      codes: ['INPUT_JSON_INVALID'],
      meaning: 'A file is not JSON; the message gives line and column.',
      chapters: '01',
    },
    { codes: ['INPUT_JSON_DUPLICATE_KEY'], meaning: 'An object has the same member twice.', chapters: '01' },
    { codes: ['INPUT_JSON_TOO_DEEP'], meaning: 'Objects and arrays are nested deeper than the limit.', chapters: '01' },
    { codes: ['INPUT_ROOT_NOT_OBJECT'], meaning: 'The document is not an object.', chapters: '01' },
    {
      codes: ['INPUT_LEGACY_FORMAT'],
      meaning: 'A file has the older wrapped format; `dms-ddl convert` converts it.',
      chapters: '01',
    },
    {
      codes: ['INPUT_LEGACY_LEFT_OUT'],
      meaning: '`schemas` found a file of the older format and left it out.',
      chapters: '10',
    },
    {
      codes: ['INPUT_PACKAGE_INVALID'],
      meaning: 'A package (`.nupkg`, `.zip`, `.tgz`) cannot be unpacked, or is too large for one of schemas.',
      chapters: '10',
    },
    {
      codes: ['INPUT_PROJECT_MISSING', 'INPUT_PROJECT_MALFORMED'],
      meaning: 'There is no `projectSchema`; one of its members is missing, empty or of another type.',
      chapters: '01',
    },
    {
      codes: ['INPUT_RESOURCE_MALFORMED'],
      meaning: 'An entry of `resourceSchemas` or `abstractResources` is malformed.',
      chapters: '01',
    },
    {
      codes: ['INPUT_VERSION_MISMATCH'],
      meaning: "The `apiSchemaVersion` of an extension differs from the core's.",
      chapters: '01',
    },
    {
      codes: ['MAPPING_VERSION_UNKNOWN'],
      meaning:
        'An artifact or a pack names a version of the mapping rules that this version of the tool does not know.',
      chapters: '01',
    },
    {
      codes: ['INPUT_ENDPOINT_COLLISION'],
      meaning: 'Several files have the same `projectEndpointName`.',
      chapters: '01',
    },
    { codes: ['PROJECT_NAME_DUPLICATE'], meaning: 'Several files have the same `projectName`.', chapters: '01' },
    {
      codes: ['INPUT_CORE_MISSING', 'INPUT_MULTIPLE_CORE'],
      meaning: 'The set has no core project, or more than one.',
      chapters: '01',
    },
    {
      codes: ['INPUT_VERSION_UNKNOWN'],
      meaning: 'The `apiSchemaVersion` is none that this version of the tool knows; the message names those.',
      chapters: '01',
    },
    {
      codes: ['INPUT_VALUE_UNSAFE', 'INPUT_VALUE_TOO_LONG'],
      meaning:
        'A name or version holds a character that must not be stored or cannot be part of a file name, or is longer than its column.',
      chapters: '01, 14',
    },
    {
      codes: ['INPUT_SUPPLEMENT_INVALID'],
      meaning: 'The supplement of a conversion is malformed, or names something that the file does not have.',
      chapters: '01',
    },
    {
      codes: ['RESOURCE_KEY_DUPLICATE'],
      meaning: 'Two resources of a project have the same name, or labels that the engine compares as equal.',
      chapters: '01, 03',
    },
    { codes: ['RESOURCE_KEY_LIMIT'], meaning: 'There are more resources than resource key ids.', chapters: '01' },
    {
      codes: ['EFFECTIVE_SCHEMA_INVALID'],
      meaning: 'A fingerprint or a list of resource keys contradicts itself.',
      chapters: '01',
    },
    { codes: ['JSONPATH_INVALID'], meaning: 'A text is outside the supported JSONPath forms.', chapters: '01' },
    {
      codes: ['CONVERSION_PROJECT_NAME'],
      meaning:
        '`projectNameMapping` of an older file does not give the key of a project for its name; the key is used.',
      chapters: '01',
    },
  ],
  'Contents of a schema': [
    {
      codes: ['APISCHEMA_INVALID'],
      meaning: 'A member that derivation reads is missing, blank or of another type.',
      chapters: '02',
    },
    {
      codes: ['MODEL_FILE_INVALID'],
      meaning:
        'A file is not a model or inventory of this format, dialect and fingerprint, its model breaks an invariant, or its inventory names what the model lacks.',
      chapters: '02, 05',
    },
    {
      codes: ['MODEL_INVARIANT'],
      meaning: 'A derived model breaks an invariant; only where models are validated.',
      chapters: '02',
    },
    {
      codes: ['RESOURCE_KEYS_INCONSISTENT'],
      meaning: 'Resource keys and resources are not the same set.',
      chapters: '02',
    },
    {
      codes: ['PHYSICAL_SCHEMA_COLLISION'],
      meaning: 'Two endpoint names give the same database schema, or an endpoint name gives a schema of the system.',
      chapters: '03',
    },
    {
      codes: ['PHYSICAL_SCHEMA_RESERVED'],
      meaning:
        'The database schema of a project has a name that every database of the engine already uses (`sys`, `public`, `dbo`, `information_schema`, …), or one that compares as equal to it.',
      chapters: '03',
    },
    {
      codes: ['REFERENCE_TARGET_UNKNOWN'],
      meaning: 'A reference names a resource that is not in the set.',
      chapters: '02',
    },
    {
      codes: ['REFERENCE_IDENTITY_PATH_UNKNOWN'],
      meaning: "A reference maps a path that is not in its target's identity.",
      chapters: '02',
    },
    { codes: ['REFERENCE_PATHS_MISSING'], meaning: 'A reference maps no paths.', chapters: '02' },
    {
      codes: ['REFERENCE_PREFIX_INCONSISTENT'],
      meaning: 'The paths of a reference are in different objects.',
      chapters: '02',
    },
    {
      codes: ['REFERENCE_IDENTITY_PATH_DUPLICATE'],
      meaning: 'A reference maps the same identity path twice.',
      chapters: '02',
    },
    {
      codes: ['REFERENCE_IDENTITY_INCOMPLETE'],
      meaning: 'Only a part of a reference belongs to the identity of its resource.',
      chapters: '02',
    },
    { codes: ['REFERENCE_IDENTITY_OPTIONAL'], meaning: 'A reference in the identity is not required.', chapters: '02' },
    {
      codes: ['REFERENCE_IDENTITY_NOT_COVERED'],
      meaning: 'A reference leaves an identity path of its target unmapped.',
      chapters: '02',
    },
    { codes: ['REFERENCE_OBJECT_DUPLICATE'], meaning: 'Two references bind the same object.', chapters: '02' },
    {
      codes: ['REFERENCE_SCOPE_NOT_FOUND', 'REFERENCE_EXTENSION_SCOPE_MISSING'],
      meaning: 'No table holds the object of a reference; under `_ext`, no extension table does.',
      chapters: '02, 03',
    },
    {
      codes: ['REFERENCE_PATH_NOT_IN_SCHEMA', 'REFERENCE_PATH_NOT_SCALAR'],
      meaning: 'The JSON schema does not have the path of a reference, or has no scalar there.',
      chapters: '02',
    },
    {
      codes: ['REFERENCE_OBJECT_INVALID'],
      meaning: 'The object of a reference is not an object of the JSON schema.',
      chapters: '15',
    },
    {
      codes: ['REFERENCE_TYPE_MISMATCH'],
      meaning: 'The type of a part of a reference differs from the type of the identity that it repeats.',
      chapters: '02',
    },
    {
      codes: ['REFERENCE_STORAGE_CONFLICT'],
      meaning: 'One stored column would have to equal two different columns of the target.',
      chapters: '02, 04',
    },
    { codes: ['IDENTITY_PATH_DUPLICATE'], meaning: 'An identity lists a path twice.', chapters: '02' },
    { codes: ['IDENTITY_PATH_UNMAPPED'], meaning: 'No mapping covers a path of the identity.', chapters: '02' },
    {
      codes: ['IDENTITY_PATH_NOT_IN_SCHEMA'],
      meaning: 'The JSON schema has no scalar at a path of the identity.',
      chapters: '02',
    },
    {
      codes: ['IDENTITY_PATH_IN_ARRAY'],
      meaning: 'A path of the identity leads into an array, or nowhere.',
      chapters: '02, 03',
    },
    { codes: ['IDENTITY_PATH_AMBIGUOUS'], meaning: 'Two references bind a path of the identity.', chapters: '02' },
    {
      codes: ['IDENTITY_NOT_ON_ROOT'],
      meaning: 'The root table has no column for a path of the identity.',
      chapters: '02, 05',
    },
    { codes: ['IDENTITY_NULLABLE'], meaning: 'A scalar of the identity may be null.', chapters: '02' },
    { codes: ['SOURCE_PATH_KINDS'], meaning: 'Columns of different kinds claim the same path.', chapters: '02, 05' },
    { codes: ['DESCRIPTOR_PATH_CONFLICT'], meaning: 'Two descriptors have the same path.', chapters: '02' },
    {
      codes: ['DESCRIPTOR_PATH_NOT_IN_SCHEMA'],
      meaning: 'The JSON schema does not have the path of a descriptor.',
      chapters: '02',
    },
    {
      codes: ['DESCRIPTOR_IDENTITY_UNRESOLVED'],
      meaning: 'A referenced identity looks like a descriptor, but its target does not say so.',
      chapters: '02',
    },
    {
      codes: ['DESCRIPTOR_NAME_INVALID', 'DESCRIPTOR_OVERRIDE_FORBIDDEN', 'DESCRIPTOR_CONTRACT_VIOLATION'],
      meaning: 'A descriptor has a wrong name, has name overrides, or is not shaped like a descriptor.',
      chapters: '02, 03',
    },
    {
      codes: ['SCHEMA_TYPE_INVALID', 'SCHEMA_ROOT_NOT_OBJECT', 'SCHEMA_SHAPE_INVALID'],
      meaning: 'A JSON schema is malformed.',
      chapters: '02',
    },
    {
      codes: ['SCHEMA_KEYWORD_UNSUPPORTED'],
      meaning: 'A JSON schema uses a keyword for which there is no relational form.',
      chapters: '02',
    },
    {
      codes: ['SCHEMA_ARRAY_ITEM_UNSUPPORTED'],
      meaning: 'The items of an array are arrays, or scalars that are not descriptors.',
      chapters: '02',
    },
    {
      codes: ['SCHEMA_PATTERN_INVALID'],
      meaning: 'A `pattern` of a JSON schema is not a regular expression.',
      chapters: '01',
    },
    {
      codes: ['SCALAR_TYPE_MISSING', 'SCALAR_TYPE_UNSUPPORTED'],
      meaning: 'A scalar has no type, or an unknown one.',
      chapters: '02',
    },
    {
      codes: ['STRING_MAX_LENGTH_MISSING', 'STRING_MAX_LENGTH_INVALID'],
      meaning: 'A string has no usable `maxLength`.',
      chapters: '02',
    },
    {
      codes: ['DECIMAL_INFO_MISSING', 'DECIMAL_INFO_INVALID', 'DECIMAL_INFO_DUPLICATE'],
      meaning: 'The digits of a decimal are missing, impossible, or given twice.',
      chapters: '02',
    },
    {
      codes: [
        'ARRAY_UNIQUENESS_INVALID',
        'ARRAY_UNIQUENESS_NO_ARRAY',
        'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA',
        'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
        'ARRAY_UNIQUENESS_UNMAPPED',
        'ARRAY_UNIQUENESS_AMBIGUOUS',
      ],
      meaning:
        'An array uniqueness constraint is malformed, names no array, or names an unknown path, a part of a reference, or a path that does not have exactly one column.',
      chapters: '02',
    },
    {
      codes: ['COLLECTION_IDENTITY_AMBIGUOUS', 'COLLECTION_IDENTITY_MISSING'],
      meaning: 'Two rules distinguish the items of a collection differently, or no rule distinguishes them.',
      chapters: '15',
    },
    {
      codes: ['TABLE_LIMIT_EXCEEDED'],
      meaning:
        'A column, table, key or index needs more than an engine allows: letters, digits, columns, bytes or references.',
      chapters: '02',
    },
    {
      codes: ['TABLE_LIMIT_POSSIBLE'],
      meaning:
        'Some rows or keys may be longer than an engine stores, or a new identity may fire triggers too deep; it would refuse them.',
      chapters: '02',
    },
    {
      codes: ['MSSQL_CASCADE_CYCLE', 'MSSQL_CASCADE_UNSAFE'],
      meaning:
        'On SQL Server changes of identities would propagate in a circle, or reach a table over two paths with no safe choice.',
      chapters: '15',
    },
  ],
  'Names, abstract resources, extensions': [
    {
      codes: ['OVERRIDE_INVALID', 'OVERRIDE_PATH_INVALID'],
      meaning: 'A name override is not text, or its key is not a JSONPath.',
      chapters: '02, 03',
    },
    { codes: ['OVERRIDE_DUPLICATE'], meaning: 'Two overrides have the same path.', chapters: '02, 03' },
    {
      codes: ['OVERRIDE_REFERENCE_MEMBER'],
      meaning: 'An override inside a reference does not name one of its identity fields.',
      chapters: '02, 03',
    },
    {
      codes: ['OVERRIDE_ROOT_ON_EXTENSION'],
      meaning: 'A resource extension renames its root table.',
      chapters: '02, 03',
    },
    {
      codes: ['OVERRIDE_EQUALS_PREFIX'],
      meaning: 'Nothing is left of a collection name without the prefix that its parents imply.',
      chapters: '02, 03',
    },
    {
      codes: ['OVERRIDE_CONFLICT'],
      meaning: 'A resource and its extension override the same path.',
      chapters: '02, 03',
    },
    { codes: ['OVERRIDE_UNUSED'], meaning: 'An override matches nothing.', chapters: '02, 03' },
    { codes: ['NAME_EMPTY'], meaning: 'A name has no letter or digit.', chapters: '03' },
    {
      codes: ['NAME_LETTERS_LOST'],
      meaning: 'The name of a schema or table lost letters of the text that it comes from.',
      chapters: '03',
    },
    { codes: ['COLUMN_NAME_COLLISION'], meaning: 'Two columns of a table get the same name.', chapters: '02, 03' },
    {
      codes: ['NAME_COLLISION'],
      meaning: 'Different objects get the same name, perhaps only after shortening.',
      chapters: '02, 03, 05',
    },
    {
      codes: ['NAME_INVENTORY_DUPLICATE'],
      meaning: 'An index or trigger occurs twice after shortening.',
      chapters: '03, 05',
    },
    { codes: ['ABSTRACT_NO_MEMBERS'], meaning: 'No concrete resource belongs to an abstract one.', chapters: '03' },
    {
      codes: ['ABSTRACT_SUPERCLASS_INVALID', 'ABSTRACT_SUPERCLASS_UNKNOWN', 'ABSTRACT_SUPERCLASS_NOT_ABSTRACT'],
      meaning: 'A superclass is named in the wrong way, is not in the set, or is concrete.',
      chapters: '03',
    },
    { codes: ['ABSTRACT_SCHEMA_MISSING'], meaning: 'A subclass has no JSON schema.', chapters: '03' },
    {
      codes: ['ABSTRACT_MEMBER_IS_DESCRIPTOR'],
      meaning: 'A descriptor says that it is a subclass; it has no table that an abstract resource could refer to.',
      chapters: '03',
    },
    {
      codes: ['ABSTRACT_NAME_AMBIGUOUS', 'ABSTRACT_BINDING_MIXED'],
      meaning:
        'The members of an abstract resource give an identity column different names, or only some take it from a reference.',
      chapters: '15',
    },
    {
      codes: ['ABSTRACT_RENAME_ARITY', 'ABSTRACT_RENAME_MISMATCH'],
      meaning: 'A renamed identity does not fit the identity of the superclass.',
      chapters: '03',
    },
    { codes: ['ABSTRACT_PATH_MISSING'], meaning: 'A subclass lacks a path of the abstract identity.', chapters: '03' },
    {
      codes: ['ABSTRACT_COLUMN_MISSING', 'ABSTRACT_COLUMN_AMBIGUOUS', 'ABSTRACT_COLUMN_NULLABLE'],
      meaning: 'In a subclass, the path has no root column, several, or a nullable one.',
      chapters: '03',
    },
    { codes: ['ABSTRACT_TYPE_CONFLICT'], meaning: 'The types of the subclasses cannot be merged.', chapters: '03' },
    {
      codes: ['ABSTRACT_DISCRIMINATOR_LENGTH'],
      meaning: 'The name that distinguishes subclasses is longer than its column.',
      chapters: '03',
    },
    { codes: ['EXTENSION_NOT_IN_EXTENSION_PROJECT'], meaning: 'A core project extends a resource.', chapters: '03' },
    {
      codes: ['EXTENSION_BASE_UNRESOLVED'],
      meaning: 'The extended resource is missing, ambiguous or a descriptor, which cannot be extended.',
      chapters: '03',
    },
    { codes: ['EXTENSION_SITE_INVALID'], meaning: 'An `_ext` object is malformed.', chapters: '03' },
    {
      codes: ['EXTENSION_KEY_UNRESOLVED'],
      meaning: 'A key under `_ext` belongs to no extension project.',
      chapters: '03',
    },
    {
      codes: ['EXTENSION_BASE_TABLE_MISSING'],
      meaning: 'The extended resource has no table for the place of an extension.',
      chapters: '03',
    },
  ],
  'Key unification': [
    {
      codes: ['KU_CONSTRAINTS_NOT_ARRAY', 'KU_CONSTRAINT_NOT_OBJECT', 'KU_CONSTRAINT_PATH_MISSING'],
      meaning: 'Equality constraints are malformed.',
      chapters: '04',
    },
    {
      codes: ['KU_ENDPOINT_AMBIGUOUS', 'KU_ENDPOINT_KIND'],
      meaning:
        'One side of an equality constraint does not lead to exactly one column, or leads to a column that holds no value.',
      chapters: '04',
    },
    {
      codes: [
        'KU_MEMBER_KIND',
        'KU_MIXED_KINDS',
        'KU_SCALAR_TYPE_MISMATCH',
        'KU_DESCRIPTOR_TARGET_MISSING',
        'KU_DESCRIPTOR_TARGET_MISMATCH',
      ],
      meaning: 'Columns that must be equal are of different kinds, types or descriptors.',
      chapters: '04',
    },
    {
      codes: ['KU_PATH_IN_TWO_REFERENCES'],
      meaning: 'Two reference objects of a table contain the same path.',
      chapters: '04',
    },
    {
      codes: ['KU_PREFIX_MISMATCH', 'KU_WILDCARD_IN_MEMBER', 'KU_NO_BASE_TOKEN', 'KU_NAME_EXHAUSTED'],
      meaning: 'No name can be made for a canonical column.',
      chapters: '04',
    },
    {
      codes: ['KU_ALIAS_DANGLING', 'KU_ALIAS_SELF', 'KU_ALIAS_CYCLE'],
      meaning: 'An alias depends on a missing column, on itself, or on a circle of aliases.',
      chapters: '04',
    },
    { codes: ['KU_STORAGE_UNRESOLVED'], meaning: 'A column leads to no stored column.', chapters: '04' },
  ],
  'Inventories and identity propagation': [
    { codes: ['TRG_NO_IDENTITY'], meaning: 'A resource has no identity.', chapters: '05' },
    {
      codes: ['AUTH_NO_IDENTITY_COLUMN'],
      meaning: 'The model lacks what the hierarchy of education organizations needs.',
      chapters: '05',
    },
    {
      codes: ['AUTH_PARENT_IDENTITY_COUNT'],
      meaning: 'A reference to a parent organization does not have exactly one identity field.',
      chapters: '05',
    },
    {
      codes: ['AUTH_ASSOCIATION_COLUMN_MISSING'],
      meaning: 'An association of the data standard lacks a column that authorization needs.',
      chapters: '15a',
    },
    {
      codes: ['SECURABLE_PATH_UNRESOLVED'],
      meaning: 'A securable element leads to no column or person.',
      chapters: '15a',
    },
    {
      codes: ['TRACKED_PATH_UNRESOLVED', 'TRACKED_JOIN_CONFLICT'],
      meaning:
        'A path of tracked changes has no column in the root table, or two paths to a person have the same name.',
      chapters: '15a',
    },
    {
      codes: ['PROPAGATION_COVERED'],
      meaning: 'SQL Server: a key does not cascade, because another cascade updates its columns.',
      chapters: '11',
    },
    {
      codes: ['PROPAGATION_FALLBACK'],
      meaning: 'SQL Server: a key is reduced to the document id, and a trigger updates its columns.',
      chapters: '11',
    },
    {
      codes: ['PROPAGATION_CUT'],
      meaning:
        'SQL Server: a key does not cascade, because changes would reach its table through several keys. While rows refer to its target, values that no other key updates cannot change.',
      chapters: '15',
    },
  ],
  Plans: [
    {
      codes: ['PLAN_STORAGE_UNSUPPORTED'],
      meaning: 'A plan was requested for a resource that has no tables of its own.',
      chapters: '08',
    },
    { codes: ['PLAN_PARAM_INVALID'], meaning: 'The name of a parameter is illegal.', chapters: '08' },
    {
      codes: ['PLAN_BATCH_WIDTH', 'PLAN_BATCH_TOO_WIDE'],
      meaning: 'A row has no parameters, or more parameters than one command allows.',
      chapters: '08',
    },
    { codes: ['PLAN_PROJECTION_CONTRACT'], meaning: 'A read plan does not fit its model.', chapters: '08' },
    {
      codes: ['PLAN_SINGLE_DOCUMENT_SQL'],
      meaning: 'A statement of a read plan has no text for a single document.',
      chapters: '17',
    },
    {
      codes: ['PLAN_LOOKUP_CONTRACT'],
      meaning: 'The lookup of referenced documents does not fit the references of its model.',
      chapters: '17',
    },
    {
      codes: ['PLAN_MERGE_BINDING_MISSING'],
      meaning:
        'A value that distinguishes the items of a collection is stored in a column shared with other paths. Name other paths in the array uniqueness rule, or keep the first generation of the mapping.',
      chapters: '17',
    },
    {
      codes: ['PLAN_IDENTITY_EMPTY'],
      meaning:
        'Nothing distinguishes the items of a collection, so documents with it cannot be written. Give the collection an array uniqueness rule.',
      chapters: '17',
    },
    {
      codes: ['QUERY_FIELD_COLLISION'],
      meaning: 'Two query fields of a resource differ in case only. Rename one of them.',
      chapters: '17a',
    },
    {
      codes: [
        'PLAN_QUERY_OPERATOR',
        'PLAN_QUERY_PAGING_NAMES',
        'PLAN_QUERY_DUPLICATE',
        'PLAN_QUERY_NAME_COLLISION',
        'PLAN_QUERY_DUPLICATE_NAME',
      ],
      meaning: 'A page query has an unsupported operator, bad names for paging, or predicates that repeat each other.',
      chapters: '08',
    },
    {
      codes: ['PLAN_QUERY_VALUE'],
      meaning:
        'A filter of a page query has no value, or its offset, limit, page size, cursor or partitions are out of range.',
      chapters: '08, 17a',
    },
    {
      codes: ['MAPPING_RESOURCE_UNKNOWN', 'MAPPING_PLAN_OMITTED'],
      meaning: 'A plan was requested for a resource that is unknown, or that has no plan by design.',
      chapters: '08',
    },
    { codes: ['MAPPING_INTERNAL'], meaning: 'A mapping set contradicts itself.', chapters: '08' },
    { codes: ['PACK_ENVELOPE'], meaning: 'A file is not a mapping pack.', chapters: '08' },
    {
      codes: ['PACK_HEADER_MISMATCH'],
      meaning:
        'The format version, schema set, dialect, mapping version or compression of a pack differs from the requested one.',
      chapters: '08',
    },
    {
      codes: ['PACK_PAYLOAD_LENGTH', 'PACK_DECOMPRESS', 'PACK_PAYLOAD_HASH'],
      meaning:
        'The payload of a pack is empty or too long, cannot be decompressed to the length that the pack states, or has a different hash.',
      chapters: '08',
    },
    {
      codes: ['PACK_PAYLOAD', 'PACK_INVARIANT'],
      meaning: 'The payload of a pack cannot be decoded, or contradicts itself.',
      chapters: '08',
    },
  ],
  Scripts: [
    {
      codes: ['DDL_OUTPUT_NOT_EMPTY'],
      meaning: 'The output folder holds files that the command does not write.',
      chapters: '06',
    },
    {
      codes: ['OUTPUT_DENIED'],
      meaning: 'An output may not be written: no permission, or a read-only disk.',
      chapters: '06',
    },
    {
      codes: ['OUTPUT_NO_SPACE'],
      meaning: 'The disk or quota is full, which includes a write that stored only some of its bytes.',
      chapters: '06',
    },
    {
      codes: ['OUTPUT_NOT_A_FOLDER'],
      meaning: 'There is a file, or a broken link, where a folder must be.',
      chapters: '06',
    },
    {
      codes: ['OUTPUT_CANCELLED'],
      meaning: 'A signal ended a run before it wrote its files; nothing was changed.',
      chapters: '06',
    },
    {
      codes: ['OUTPUT_FAILED'],
      meaning: 'An output cannot be written for another reason, which the system names.',
      chapters: '06',
    },
    {
      codes: ['DDL_SEED_METADATA_INVALID', 'DDL_EMPTY_SCHEMA_HASH'],
      meaning: 'The rows that identify the schema set are malformed.',
      chapters: '06',
    },
    { codes: ['SQL_NOT_QUOTABLE'], meaning: 'The dialect cannot quote an identifier or literal.', chapters: '03' },
    {
      codes: ['DDL_INVALID_KEY'],
      meaning: 'A key or index has no columns, or a foreign key has sides of different length.',
      chapters: '06, 07',
    },
    {
      codes: ['DDL_DIALECT_MISMATCH'],
      meaning: 'The model and the inventory have different dialects.',
      chapters: '07',
    },
    { codes: ['DDL_COLUMN_TYPE_MISSING'], meaning: 'A column has no type.', chapters: '07' },
    {
      codes: [
        'DDL_STAMP_KEY',
        'DDL_IDENTITY_EMPTY',
        'DDL_PROPAGATION_DIALECT',
        'DDL_PROPAGATION_EMPTY',
        'DDL_VIEW_EMPTY',
        'DDL_VIEW_ARM_MISMATCH',
      ],
      meaning: 'A trigger or view lacks a part that its body needs.',
      chapters: '07',
    },
  ],
  Databases: [
    { codes: ['DB_NO_TARGET'], meaning: 'No database is named, and there is no default.', chapters: '09' },
    {
      codes: ['DB_ENV_MISSING'],
      meaning: 'The environment variable that should hold the connection is not set, or empty.',
      chapters: '09',
    },
    {
      codes: ['DB_TARGET_SYNTAX', 'DB_TARGET_DIALECT', 'DB_TARGET_INCOMPLETE'],
      meaning:
        'A connection text has an unknown form, has the form of the other dialect, or names no host or database.',
      chapters: '09',
    },
    {
      codes: ['DB_TARGET_EPHEMERAL'],
      meaning: 'The database would vanish with the process that provisions it.',
      chapters: '09',
    },
    {
      codes: ['DB_SECRET_IN_PROJECT_FILE'],
      meaning: 'A `dms.json` or `fleet.json` holds a password.',
      chapters: '09, 18',
    },
    {
      codes: ['DB_AUTH_UNSUPPORTED', 'DB_OPTION_VALUE'],
      meaning: 'A connection asks for integrated authentication; a connection option has an unsupported value.',
      chapters: '09',
    },
    { codes: ['DB_OPTION_IGNORED'], meaning: 'A connection option has no effect.', chapters: '09' },
    {
      codes: ['DB_SECRET_ON_COMMAND_LINE', 'DB_SECRET_FILE_MODE'],
      meaning: 'A password is visible in process lists; a connection file can be read by others.',
      chapters: '09',
    },
    {
      codes: ['DB_DRIVER_MISSING'],
      meaning: 'An optional package is needed and not installed; the message has the command that installs it.',
      chapters: '09',
    },
    { codes: ['DB_CONTAINER_UNAVAILABLE'], meaning: 'No container could be started.', chapters: '09' },
    {
      codes: ['DB_EMBEDDED_IN_USE'],
      meaning: 'Another process uses the folder of the embedded database.',
      chapters: '09',
    },
    {
      codes: ['DB_VERSION_UNSUPPORTED', 'DB_ENCODING', 'DB_PERMISSION'],
      meaning: 'The server is too old; the database is not in UTF8; a privilege is missing.',
      chapters: '09',
    },
    {
      codes: ['DB_ROLE_RIGHTS', 'DB_DEFAULT_PRIVILEGES'],
      meaning:
        'A role that writes documents lacks rights that writing needs; everybody was given a right on functions that a setting of their owner had taken away.',
      chapters: '09',
    },
    {
      codes: ['DB_POOLER'],
      meaning: 'A pooler answers in place of the server, and the work needs a session of the server.',
      chapters: '09',
    },
    {
      codes: ['DB_READ_ONLY'],
      meaning: 'The session takes no writes: a standby, a read-only database, or `default_transaction_read_only`.',
      chapters: '09',
    },
    {
      codes: ['DB_COLLATION'],
      meaning: 'The database lower-cases the letters A to Z differently from dms.',
      chapters: '09',
    },
    { codes: ['DB_COLLATION_ASCII'], meaning: 'The database lower-cases no letters beyond A to Z.', chapters: '09' },
    {
      codes: ['DB_TRIGGERS_OFF', 'DB_RECURSIVE_TRIGGERS'],
      meaning:
        'A setting of a database or role switches triggers and foreign keys off for other sessions; a setting of the database lets triggers start themselves.',
      chapters: '09',
    },
    {
      codes: ['DB_EVENT_TRIGGER', 'DB_SHADOWED_FUNCTION'],
      meaning:
        'The database has an event trigger; it has a function or operator with the signature of a built-in one that triggers use.',
      chapters: '09',
    },
    {
      codes: ['DB_OWNERS', 'DB_PUBLIC_RIGHTS'],
      meaning: 'Objects of a schema set belong to other roles than its tables; everybody has rights on them.',
      chapters: '09',
    },
    {
      codes: ['DB_RIGHTS_MISSING'],
      meaning: 'The owner of objects lacks rights on them, or everybody is denied them.',
      chapters: '09',
    },
    {
      codes: ['DB_FUNCTION_REPLACED', 'DB_BUILTIN_REPLACED'],
      meaning:
        'A function that triggers call is missing, or is not the one of its extension; a function, operator, cast or type is used in place of a built-in one.',
      chapters: '09',
    },
    {
      codes: ['DB_NESTED_TRIGGERS', 'DB_COMPATIBILITY_LEVEL'],
      meaning: 'The server does not let triggers start triggers; the compatibility level of the database is too low.',
      chapters: '09',
    },
    {
      codes: ['DB_LOCK_TABLE'],
      meaning: 'A transaction takes more locks than the lock table of the server can hold.',
      chapters: '09',
    },
    {
      codes: ['DB_LOCK_TABLE_SMALL'],
      meaning: 'A transaction may take more locks than the lock table of the server can hold.',
      chapters: '09',
    },
    {
      codes: ['DB_SEQUENCE'],
      meaning: 'A sequence is behind a value that a row has, or has no values left.',
      chapters: '09',
    },
    {
      codes: ['DB_SESSION_SETTING'],
      meaning: 'A setting of the role or database cannot be set to the value that the product needs.',
      chapters: '09',
    },
    {
      codes: ['DB_UNREACHABLE', 'DB_AUTH_FAILED', 'DB_NO_DATABASE', 'DB_BUSY'],
      meaning:
        'The server does not answer; it refuses the user or password; it has no such database; it has too many sessions.',
      chapters: '09',
    },
    {
      codes: ['DB_LOCK_TIMEOUT', 'DB_DEADLOCK', 'DB_TIMEOUT', 'DB_CANCELLED', 'DB_CONNECTION_LOST'],
      meaning:
        'A statement ended: it waited too long for a lock; it was in a deadlock; the server stopped working on it; it was cancelled; its connection broke.',
      chapters: '09',
    },
    {
      codes: ['DB_SQL'],
      meaning: 'The server refuses a statement; the message names the statement and its line.',
      chapters: '09',
    },
    {
      codes: ['DB_FINGERPRINT_UNREADABLE'],
      meaning: 'The rows with the fingerprint of a database cannot be read.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_INPUT_STALE'],
      meaning: 'The script is not the one that the DDL manifest describes.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_LOCKED'],
      meaning:
        'Another provisioner holds the lock, or a role that the script needs, and is idle, or on SQL Server works for longer than this provisioner waits.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_COMMIT_UNKNOWN'],
      meaning: 'The connection broke while committing, and the database is not complete.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_COMMIT_CONFIRMED'],
      meaning: 'The connection broke while committing, and the database is complete.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_OCCUPIED'],
      meaning: 'The schemas of dms contain objects that dms did not create.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_PARTIAL_STATE', 'PROVISION_FINGERPRINT_INVALID'],
      meaning:
        'A table or row that every complete database has is missing; values of the fingerprint break their rules.',
      chapters: '06, 09, 16',
    },
    {
      codes: ['PROVISION_FINGERPRINT_MISMATCH', 'PROVISION_SEED_MISMATCH'],
      meaning: 'The database belongs to another schema set; its seed rows differ.',
      chapters: '06, 09',
    },
    {
      codes: ['PROVISION_OTHER_GENERATION'],
      meaning: 'The database was provisioned for another mapping version.',
      chapters: '09, 16',
    },
    {
      codes: ['PROVISION_ALREADY'],
      meaning: 'The database is already provisioned, and `--if-same fail` makes that an error.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_FOREIGN_OBJECTS', 'PROVISION_RCSI_OFF'],
      meaning: 'The database contains other objects; in the database, readers block writers.',
      chapters: '09',
    },
    {
      codes: ['PROVISION_NO_EXTENSION_SCHEMA', 'PROVISION_EXTENSION_MISSING'],
      meaning: 'There is no schema for `pgcrypto`, or the server does not have it.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_STATIC'],
      meaning: 'The text of a script breaks a rule that can be checked without a database.',
      chapters: '09',
    },
    { codes: ['VERIFY_NOT_ATOMIC'], meaning: 'A failed script left something behind.', chapters: '09' },
    { codes: ['VERIFY_NOT_IDEMPOTENT'], meaning: 'A script changes something when it runs again.', chapters: '09' },
    {
      codes: ['VERIFY_GATE'],
      meaning: 'The gate gives the wrong answer about a database that was just created.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_BEHAVIOUR', 'VERIFY_WORLD_CONFLICT'],
      meaning:
        'A trigger or constraint does not behave as it must; two references require different values in one column.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_ACCEPTS_OTHER_SCHEMA'],
      meaning: 'A script does not refuse the database of another schema set.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_REPORTING'],
      meaning: 'Reporting views do not hold what an ODS takes, or cannot be applied or removed.',
      chapters: '09, 19',
    },
    {
      codes: ['VERIFY_LEFTOVER'],
      meaning: 'A database of an earlier verification is still on the server.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_COMPILE_TIME'],
      meaning: 'SQL Server took this long to compile the deletion of a document.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_CATALOG_DIFFERS'],
      meaning: 'A database differs from what its schema set creates.',
      chapters: '09',
    },
    {
      codes: ['VERIFY_MODULE_SETTINGS'],
      meaning: 'A trigger, view or function was created with settings that change what it does.',
      chapters: '09',
    },
    {
      codes: ['GATE_UNREACHABLE'],
      meaning: 'The gate cannot query the database; another attempt may help.',
      chapters: '09',
    },
    {
      codes: ['GATE_NOT_PROVISIONED', 'GATE_FINGERPRINT_MALFORMED', 'GATE_FINGERPRINT_INCONSISTENT'],
      meaning:
        'The database was never provisioned; its fingerprint breaks its rules; its fingerprint contradicts its rows.',
      chapters: '09',
    },
    {
      codes: ['GATE_SCHEMA_MISMATCH'],
      meaning: 'The database belongs to another schema set than the mapping set.',
      chapters: '09',
    },
    {
      codes: ['GATE_OTHER_GENERATION'],
      meaning: 'The database was provisioned for a different mapping version than the mapping set has.',
      chapters: '09, 16',
    },
    {
      codes: ['GATE_RESOURCE_KEYS_MISMATCH', 'GATE_RESOURCE_KEYS_UNREADABLE'],
      meaning: 'The resource keys of the database differ, or cannot be read.',
      chapters: '09',
    },
  ],
  Documents: [
    {
      codes: ['DOCUMENT_PROPERTY_UNKNOWN'],
      meaning: 'A document has a member that the model does not have; a warning where unknown members are ignored.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_VALUE_MISSING', 'DOCUMENT_VALUE_INVALID'],
      meaning: 'A required value is missing; a value does not fit its column.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_REFERENCE_INCOMPLETE'],
      meaning: 'A reference has some of its parts and lacks others.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_UNIFICATION_CONFLICT'],
      meaning: 'Two values that the model stores as one differ; the message names both paths.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_EQUALITY_VIOLATED'],
      meaning:
        'Two values that an equality constraint of the schema requires to be equal differ; the message names both paths and both values.',
      chapters: '14',
    },
    { codes: ['DOCUMENT_DUPLICATE_ELEMENT'], meaning: 'Two items of an array have the same identity.', chapters: '14' },
    {
      codes: ['LOAD_DESCRIPTORS_MERGED'],
      meaning: 'Two descriptors of an input differ only in letter case or in white space around them, so they are one.',
      chapters: '14, 19',
    },
    {
      codes: ['LOAD_KEYS_MERGED'],
      meaning: 'Two documents of an input have one key, because descriptors in their keys are one.',
      chapters: '14, 19',
    },
    {
      codes: ['LOAD_KEYS_EXCHANGED'],
      meaning:
        'An increment cannot tell which document gets which key, because documents have exchanged keys that their resource keeps.',
      chapters: '19',
    },
    {
      codes: ['LOAD_BULK_UNSUPPORTED'],
      meaning: '`load --bulk` cannot write this database, or not with these options.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_SCHEMA_VIOLATED'],
      meaning: 'The JSON schema of the resource refuses a value, or its check takes too long.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_SCHEMA_INVALID'],
      meaning: 'The JSON schema of a resource cannot be compiled.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_FRACTION_CUT'],
      meaning:
        'Date-times of a document lose their fraction of a second, because an API of the second generation does not store it.',
      chapters: '14',
    },
    { codes: ['DOCUMENT_TOO_LARGE'], meaning: 'A document is longer or nests deeper than the limits.', chapters: '14' },
    {
      codes: ['DOCUMENT_RESOURCE_UNKNOWN'],
      meaning: 'The mapping set has no such resource, or it is abstract or a descriptor.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_REFERENCE_UNRESOLVED'],
      meaning: 'A document refers to a document that is not in the database.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_EXISTS', 'DOCUMENT_NOT_FOUND'],
      meaning: 'A document with the same identity exists already; no document has that uuid.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_UNREADABLE'],
      meaning: 'A column of a document has a value that no document can hold; other documents are read.',
      chapters: '14',
    },
    {
      codes: ['DOCUMENT_IDENTITY_CHANGED'],
      meaning: 'The identity of a document would change, and its resource does not allow that.',
      chapters: '14',
    },
    {
      codes: ['QUERY_FIELD_UNSUPPORTED'],
      meaning: 'A query field does not lead to a single column to filter by; the message says why.',
      chapters: '17a',
    },
    {
      codes: ['CHANGES_NOT_TRACKED'],
      meaning: 'Databases of the first generation do not record deletes and changed keys.',
      chapters: '17',
    },
    {
      codes: ['DOCUMENT_VERSION_CHANGED'],
      meaning: 'The version of a document is not the expected one; read it again.',
      chapters: '17',
    },
    {
      codes: ['DOCUMENT_STORED_DUPLICATE'],
      meaning: 'Two stored rows of a document have the same identity; nothing is written.',
      chapters: '17',
    },
    { codes: ['DOCUMENT_IN_USE'], meaning: 'A document cannot be removed: others refer to it.', chapters: '14' },
    {
      codes: ['DOCUMENT_SNAPSHOT_OFF'],
      meaning: 'The statements of one read may see different states, because the database allows no snapshots.',
      chapters: '09',
    },
    {
      codes: ['DOCUMENT_REFUSED'],
      meaning: 'The database refuses a row for another reason; the message names the constraint and its JSON paths.',
      chapters: '14',
    },
    {
      codes: ['INTERCHANGE_MALFORMED'],
      meaning: 'An XML file is not well-formed, or its root is not an interchange.',
      chapters: '14',
    },
    {
      codes: ['INTERCHANGE_ELEMENT_UNKNOWN'],
      meaning: 'The resource has no property for an element; a warning where unknown elements are ignored.',
      chapters: '14',
    },
    {
      codes: ['INTERCHANGE_VALUE_INVALID'],
      meaning:
        'The text of an element does not fit the type of its property; a property is given twice, or with two values.',
      chapters: '14',
    },
    {
      codes: ['INTERCHANGE_REFERENCE_UNKNOWN'],
      meaning:
        'A reference names an id that the file does not have, names an element of another resource, or gives no identity.',
      chapters: '14',
    },
    {
      codes: ['INTERCHANGE_TOO_MANY_IDS'],
      meaning: 'A file has more elements with an id than the limit.',
      chapters: '14',
    },
  ],
  Upgrade: [
    {
      codes: ['UPGRADE_INPUT_STALE'],
      meaning:
        'The files of an artifact folder belong to different schema sets, or were written by another version of the tool.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_IMPOSSIBLE'],
      meaning: 'A change needs values that do not exist; the message gives the reason for each.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_OTHER_GENERATION'],
      meaning: 'The two sets have different mapping versions; a database never changes its generation.',
      chapters: '12',
    },
    {
      codes: ['ADOPT_OTHER_GENERATION'],
      meaning: 'The service has no databases of this mapping version, so there is nothing to adopt.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_LOSS', 'UPGRADE_PERMISSION_UNUSED'],
      meaning: 'Something would be lost without permission; a permission permits nothing.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_RENAME_INVALID'],
      meaning:
        'A rename is not written as `<before>=<after>`, or one of its names is not the name of a project, a resource or a path.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_RENAME_UNKNOWN'],
      meaning: 'A rename names something that its schema set does not have.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_RENAME_AMBIGUOUS'],
      meaning: 'Two renames name the same object, or both sets have the object of a rename.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_RENAME_DIFFERS'],
      meaning:
        'The earlier object of a rename cannot become the later one: they differ in kind, type, place or target.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_RENAME_UNUSED'],
      meaning: 'A rename changes nothing: the object has that name in the later set without it.',
      chapters: '12',
    },
    { codes: ['UPGRADE_WRONG_DATABASE'], meaning: 'The database belongs to neither schema set.', chapters: '12' },
    {
      codes: ['UPGRADE_DRIFTED'],
      meaning: 'The database differs from what the earlier schema set creates.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_VIEWS_OBJECT'],
      meaning:
        'Views, keys, columns, publications or other objects of others depend on reporting views, or on what an upgrade or the undoing of a preparation changes; the message names them.',
      chapters: '12, 19',
    },
    {
      codes: ['UPGRADE_NAME_TAKEN'],
      meaning: 'Objects of others have names that the upgrade needs; the message names them.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_FOREIGN_LOST'],
      meaning: 'Objects of others go with a table or column that is lost; the permission for this was given.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_ADOPT_FIRST'],
      meaning:
        'The triggers of the database are made by the tool of the Ed-Fi service. Adopt the database first, or upgrade it with `--adopt`.',
      chapters: '09, 12',
    },
    {
      codes: ['UPGRADE_ROWS_OBJECT'],
      meaning:
        'Existing rows or documents prevent a change; the message lists each check with its count, its documents, and its query or their paths.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_LOCKED'],
      meaning:
        'A statement waited for a lock for longer than `--lock-timeout`, or the upgrade and a writer waited for each other; the message names the sessions that hold the lock.',
      chapters: '12',
    },
    { codes: ['UPGRADE_TIMEOUT'], meaning: 'A statement took longer than `--statement-timeout`.', chapters: '12' },
    {
      codes: ['UPGRADE_COMMIT_UNKNOWN'],
      meaning: 'The connection broke while committing, and the database is not upgraded or could not be queried.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_COMMIT_CONFIRMED'],
      meaning: 'The connection broke while committing, and the database is upgraded.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_DRIFT_MILD'],
      meaning:
        'The database differs from its schema set in ways that do not stop the upgrade: foreign objects stay, indexes of the set are created again.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARE_OFFLINE'],
      meaning: 'The edition of SQL Server builds indexes under a lock that writers wait for; the upgrade makes them.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARE_TAKEN'],
      meaning: 'The database already has an object with the name of one that would be prepared.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARE_RUNNING'],
      meaning: 'Another session prepares the database, so it cannot be upgraded now; the message names the session.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARED_OTHER'],
      meaning: 'The database is prepared for another upgrade, or for this one with other options.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_NOT_PREPARED'],
      meaning: '`switch.mssql.sql` was run in a database that is not prepared.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARED_GONE'],
      meaning: 'Somebody removed objects that were prepared; `upgrade prepare` makes them again.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_PREPARED_USED'],
      meaning: 'Somebody put values into a prepared table or column, so it is not removed.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_NOT_RECORDED'],
      meaning:
        'An upgrade is missing from the history of the database: the login may not write there, or the place contains another text.',
      chapters: '12',
    },
    {
      codes: ['UPGRADE_HISTORY_UNREADABLE'],
      meaning: "The place of the history contains somebody else's text.",
      chapters: '12',
    },
    {
      codes: ['UPGRADE_COUNTS_DIFFER'],
      meaning:
        'The number of documents of a resource would change, or an upgrade has written rows of documents that its plan does not write: a bug, and nothing was changed.',
      chapters: '12',
    },
  ],
  'The ODS bridge': [
    {
      codes: ['ODS_BASE_UNKNOWN'],
      meaning:
        'An abstract resource has fewer than two subclasses, so an ODS gets no table with what they have in common.',
      chapters: '19',
    },
    {
      codes: ['ODS_NAME_COLLISION'],
      meaning: 'An ODS has one name for two columns or two tables; one of them is left out.',
      chapters: '19',
    },
    {
      codes: ['ODS_NAME_GUESSED'],
      meaning:
        'Names of an ODS depend on roles of references that the older format does not carry; the message names them.',
      chapters: '19',
    },
    { codes: ['ODS_OVERRIDES_INVALID'], meaning: 'A file of ODS overrides is malformed.', chapters: '19' },
    { codes: ['ODS_VIEW_NAME_TAKEN'], meaning: 'Something else has the name of a reporting view.', chapters: '19' },
    {
      codes: ['REPORTING_VIEWS_IN_USE'],
      meaning:
        'Others have made views, functions or foreign keys on top of reporting views or of their table of descriptors, which prevent their removal; the message names them.',
      chapters: '19',
    },
    {
      codes: ['REPORTING_VIEWS_DIFFER'],
      meaning: 'Reporting views are of another schema set than their database, or were changed since they were made.',
      chapters: '19',
    },
    {
      codes: ['REPORTING_MAPPING_MISSING'],
      meaning:
        'A database has reporting views, and the artifacts to upgrade it to have no `ods-mapping.json` to create them again from.',
      chapters: '19',
    },
    {
      codes: ['ODS_OVERRIDE_UNKNOWN'],
      meaning: 'An ODS override names no entry of `documentPathsMapping`.',
      chapters: '19',
    },
    {
      codes: ['ODS_SNAPSHOT_OFF'],
      meaning: 'An ODS on SQL Server does not allow snapshots, so it cannot be read as it is at one moment.',
      chapters: '19',
    },
    {
      codes: ['ODS_TABLE_MISSING'],
      meaning: 'An ODS to be read lacks tables of the mapping; the message says the likely reason.',
      chapters: '19',
    },
    { codes: ['ODS_COLUMN_MISSING'], meaning: 'A table of an ODS lacks columns of the mapping.', chapters: '19' },
    {
      codes: ['ODS_COLUMN_TYPE'],
      meaning: 'A column of an ODS has a type that cannot hold the values of the mapping.',
      chapters: '19',
    },
    {
      codes: ['ODS_UNREAD_ROWS'],
      meaning: 'An ODS has rows or values for which the mapping has no table or column, and they may not stay behind.',
      chapters: '19',
    },
    {
      codes: ['ODS_READ_AS_EMPTY'],
      meaning: 'Tables or columns that an ODS lacks were read as empty, as allowed.',
      chapters: '19',
    },
    {
      codes: ['ODS_NOT_READ'],
      meaning: 'Rows or values of an ODS for which the mapping has no table or column were not read, as allowed.',
      chapters: '19',
    },
    {
      codes: ['ODS_VALUE_MISSING'],
      meaning: 'A row of an ODS has NULL where a document must have a value.',
      chapters: '19',
    },
    {
      codes: ['ODS_VALUE_REJECTED'],
      meaning: 'A row of an ODS has a value that no document can have.',
      chapters: '19',
    },
    {
      codes: ['ODS_DESCRIPTOR_UNKNOWN'],
      meaning: 'A row of an ODS has the id of no descriptor, or of another kind of descriptor.',
      chapters: '19',
    },
    {
      codes: ['ODS_PERSON_UNKNOWN'],
      meaning: 'A row of an ODS has the number of a person without a unique id.',
      chapters: '19',
    },
    {
      codes: ['ODS_SUBCLASS_UNKNOWN'],
      meaning:
        'A row of a base of an ODS has no row in the table of a subclass, or several, or its `Discriminator` names another one.',
      chapters: '19',
    },
    {
      codes: ['ODS_ROW_ORPHANED'],
      meaning: 'A row of an ODS repeats a key that the table around it does not have.',
      chapters: '19',
    },
    { codes: ['ODS_KEY_REPEATED'], meaning: 'Two rows of an ODS have one key.', chapters: '19' },
    { codes: ['ODS_CHANGES_MISSING'], meaning: 'An ODS cannot say what has changed after a version.', chapters: '19' },
    {
      codes: ['ODS_VERSION_UNKNOWN'],
      meaning: 'A database has recorded no version of an ODS from which `--since last` could go on.',
      chapters: '19',
    },
    {
      codes: ['ODS_VERSION_SKIPPED'],
      meaning: 'An increment would begin after the version up to which a database has what an ODS has.',
      chapters: '19',
    },
    {
      codes: ['ODS_VERSION_NOT_RECORDED'],
      meaning:
        'A database cannot record from which version of an ODS a copy goes on, because the role has no right to.',
      chapters: '19',
    },
    {
      codes: ['ODS_DELETES_UNKNOWN'],
      meaning: 'An ODS does not record deletes, so documents that are gone there stay.',
      chapters: '19',
    },
    {
      codes: ['ODS_TARGET_DIFFERS'],
      meaning: 'A table of an ODS and the reporting view of the database that got its documents have different rows.',
      chapters: '19',
    },
    {
      codes: ['ODS_ROWS_DIFFER'],
      meaning: 'The rows of a table of an ODS, those that were read and those in documents do not add up.',
      chapters: '19',
    },
    {
      codes: ['ODS_ORDER_LOST'],
      meaning: 'Arrays have the order of keys, because an ODS does not keep their order.',
      chapters: '19',
    },
    {
      codes: ['ODS_REFERENCE_IMPLIED'],
      meaning: 'Documents of an ODS have optional references whose values are there for others.',
      chapters: '19',
    },
    {
      codes: ['ODS_REFERENCE_PARTIAL'],
      meaning: 'References of which an ODS has only a part are left out.',
      chapters: '19',
    },
    { codes: ['ODS_MONEY_ROUNDED'], meaning: 'Amounts of an ODS have two decimal places.', chapters: '19' },
  ],
  Fleets: [
    {
      codes: ['FLEET_EMPTY', 'FLEET_SELECTION_EMPTY'],
      meaning: 'A fleet has no databases; `--only` selects none of them.',
      chapters: '18',
    },
    {
      codes: ['FLEET_ENTRY_INVALID'],
      meaning:
        'A variable or a row of the query gives an unusable name, label or version of an ODS, or a name that occurs twice.',
      chapters: '18',
    },
    {
      codes: ['FLEET_ODS_MISSING'],
      meaning: '`load --fleet` works on a database for which no ODS is named.',
      chapters: '18',
    },
    {
      codes: ['FLEET_FAILED'],
      meaning: 'Some databases of a fleet failed, or were not started because others had failed.',
      chapters: '18',
    },
  ],
  'Workspace and plugin': [
    {
      codes: ['PROJECT_FILES_AMBIGUOUS', 'PROJECT_KIND_AMBIGUOUS'],
      meaning: 'A folder holds several ApiSchema files; it holds an ApiSchema file and a `dms.json`.',
      chapters: '10',
    },
    {
      codes: ['PROJECT_NAME_SHARED'],
      meaning: 'Several folders would become projects with the same name.',
      chapters: '10',
    },
    {
      codes: ['CONFIG_INVALID', 'CONFIG_MEMBER_UNKNOWN'],
      meaning: 'A `dms.json` is malformed; it has an unknown member.',
      chapters: '10',
    },
    {
      codes: ['CONFIG_SCHEMA_UNKNOWN', 'CONFIG_SCHEMA_DUPLICATE'],
      meaning:
        'An entry of `schemas` is not a schema project; two entries of `schemas`, or two files of `--schema`, are the same.',
      chapters: '10',
    },
    {
      codes: ['CONFIG_EXISTS'],
      meaning: 'A `dms.json` is there already; `init` replaces nothing.',
      chapters: '10',
    },
    {
      codes: ['CONFIG_OUTPUT_OUTSIDE', 'CONFIG_OUTPUT_SHARED'],
      meaning:
        'An output folder is outside the workspace; it belongs to another project, or lies in the folder of another project.',
      chapters: '10',
    },
    {
      codes: ['TASK_INPUT_LINKED'],
      meaning: 'A task reads a file through a symbolic link, and Nx would not see the file change.',
      chapters: '10',
    },
    {
      codes: ['TASK_INPUT_IGNORED'],
      meaning: 'A task reads a file that a `.gitignore` or `.nxignore` names, and Nx would not see the file change.',
      chapters: '10',
    },
    {
      codes: ['TASK_CONFIGURATION_UNKNOWN'],
      meaning: 'Nx was asked to run a target with a configuration that the target does not have.',
      chapters: '10',
    },
    {
      codes: ['TASK_DATABASE_MISSING'],
      meaning: 'A target works on one database, the set has a fleet, and nothing says which database is meant.',
      chapters: '10, 18',
    },
    { codes: ['GOLDEN_DIFFERS'], meaning: 'An accepted artifact is out of date.', chapters: '10' },
    {
      codes: ['ARTIFACTS_OUT_OF_DATE'],
      meaning: '`emit --check`: a folder does not hold what `emit` writes now.',
      chapters: '06',
    },
    { codes: ['IMPACT_REFUSED'], meaning: 'A schema change has a class that `--fail-on` refuses.', chapters: '09' },
    {
      codes: ['EXPLORE_RESOURCE_UNKNOWN'],
      meaning: 'The resource of a diagram is not in the set, or has no tables.',
      chapters: '13',
    },
    {
      codes: ['COMMAND_MISSING', 'COMMAND_UNKNOWN'],
      meaning: 'The command line names no command, or one that does not exist. The exit code is 2.',
      chapters: '10',
    },
    {
      codes: ['OPTION_MISSING', 'OPTION_UNKNOWN', 'OPTION_CONFLICT'],
      meaning:
        'The command line lacks an option or argument, has one that the command does not take, or two that contradict each other. The exit code is 2.',
      chapters: '10',
    },
    {
      codes: ['OPTION_INVALID'],
      meaning:
        'An option has a value that it does not take; the exit code of the command line is 2. Or a program passes an option to the library that is unknown, missing or invalid.',
      chapters: '10',
    },
    { codes: ['PLUGIN_OPTION_INVALID'], meaning: 'A plugin option in `nx.json` is wrong.', chapters: '10' },
    {
      codes: ['PLUGIN_NOT_REGISTERED'],
      meaning: '`nx.json` does not register the plugin, or is missing; `nx g nx-dms:init` registers it.',
      chapters: '10',
    },
    {
      codes: ['GENERATOR_SOURCE_MISSING', 'GENERATOR_SOURCE_AMBIGUOUS'],
      meaning: 'The source of a generator is missing; it has several files to choose from.',
      chapters: '10',
    },
    {
      codes: ['GENERATOR_TARGET_EXISTS'],
      meaning: 'A file that a generator would write exists already.',
      chapters: '10',
    },
    { codes: ['GENERATOR_OPTION_INVALID'], meaning: 'An option of a generator has an invalid value.', chapters: '10' },
  ],
  'Descriptor files': [
    {
      codes: ['CHECK_DATA_DIFFERS'],
      meaning:
        'Derived rows do not follow from the rows of documents, a document exists without its rows or rows without their document, or documents break a rule of the schema set.',
      chapters: '09',
    },
    {
      codes: ['CHECK_MAKERS_MIXED'],
      meaning:
        'Some triggers of a database are made by `dms-ddl`, others by the tool of the Ed-Fi service; `adopt` makes all of them ours.',
      chapters: '09',
    },
    { codes: ['CHECK_REPAIR'], meaning: 'A repair lists what it is about to rewrite.', chapters: '09' },
    {
      codes: ['CHECK_REPAIR_ADOPT_FIRST'],
      meaning:
        'A repair was asked for in a database of the Ed-Fi service, whose triggers would write the rows as before. Adopt the database first.',
      chapters: '09',
    },
    {
      codes: ['CHECK_REPAIR_FAILED'],
      meaning: 'Derived rows still differ after a repair recomputed them; nothing was changed.',
      chapters: '09',
    },
    {
      codes: ['SEED_NO_FILES', 'SEED_NOT_DESCRIPTORS'],
      meaning: 'A folder has no file of descriptors; a file holds something else, or is not well-formed XML.',
      chapters: '09',
    },
    {
      codes: ['SEED_XML_DTD'],
      meaning: 'An XML file has a document type definition, which is never read.',
      chapters: '09',
    },
    {
      codes: ['SEED_VALUE'],
      meaning: 'A field of a descriptor is missing, too long, not a text or not a date.',
      chapters: '09',
    },
    {
      codes: ['SEED_UNKNOWN_DESCRIPTOR', 'SEED_AMBIGUOUS'],
      meaning: 'The mapping set has no such descriptor; several projects have it and the file names none of them.',
      chapters: '09',
    },
    {
      codes: ['SEED_DUPLICATE'],
      meaning: 'A descriptor occurs twice with different fields; the message names both places.',
      chapters: '09',
    },
    {
      codes: ['SEED_CONFLICT', 'SEED_CORRUPT'],
      meaning:
        'A stored descriptor has different fields; something other than this descriptor is stored under its identity.',
      chapters: '09',
    },
    {
      codes: ['SEED_LETTER_CASE'],
      meaning: 'The database lower-cases the URI of a descriptor differently from dms.',
      chapters: '09',
    },
    {
      codes: ['SEED_CASE_DIFFERS'],
      meaning: 'A descriptor is stored in a different letter case, and stays.',
      chapters: '09',
    },
    {
      codes: ['SEED_FIELD_IGNORED', 'SEED_UNKNOWN_IGNORED'],
      meaning: 'An element is not a field of a descriptor; a descriptor that the mapping set does not have is skipped.',
      chapters: '09',
    },
    {
      codes: ['SEED_FILE_SKIPPED'],
      meaning: 'A file in a folder is an interchange without descriptors.',
      chapters: '09',
    },
  ],
};

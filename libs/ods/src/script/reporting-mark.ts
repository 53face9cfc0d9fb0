/** The beginning of the mark of each view: what follows are the fingerprint of its schema set and the hash of its definition. */
export const markPrefix = 'dms-ddl reporting';

/** The mark of a schema that was made for views. */
export const schemaMark = 'dms-ddl reporting schema';

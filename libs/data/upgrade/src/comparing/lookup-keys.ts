/** The key of a part of a table in lookups. Each lookup holds one kind of part: columns, keys, checks, indexes or triggers. */
export type TablePartKey = string & { readonly tablePartKey: unique symbol };

/** @param table `schema.name` */
export const tablePartKey = (table: string, name: string) => `${table}\n${name}` as TablePartKey;

/** The key of a member of an abstract resource in lookups: its table, and the table of the identities. */
export type MemberKey = string & { readonly memberKey: unique symbol };

/** Both tables as `schema.name`. */
export const memberKey = (member: string, target: string) => `${member}\n${target}` as MemberKey;

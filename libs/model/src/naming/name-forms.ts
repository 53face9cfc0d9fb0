/** An identifier as derived from the schema set, of any length (design 03 §6.4). */
export type FullName = string & { readonly nameForm?: 'full' };

/** An identifier in the database of one dialect: the full-length name, or its shortened form. */
export type FinalName = string & { readonly nameForm?: 'final' };

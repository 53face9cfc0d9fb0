/** An identifier as it is made from the schema set, of any length (design 03 §6.4). */
export type FullName = string & { readonly nameForm?: 'full' };

/** An identifier as the database of one dialect has it: the full-length name, or what shortening made of it. */
export type FinalName = string & { readonly nameForm?: 'final' };

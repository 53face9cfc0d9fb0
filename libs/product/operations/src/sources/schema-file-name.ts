/** Whether a name is that of an ApiSchema file; the plugin finds files by the same names. */
export const isSchemaFile = (name: string) => /(ApiSchema|api-schema).*\.json$/.test(name);

/** Whether a name is that of an ApiSchema file; the plugin finds files by the same names. */
export const isSchemaFile = (file: string): boolean => /(ApiSchema|api-schema)[^/]*\.json$/.test(file);

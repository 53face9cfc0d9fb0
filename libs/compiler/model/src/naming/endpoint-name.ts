import pluralize from 'pluralize';

/** The usual endpoint name: `students` for `Student`, `ideaPartDescriptors` for `IDEAPartDescriptor`. */
export function endpointName(resourceName: string): string {
  const singular = resourceName.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
  const plural = pluralize(singular);
  return plural === singular && !singular.endsWith('s') ? `${singular}s` : plural;
}

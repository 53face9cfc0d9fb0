/**
 * Cuts a plural ending by four mechanical rules, without a dictionary (design 03 §2.3): `addresses` → `address`, but
 * also `courses` → `cours`. The odd results are names of existing tables and must stay.
 */
export function singularize(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|zes|ses)$/.test(lower)) return name.slice(0, -2);
  if (lower.endsWith('s') && !lower.endsWith('ss')) return name.slice(0, -1);
  return name;
}

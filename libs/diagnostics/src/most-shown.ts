/**
 * How many diagnostics of one kind a run lists, where each document or row can have one: more would add nothing. What is
 * left out is counted.
 */
export const mostShown = 100;

/**
 * How many diagnostics of one kind a run lists where each document or row can cause one. A longer list would add
 * nothing; the run counts what it leaves out.
 */
export const mostShown = 100;

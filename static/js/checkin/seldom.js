/** What is seldom wanted, as one file: each further one would cut what starts the client into more pieces. */

export * as handOver from './hand_over/screens.js';
export * as siteChecks from './site_checks/index.js';

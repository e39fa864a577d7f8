/** The maximum size of a packaged function, in bytes. */
export type Budget = { readonly bytes: number; readonly gzipped: number };

/** The maximum import time of a function, as a fraction of its default-bundled twin's. */
export const IMPORT_RATIO = 0.4;

const withOneClient: Budget = { bytes: 233_000, gzipped: 82_000 };
const furtherClient: Budget = { bytes: 40_000, gzipped: 12_000 };

/** Grows with each further client of the SDK; a function without a client has the budget of one. */
export const budgetOf = (clients: number): Budget => {
  const further = Math.max(0, clients - 1);
  return { bytes: withOneClient.bytes + further * furtherClient.bytes, gzipped: withOneClient.gzipped + further * furtherClient.gzipped };
};

/** What was measured of one function. */
export type Measured = Budget & { readonly clients: number; readonly ratio: number };

/** The limits that a function exceeds; empty if it is within its budget. Without the SDK nothing of the default bundle can be left out. */
export const overBudget = ({ clients, bytes, gzipped, ratio }: Measured): string[] => {
  const budget = budgetOf(clients);
  return [
    ...(bytes > budget.bytes ? [`size over ${budget.bytes / 1000} KB`] : []),
    ...(gzipped > budget.gzipped ? [`gzipped over ${budget.gzipped / 1000} KB`] : []),
    ...(clients > 0 && ratio > IMPORT_RATIO ? [`import over ${IMPORT_RATIO} ×`] : []),
  ];
};

/** The clients of the SDK whose code is in a bundle, from esbuild's metafile. */
export const clientsIn = (inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): string[] => {
  const clients = Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (path.match(/node_modules\/@aws-sdk\/client-([^/]+)\//)?.[1] ?? []) : [],
  );
  return [...new Set(clients)].sort();
};
